import type { Act, Feed } from "./feed.ts";
import type { Chance } from "./chanceOf.ts";

/** How many rows of each kind a file gets. They add up to `rows`. */
export interface PlannedRows {
  readonly rows: number;
  /** Acts reported for the first time and as they should be; at least half of the rows. */
  readonly acts: number;
  readonly replay: number;
  readonly sameContent: number;
  readonly aggregated: number;
  /** One count per flaw of the feed. */
  readonly flaws: readonly number[];
}

/** Exact counts for a file of `rows` rows, >= 1. Small files have room for the first flaws only. */
export function planRows<A extends Act, Parts>(
  feed: Pick<Feed<A, Parts>, "repeats" | "flaws">,
  rows: number,
): PlannedRows {
  let room = Math.floor(rows / 2);
  const take = (perMille: number): number => {
    const taken = Math.min(room, Math.max(1, Math.floor((rows * perMille) / 1000)));
    room -= taken;
    return taken;
  };
  const { replay, sameContent, aggregated } = feed.repeats;
  const repeated = {
    replay: replay === 0 ? 0 : take(replay),
    aggregated: aggregated === 0 ? 0 : take(aggregated),
    sameContent: sameContent === 0 ? 0 : take(sameContent),
  };
  const flaws = feed.flaws.map(({ perMille }) => take(perMille));
  const planted = [...Object.values(repeated), ...flaws].reduce((sum, count) => sum + count, 0);
  return { rows, acts: rows - planted, ...repeated, flaws };
}

/**
 * Draws kinds in an order that chance decides, each as often as planned: every order is equally likely, and
 * nothing is held in memory.
 */
export class Urn {
  readonly #counts: number[];
  #left: number;

  constructor(counts: readonly number[]) {
    this.#counts = [...counts];
    this.#left = counts.reduce((sum, count) => sum + count, 0);
  }

  /** Index of a kind of which one was left. There must be one. */
  draw(chance: Chance): number {
    let place = chance.between(0, this.#left - 1);
    let kind = 0;
    while (place >= (this.#counts[kind] as number)) place -= this.#counts[kind++] as number;
    this.take(kind);
    return kind;
  }

  /** Takes one of a kind without asking chance. */
  take(kind: number): void {
    this.#counts[kind] = (this.#counts[kind] as number) - 1;
    this.#left--;
  }
}
