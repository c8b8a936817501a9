import type { ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { RecordReference } from "../../../stages/dedupe/ports.ts";
import { checkText } from "../engine/copyFormat.ts";
import type { Session } from "../engine/database.ts";
import { recordKey } from "./recordKeys.ts";
import type { TenantEntry } from "./tenantEntry.ts";
import { uuidArray } from "./uuids.ts";

/** Where the fact of a record is: `facts` is unique by these and its tenant. */
export interface FactPlace {
  /** 32 hex digits. */
  readonly activityHi: string;
  readonly utcDay: number;
  readonly part: number;
}

export interface FoundRecords {
  /** By name (`recordName`), those that are stored. */
  readonly places: ReadonlyMap<string, FactPlace>;
  /** By hash, the first attempt that is free, where it is not 0. */
  readonly attempts: ReadonlyMap<string, number>;
}

export interface RecordOwner {
  readonly tenant: TenantId;
  readonly entry: TenantEntry;
}

export interface HashedRecord extends RecordReference {
  /** As `recordTags` makes it. */
  readonly hash: string;
}

/** A provider's record as a text that a Map can look up. */
export function recordName(provider: ProviderId, recordId: string): string {
  return `${provider}\0${recordId}`;
}

interface Sought extends HashedRecord {
  readonly name: string;
}

/**
 * Looks records up by their keys; what is found is compared with the record's own id.
 * @throws InputError `storage.text` for a record id that can't be stored
 */
export async function findRecords(
  tx: Session,
  { tenant, entry }: RecordOwner,
  records: readonly HashedRecord[],
): Promise<FoundRecords> {
  const places = new Map<string, FactPlace>();
  const attempts = new Map<string, number>();
  let sought: Sought[] = [];
  const asked = new Set<string>();
  for (const { provider, recordId, hash } of records) {
    checkText(recordId, "record_id");
    const name = recordName(provider, recordId);
    if (asked.has(name)) continue;
    asked.add(name);
    sought.push({ provider, recordId, hash, name });
  }
  for (let attempt = 0; sought.length > 0; attempt++) {
    const hits = await lookUp(tx, sought, attempt);
    if (attempt > 0) for (const { hash } of sought) attempts.set(hash, attempt);
    const taken = hits.map(({ at }) => sought[at] as Sought);
    for (const { hash } of taken) attempts.set(hash, attempt + 1);
    const facts = await factsOf(tx, tenant, entry, hits, taken);
    const found = new Set<Sought>();
    for (const { at, ...place } of facts) {
      const one = taken[at] as Sought;
      places.set(one.name, place);
      found.add(one);
    }
    // A stranger of the same hash stands there.
    sought = taken.filter((one) => !found.has(one));
  }
  return { places, attempts };
}

interface Hit {
  /** Which of those sought. */
  readonly at: number;
  /** First 4 bytes of the fact's activity key, 8 of what earlier versions stored, in hex digits. */
  readonly act: string;
  readonly utcDay: number;
}

/**
 * Which of these keys are taken. One arm for each sixteenth of the keys, so that no partition is searched in
 * vain.
 */
async function lookUp(tx: Session, sought: readonly Sought[], attempt: number): Promise<Hit[]> {
  const parts = new Map<string, { keys: string[]; at: number[] }>();
  for (const [at, { hash }] of sought.entries()) {
    const digit = hash.charAt(0);
    let part = parts.get(digit);
    if (part === undefined) parts.set(digit, (part = { keys: [], at: [] }));
    part.keys.push(recordKey(hash, attempt));
    part.at.push(at);
  }
  const digits = [...parts.keys()];
  const rows = await tx.query<{ arm: number; n: number; act: string; utc_day: number }>(
    digits
      .map(
        (digit, arm) => `SELECT ${String(arm)} AS arm, (given.n - 1)::integer AS n,
           encode(coalesce(int4send(known.act_prefix), int8send(known.act)), 'hex') AS act, known.utc_day
         FROM unnest($${String(arm + 1)}::text::uuid[]) WITH ORDINALITY AS given (key, n)
         CROSS JOIN LATERAL (SELECT k.act_prefix, k.act, k.utc_day FROM records_${digit} k
           WHERE k.record_key = given.key OFFSET 0) known`,
      )
      .join(" UNION ALL "),
    digits.map((digit) => uuidArray(parts.get(digit)?.keys ?? [])),
  );
  return rows.map(({ arm, n, act, utc_day: utcDay }) => ({
    at: parts.get(digits[arm] as string)?.at[n] as number,
    act,
    utcDay,
  }));
}

/** The facts that bear the very ids sought, by place in `taken`. */
async function factsOf(
  tx: Session,
  tenant: TenantId,
  entry: TenantEntry,
  hits: readonly Hit[],
  taken: readonly Sought[],
): Promise<(FactPlace & { at: number })[]> {
  if (hits.length === 0) return [];
  const days = hits.map(({ utcDay }) => utcDay);
  const rows = await tx.query<{ n: number; activity_hi: string; part: number; utc_day: number }>(
    `SELECT (given.n - 1)::integer AS n, replace(fact.activity_hi::text, '-', '') AS activity_hi, fact.part,
       given.utc_day
     FROM unnest($3::text::uuid[], $4::text::uuid[], $5::integer[], $6::text[], $7::text[])
       WITH ORDINALITY AS given (least, most, utc_day, provider, record_id, n)
     CROSS JOIN LATERAL (SELECT f.activity_hi, f.part, f.source FROM facts f
       WHERE f.activity_hi BETWEEN given.least AND given.most AND f.utc_day = given.utc_day
         AND f.utc_day BETWEEN $8 AND $9 AND f.tenant = $2 AND f.record_id = given.record_id OFFSET 0) fact
     JOIN sources s ON s.source = fact.source AND s.tenant = $1 AND s.provider = given.provider`,
    [
      tenant,
      entry.number,
      uuidArray(hits.map(({ act }) => act.padEnd(32, "0"))),
      uuidArray(hits.map(({ act }) => act.padEnd(32, "f"))),
      days,
      taken.map(({ provider }) => provider),
      taken.map(({ recordId }) => recordId),
      days.reduce((a, b) => Math.min(a, b)),
      days.reduce((a, b) => Math.max(a, b)),
    ],
  );
  return rows.map((row) => ({
    at: row.n,
    activityHi: row.activity_hi,
    utcDay: row.utc_day,
    part: row.part,
  }));
}
