import { compareBytes, toHex } from "../../../base/lib/bytes.ts";
import { SECONDS_PER_DAY } from "../../../base/lib/time.ts";
import type { ActivityKey, ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { Reduction } from "../../../base/types/reduction.ts";
import type { KeyHolder, NamedReduction } from "../../../stages/dedupe/ports.ts";
import { checkText } from "../engine/copyFormat.ts";
import type { Session } from "../engine/database.ts";

/** Both keys as texts: provider and record id, and the activity key, one character a byte. */
export function nameKeys(reduction: Reduction): NamedReduction {
  const { provider, recordId } = reduction.record;
  return { reduction, record: recordName(provider, recordId), key: keyName(reduction.activityKey) };
}

function keyName(key: ActivityKey): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
}

function recordName(provider: ProviderId, recordId: string): string {
  return `${provider}\0${recordId}`;
}

/**
 * Names (`NamedReduction.record`) of those records that are stored already.
 * @throws InputError `storage.text` for a record id that can't be stored
 */
export async function knownRecords(
  tx: Session,
  tenant: TenantId,
  reductions: readonly Reduction[],
): Promise<Set<string>> {
  const ids = new Map<ProviderId, string[]>();
  for (const { record } of reductions) {
    checkText(record.recordId, "record_id");
    const list = ids.get(record.provider);
    if (list === undefined) ids.set(record.provider, [record.recordId]);
    else list.push(record.recordId);
  }
  const known = new Set<string>();
  for (const [provider, recordIds] of ids) {
    const rows = await tx.query<{ record_id: string }>(
      `SELECT known.record_id FROM unnest($3::text[]) AS s (record_id) CROSS JOIN LATERAL (
         SELECT k.record_id FROM record_keys k WHERE k.tenant = $1 AND k.provider = $2
         AND k.record_id = s.record_id OFFSET 0) known`,
      [tenant, provider, recordIds],
    );
    for (const row of rows) known.add(recordName(provider, row.record_id));
  }
  return known;
}

/**
 * The `$3` keys of 32 bytes each that `$2` holds one after another: as one parameter they cost far less than
 * as an array.
 */
const GIVEN_KEYS = `(SELECT n, substr($2::bytea, 32 * n + 1, 32) AS key
  FROM generate_series(0, $3::integer - 1) AS n OFFSET 0) given`;

/**
 * By name (`NamedReduction.key`), who holds those of these keys that are claimed already. The claims are
 * locked to the end of the transaction, so that two transactions that add to one key see each other's acts.
 */
export async function knownHolders(
  tx: Session,
  tenant: TenantId,
  keys: readonly ActivityKey[],
): Promise<Map<string, KeyHolder[]>> {
  const holders = new Map<string, KeyHolder[]>();
  if (keys.length === 0) return holders;
  const found = await tx.query<{ activity_key: ActivityKey }>(
    `SELECT claim.activity_key FROM ${GIVEN_KEYS} CROSS JOIN LATERAL (
       SELECT k.activity_key FROM activity_keys k WHERE k.tenant = $1
       AND k.activity_key = given.key OFFSET 0) claim`,
    [tenant, joined(keys), keys.length],
  );
  if (found.length === 0) return holders;
  // In one order for all, so that transactions wait for each other's locks instead of deadlocking.
  const sorted = found.map((claim) => claim.activity_key).toSorted(compareBytes);
  const claimed = await tx.query<{ activity_key: ActivityKey; utc_day: number }>(
    `SELECT claim.activity_key, claim.utc_day FROM ${GIVEN_KEYS} CROSS JOIN LATERAL (
       SELECT k.activity_key, k.utc_day FROM activity_keys k WHERE k.tenant = $1
       AND k.activity_key = given.key
       FOR NO KEY UPDATE OFFSET 0) claim`,
    [tenant, joined(sorted), sorted.length],
  );
  // A statement of its own: it sees what was committed while the one above waited for its locks.
  const rows = await tx.query<HolderRow>(
    `SELECT fact.* FROM ${GIVEN_KEYS} CROSS JOIN LATERAL (SELECT ($4::integer[])[given.n + 1]::bigint AS
     utc_day) s CROSS JOIN LATERAL (
       SELECT f.activity_key, f.provider, f.methodology, f.subject_key IS NOT NULL AS has_subject, f.scenario,
       f.started_at, f.ended_at,
              f.quantity, f.unit, f.closing IS NOT NULL AS closed
       FROM reductions f WHERE f.tenant = $1 AND f.activity_key = given.key
         AND f.started_at >= s.utc_day * ${String(SECONDS_PER_DAY)}
         AND f.started_at < (s.utc_day + 1) * ${String(SECONDS_PER_DAY)} OFFSET 0) fact`,
    [
      tenant,
      joined(claimed.map((claim) => claim.activity_key)),
      claimed.length,
      claimed.map((claim) => claim.utc_day),
    ],
  );
  for (const row of rows) {
    const name = keyName(row.activity_key);
    const holder = holderOf(row);
    const list = holders.get(name);
    if (list === undefined) holders.set(name, [holder]);
    else list.push(holder);
  }
  return holders;
}

/** The keys one after another. */
function joined(keys: readonly ActivityKey[]): Uint8Array {
  return Buffer.concat(keys);
}

interface HolderRow {
  readonly activity_key: ActivityKey;
  readonly provider: string;
  readonly methodology: Uint8Array;
  readonly has_subject: boolean;
  readonly scenario: string;
  readonly started_at: bigint;
  readonly ended_at: bigint | null;
  readonly quantity: bigint;
  readonly unit: string;
  readonly closed: boolean;
}

function holderOf(row: HolderRow): KeyHolder {
  return {
    provider: row.provider,
    methodologyId: toHex(row.methodology),
    hasSubject: row.has_subject,
    scenario: row.scenario,
    startedAt: Number(row.started_at),
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
    quantity: row.quantity,
    unit: row.unit,
    closed: row.closed,
  };
}
