import { yieldToEventLoop } from "../../../base/lib/yieldToEventLoop.ts";
import type { Session } from "../engine/database.ts";
import type { RecordOwner } from "../records/findRecords.ts";
import { signingKeyCodes, sourceCodes } from "./codes.ts";
import { ensureDayRanges } from "./ensureDayRanges.ts";
import { FACTS, factBytes, RECORDS, recordBytes, type PlacedFact, type PlacedRecord } from "./factBytes.ts";
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
  await ensureDayRanges(tx, "facts", new Set(accepted.map(({ utcDay }) => utcDay)), today);
  const records = recordBytes(recordPlaces(accepted, taken.attempts));
  const copying = RECORDS.copy(tx, "records", records);
  const encoding = meanwhile(() => factBytes(factPlaces(accepted, taken.parts), entry, sources, signingKeys));
  // Both are over before either's failure is told: the transaction ends with nothing of it under way.
  const [copied, encoded] = await Promise.allSettled([copying, encoding]);
  if (copied.status === "rejected") throw copied.reason;
  if (encoded.status === "rejected") throw encoded.reason;
  await FACTS.copy(tx, "facts", encoded.value);
}

/** Does work of this process' own while the database is at what was just sent. */
async function meanwhile<T>(work: () => T): Promise<T> {
  for (let turn = 0; turn < SENDING_TURNS; turn++) await yieldToEventLoop();
  return work();
}

/** In the order of the index of records, each with the attempt that is free for it. */
function recordPlaces(
  accepted: readonly KeyedReduction[],
  attempts: TakenPlaces["attempts"],
): PlacedRecord[] {
  const placed = accepted.map((keyed): PlacedRecord => ({ keyed, attempt: 0 })).toSorted(byRecord);
  let [before, free] = [null as KeyedReduction | null, 0];
  for (const one of placed) {
    const { keyed } = one;
    // Strangers of one hash follow one another.
    if (before !== null && sameHash(before, keyed)) free++;
    else free = attempts.size === 0 ? 0 : (attempts.get(keyed.hash) ?? 0);
    one.attempt = free;
    before = keyed;
  }
  return placed;
}

/** In the order of the index of facts, each with the part that is free for it. */
function factPlaces(accepted: readonly KeyedReduction[], parts: TakenPlaces["parts"]): PlacedFact[] {
  const placed = accepted.map((keyed) => ({ keyed, part: 0, order: firstBytes(keyed) })).toSorted(byIndex);
  let [before, free] = [null as (typeof placed)[number] | null, 0];
  for (const one of placed) {
    if (before !== null && before.order === one.order && before.keyed.half === one.keyed.half) free++;
    else free = parts.size === 0 ? 0 : (parts.get(one.keyed.half) ?? 0);
    one.part = free;
    before = one;
  }
  return placed;
}

function sameHash(a: KeyedReduction, b: KeyedReduction): boolean {
  return a.tags.word(a.place, 0) === b.tags.word(b.place, 0) && a.hash === b.hash;
}

/** Four bytes decide nearly always, and numbers are faster to compare. */
function byRecord({ keyed: a }: PlacedRecord, { keyed: b }: PlacedRecord): number {
  const difference = a.tags.word(a.place, 0) - b.tags.word(b.place, 0);
  if (difference !== 0) return difference;
  const [ofA, ofB] = [a.hash, b.hash];
  return ofA === ofB ? 0 : ofA < ofB ? -1 : 1;
}

/** The first six bytes of the activity key, as a number. */
function firstBytes({ reduction: { activityKey: key } }: KeyedReduction): number {
  let order = 0;
  for (let i = 0; i < 6; i++) order = order * 256 + (key[i] as number);
  return order;
}

/** Those of one half stay in the order given, so that the first gets the lowest part. */
function byIndex(a: Ordered, b: Ordered): number {
  if (a.order !== b.order) return a.order - b.order;
  const [ofA, ofB] = [a.keyed.half, b.keyed.half];
  return ofA === ofB ? 0 : ofA < ofB ? -1 : 1;
}

interface Ordered {
  readonly keyed: KeyedReduction;
  /** By which facts are put into the order of their index, as far as it goes. */
  readonly order: number;
}
