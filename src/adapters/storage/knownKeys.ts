import { concatBytes, toHex } from "../../base/lib/bytes.ts";
import type { ActivityKey, ProviderId, TenantId } from "../../base/types/ids.ts";
import type { Reduction } from "../../base/types/reduction.ts";
import type { KeyHolder } from "./admissionOutcome.ts";
import { checkText } from "./copyFormat.ts";
import type { Session } from "./database.ts";

/** The key's 32 bytes as a text, one character a byte: what a Map can look up. */
export function keyName(key: ActivityKey): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1");
}

export function recordName(provider: ProviderId, recordId: string): string {
  return `${provider}\0${recordId}`;
}

/**
 * Names (`recordName`) of those records that are stored already.
 * @throws InputError `storage.text` for a record id that can't be stored
 */
export async function knownRecords(tx: Session, tenant: TenantId, reductions: readonly Reduction[]): Promise<Set<string>> {
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
         SELECT k.record_id FROM record_keys k WHERE k.tenant = $1 AND k.provider = $2 AND k.record_id = s.record_id OFFSET 0) known`,
      [tenant, provider, recordIds],
    );
    for (const row of rows) known.add(recordName(provider, row.record_id));
  }
  return known;
}

/**
 * By `keyName`, who holds those of these keys that are claimed already. The claims are locked to the end of the transaction, so that two
 * transactions that add to one key see each other's acts.
 */
export async function knownHolders(tx: Session, tenant: TenantId, keys: readonly ActivityKey[]): Promise<Map<string, KeyHolder[]>> {
  const holders = new Map<string, KeyHolder[]>();
  if (keys.length === 0) return holders;
  // In one order for all, so that transactions wait for each other's locks instead of deadlocking.
  const sorted = keys.map((key) => keyName(key)).toSorted();
  const claimed = await tx.query<{ activity_key: ActivityKey; utc_day: number }>(
    `SELECT claim.activity_key, claim.utc_day FROM generate_series(0, $3::integer - 1) AS n CROSS JOIN LATERAL (
       SELECT k.activity_key, k.utc_day FROM activity_keys k WHERE k.tenant = $1 AND k.activity_key = substr($2::bytea, 32 * n + 1, 32)
       FOR NO KEY UPDATE OFFSET 0) claim`,
    [tenant, Buffer.from(sorted.join(""), "latin1"), sorted.length],
  );
  if (claimed.length === 0) return holders;
  // A statement of its own: it sees what was committed while the one above waited for its locks.
  const rows = await tx.query<HolderRow>(
    `SELECT fact.* FROM unnest($2::integer[]) WITH ORDINALITY AS s (utc_day, n) CROSS JOIN LATERAL (
       SELECT f.activity_key, f.provider, f.methodology, f.subject_key IS NOT NULL AS has_subject, f.scenario, f.started_at, f.ended_at,
              f.quantity, f.unit, f.closing IS NOT NULL AS closed
       FROM reductions f WHERE f.tenant = $1 AND f.activity_key = substr($3::bytea, 32 * (s.n::integer - 1) + 1, 32)
         AND f.started_at >= s.utc_day * 86400::bigint AND f.started_at < (s.utc_day + 1) * 86400::bigint OFFSET 0) fact`,
    [tenant, claimed.map((claim) => claim.utc_day), concatBytes(...claimed.map((claim) => claim.activity_key))],
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
