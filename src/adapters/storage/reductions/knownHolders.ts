import { toHex } from "../../../base/lib/bytes.ts";
import type { ActivityKey, TenantId } from "../../../base/types/ids.ts";
import type { KeyHolder } from "../../../stages/dedupe/ports.ts";
import type { Session } from "../engine/database.ts";
import { notCompromised } from "../providers/revokedRecords.ts";
import type { RecordOwner } from "../records/findRecords.ts";
import type { TenantEntry } from "../records/tenantEntry.ts";
import { uuidArray } from "../records/uuids.ts";
import { halfName, type KeyedReduction } from "./keyedReductions.ts";
import { HALF } from "./rowParts.ts";

/** What is stored under activity keys. */
export interface KnownHolders {
  /** By name (`NamedReduction.key`), who holds those keys that are claimed already. */
  readonly holders: ReadonlyMap<string, readonly KeyHolder[]>;
  /** By half of a key (`KeyedReduction.half`), the first part that is free, where it is not 0. */
  readonly parts: ReadonlyMap<string, number>;
}

/** Halves of keys with their days, each once. */
interface Halves {
  readonly hi: string[];
  readonly days: number[];
}

/**
 * Who holds the activity keys of these reductions. The first fact under each half is locked to the end of the
 * transaction, so that two transactions that add to one key see each other's acts.
 */
export async function knownHolders(
  tx: Session,
  { tenant, entry }: RecordOwner,
  reductions: readonly KeyedReduction[],
): Promise<KnownHolders> {
  const holders = new Map<string, KeyHolder[]>();
  const parts = new Map<string, number>();
  const claimed = await claimsOf(tx, entry, halvesOf(reductions));
  if (claimed.hi.length === 0) return { holders, parts };
  await lockClaims(tx, entry, claimed);
  // A statement of its own: it sees what was committed while the one above waited for its locks.
  for (const row of await factsUnder(tx, tenant, claimed)) {
    const name = Buffer.from(row.activity_key).toString("latin1");
    const half = halfName(name, row.utc_day);
    parts.set(half, Math.max(parts.get(half) ?? 0, row.part + 1));
    const holder = holderOf(row);
    const list = holders.get(name);
    if (list === undefined) holders.set(name, [holder]);
    else list.push(holder);
  }
  return { holders, parts };
}

function halvesOf(reductions: readonly KeyedReduction[]): Halves {
  const seen = new Set<string>();
  const halves: Halves = { hi: [], days: [] };
  for (const { key, half, utcDay } of reductions) {
    if (seen.has(half)) continue;
    seen.add(half);
    halves.hi.push(Buffer.from(key.slice(0, HALF), "latin1").toString("hex"));
    halves.days.push(utcDay);
  }
  return halves;
}

const GIVEN = "unnest($2::text::uuid[], $3::integer[]) AS given (hi, utc_day)";
const OF_GIVEN = "activity_hi = given.hi AND utc_day = given.utc_day AND utc_day BETWEEN $4 AND $5";

function parametersOf(tenant: number | TenantId, { hi, days }: Halves) {
  const [first, last] = [days.reduce((a, b) => Math.min(a, b)), days.reduce((a, b) => Math.max(a, b))];
  return [tenant, uuidArray(hi), days, first, last] as const;
}

/** Those of these halves under which there are facts. */
async function claimsOf(tx: Session, { number }: TenantEntry, halves: Halves): Promise<Halves> {
  if (halves.hi.length === 0) return halves;
  const rows = await tx.query<{ hi: string; utc_day: number }>(
    `SELECT replace(given.hi::text, '-', '') AS hi, given.utc_day FROM ${GIVEN} CROSS JOIN LATERAL (
       SELECT 1 FROM facts WHERE ${OF_GIVEN} AND tenant = $1 AND part = 0 OFFSET 0) claim`,
    parametersOf(number, halves),
  );
  // In one order for all, so that transactions wait for each other's locks instead of deadlocking.
  rows.sort((a, b) => a.utc_day - b.utc_day || (a.hi < b.hi ? -1 : 1));
  return { hi: rows.map(({ hi }) => hi), days: rows.map(({ utc_day: day }) => day) };
}

async function lockClaims(tx: Session, { number }: TenantEntry, halves: Halves): Promise<void> {
  await tx.query(
    `SELECT 1 FROM ${GIVEN} CROSS JOIN LATERAL (
       SELECT 1 FROM facts WHERE ${OF_GIVEN} AND tenant = $1 AND part = 0 FOR NO KEY UPDATE OFFSET 0) claim`,
    parametersOf(number, halves),
  );
}

interface HolderRow {
  readonly activity_key: ActivityKey;
  readonly utc_day: number;
  readonly part: number;
  readonly provider: string;
  readonly methodology: Uint8Array;
  readonly has_subject: boolean;
  readonly scenario: string;
  readonly started_at: bigint;
  readonly ended_at: bigint | null;
  readonly quantity: bigint;
  readonly unit: string;
  readonly closed: boolean;
  readonly dropped: boolean;
}

async function factsUnder(tx: Session, tenant: TenantId, halves: Halves): Promise<HolderRow[]> {
  return tx.query<HolderRow>(
    `SELECT fact.* FROM ${GIVEN} CROSS JOIN LATERAL (
       SELECT activity_key, utc_day, part, provider, methodology, subject_key IS NOT NULL AS has_subject,
         scenario, started_at, ended_at, quantity, unit, closing IS NOT NULL AS closed,
         disposition = 'open' AND NOT ${notCompromised("reductions")} AS dropped
       FROM reductions WHERE ${OF_GIVEN} AND tenant = $1 OFFSET 0) fact
     ORDER BY fact.part`,
    parametersOf(tenant, halves),
  );
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
    dropped: row.dropped,
  };
}
