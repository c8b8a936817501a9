import { yieldToEventLoop } from "../../../base/lib/yieldToEventLoop.ts";
import type { Session } from "../engine/database.ts";
import { recordKey } from "../records/recordKeys.ts";
import type { RecordOwner } from "../records/findRecords.ts";
import { signingKeyCodes, sourceCodes } from "./codes.ts";
import { ensureDayRanges } from "./ensureDayRanges.ts";
import { FACT_COLUMNS, factBytes, RECORD_COLUMNS, recordBytes, type PlacedFact } from "./factBytes.ts";
import type { KeyedReduction } from "./keyedReductions.ts";

/** Turns of the event loop in which a COPY is asked for, answered and sent; then the database is at work. */
const SENDING_TURNS = 4;

/** What is known to be taken; whatever is not named here is taken to be free. */
export interface TakenPlaces {
  /** By record hash: the first attempt that is free. */
  readonly attempts: ReadonlyMap<string, number>;
  /** By half of an activity key (`KeyedReduction.half`): the first part that is free. */
  readonly parts: ReadonlyMap<string, number>;
}

/**
 * Writes facts and their records by COPY. Fails with a unique violation where a record or an activity key is
 * stored that `taken` does not know. Rows go in the order of their indexes, so that two transactions that
 * write the same keys wait for each other instead of deadlocking.
 * @param today day around which days get ranges of their own
 */
export async function appendFacts(
  tx: Session,
  { tenant, entry }: RecordOwner,
  accepted: readonly KeyedReduction[],
  taken: TakenPlaces,
  today: number,
): Promise<void> {
  const sources = await sourceCodes(tx, tenant, accepted);
  const signingKeys = await signingKeyCodes(
    tx,
    tenant,
    accepted.flatMap(({ reduction }) => reduction.evidence?.publicKey ?? []),
  );
  const placed = placesOf(accepted, taken);
  await ensureDayRanges(tx, "facts", new Set(accepted.map(({ utcDay }) => utcDay)), today);
  placed.sort((a, b) => (a.recordKey < b.recordKey ? -1 : 1));
  const copying = tx.copyBytes("records", RECORD_COLUMNS, recordBytes(placed));
  const encoding = meanwhile(() => factBytes(placed.toSorted(byIndex), entry, sources, signingKeys));
  // Both are over before either's failure is told: the transaction ends with nothing of it under way.
  const [copied, encoded] = await Promise.allSettled([copying, encoding]);
  if (copied.status === "rejected") throw copied.reason;
  if (encoded.status === "rejected") throw encoded.reason;
  await tx.copyBytes("facts", FACT_COLUMNS, encoded.value);
}

/** Does work of this process' own while the database is at what was just sent. */
async function meanwhile<T>(work: () => T): Promise<T> {
  for (let turn = 0; turn < SENDING_TURNS; turn++) await yieldToEventLoop();
  return work();
}

/** Each with the attempt and the part that are free for it, in the order given. */
function placesOf(accepted: readonly KeyedReduction[], { attempts, parts }: TakenPlaces): PlacedFact[] {
  const [nextAttempt, nextPart] = [new Map(attempts), new Map(parts)];
  return accepted.map((keyed) => {
    const attempt = nextAttempt.get(keyed.hash) ?? 0;
    nextAttempt.set(keyed.hash, attempt + 1);
    const part = nextPart.get(keyed.half) ?? 0;
    nextPart.set(keyed.half, part + 1);
    return { keyed, recordKey: recordKey(keyed.hash, attempt), part, order: firstBytes(keyed) };
  });
}

/** The first six bytes of the activity key, as a number. */
function firstBytes({ reduction: { activityKey: key } }: KeyedReduction): number {
  let order = 0;
  for (let i = 0; i < 6; i++) order = order * 256 + (key[i] as number);
  return order;
}

/** Six bytes decide nearly always, and numbers are faster to compare. */
function byIndex(a: PlacedFact, b: PlacedFact): number {
  if (a.order !== b.order) return a.order - b.order;
  if (a.keyed.half !== b.keyed.half) return a.keyed.half < b.keyed.half ? -1 : 1;
  return a.part - b.part;
}
