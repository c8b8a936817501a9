import { chanceOf } from "./chanceOf.ts";
import type { Act, City, Feed } from "./feed.ts";
import { personOfRow } from "./people.ts";
import { Urn, type PlannedRows } from "./plannedRows.ts";

/**
 * What a row is: an act told for the first time, one told again, another act of the same minute, or a spoiled
 * one (index of its flaw).
 */
export type RowKind = "act" | "replay" | "same-content" | "aggregated" | number;
export interface FeedRow<A extends Act> {
  readonly kind: RowKind;
  readonly act: A;
}

const KINDS = ["act", "replay", "same-content", "aggregated"] as const;
/** Repetitions are of one of so many latest acts: late uploads, as real files have them. */
const LATEST = 256;
const FINENESS = 1 << 16;

/**
 * The rows of a feed, by time but for late repetitions. The same city, feed and plan give the same rows as
 * often as asked.
 */
export function* rowsOf<A extends Act, Parts>(
  city: City,
  feed: Feed<A, Parts>,
  plan: PlannedRows,
): Generator<FeedRow<A>> {
  const chance = chanceOf(city.seed, feed.stream);
  const urn = new Urn([plan.acts, plan.replay, plan.sameContent, plan.aggregated, ...plan.flaws]);
  const latest: A[] = [];
  let accepted = 0;
  const keep = (act: A): FeedRow<A>["act"] => (latest[accepted++ % LATEST] = act);

  for (let row = 0; row < plan.rows; row++) {
    // The first row is an act, so that there is something to repeat.
    if (row === 0) urn.take(0);
    const drawn = row === 0 ? 0 : urn.draw(chance);
    const kind: RowKind = KINDS[drawn] ?? drawn - KINDS.length;
    if (kind === "replay" || kind === "same-content") {
      const known = latest[chance.between(0, latest.length - 1)] as A;
      yield { kind, act: kind === "replay" ? known : { ...known, row } };
    } else if (kind === "aggregated") {
      // One more than the act before it, which may be such a one itself: never the same content twice.
      const before = latest[(accepted - 1) % LATEST] as A;
      yield { kind, act: keep({ ...before, row, amount: before.amount + 1 }) };
    } else {
      const place = (row + chance.between(0, FINENESS / 2 - 1) / FINENESS) / plan.rows;
      const person = personOfRow(row, plan.rows, city.people.count, feed.phase);
      const act = feed.draw({ row, person, startedAt: city.clock.startAt(place) }, chance);
      yield { kind, act: kind === "act" ? keep(act) : act };
    }
  }
}
