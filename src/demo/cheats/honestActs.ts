import { SECONDS_PER_HOUR, SECONDS_PER_MINUTE } from "../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { bikeFeed } from "../generate/bikeFeed.ts";
import { busFeed } from "../generate/busFeed.ts";
import { chargingFeed } from "../generate/chargingFeed.ts";
import type { Act, City, Feed } from "../generate/feed.ts";
import { metroFeed } from "../generate/metroFeed.ts";
import { planRows } from "../generate/plannedRows.ts";
import { rowsOf } from "../generate/rowsOf.ts";
import type { HonestKind, StoryAct, Stuff } from "./storyAct.ts";

/** A bus trip and a meal are one each. */
const ONE = 1000;

/** The honest acts of the generated city day: metro 45 of 98, bus 25, bicycles 20, charging 8. */
export function* cityDayActs(city: City, acts: number): Generator<StoryAct> {
  const share = (part: number): number => Math.max(2, Math.floor((acts * part) / 98));
  yield* told(city, metroFeed(city), share(45), "metro", ({ amount }) => amount);
  yield* told(city, busFeed(city), share(25), "bus", () => ONE);
  yield* told(city, bikeFeed(city), share(20), "bike", ({ amount }) => amount);
  yield* told(city, chargingFeed(city), share(8), "ev-charging", ({ amount }) => amount);
}

/** `amount` is in metres or watt-hours, so it is in thousandths of kilometres or kilowatt-hours. */
function* told<A extends Act, P>(
  city: City,
  feed: Feed<A, P>,
  rows: number,
  scenario: StoryAct["scenario"],
  milli: (act: A) => number,
): Generator<StoryAct> {
  for (const { kind, act } of rowsOf(city, feed, planRows(feed, rows))) {
    const { person, startedAt, endedAt } = act;
    if (kind === "act" || kind === "aggregated")
      yield { person, scenario, startedAt, endedAt, milli: milli(act) };
  }
}

type Story = (stuff: Stuff) => StoryAct[];

/** Honest people whose days come close to a bound: each a stranger to the rest of the city. */
export const ODD_BUT_HONEST: Readonly<Record<Exclude<HonestKind, "city-day">, Story>> = {
  // Food by bicycle from eight to ten: fifty rides, minutes apart.
  courier({ chance, clock, stranger }) {
    let at = 8 * SECONDS_PER_HOUR;
    return Array.from({ length: 50 }, () => {
      const seconds = chance.between(6 * SECONDS_PER_MINUTE, 12 * SECONDS_PER_MINUTE);
      const act = ridden(stranger, "bike", clock.after(at), seconds, seconds * chance.between(3, 6));
      at += seconds + chance.between(30, 5 * SECONDS_PER_MINUTE);
      return act;
    });
  },
  // A battery of a taxi, filled once in each quarter of the day.
  taxi: ({ chance, clock, stranger }) =>
    [1, 7, 13, 19].map((hour) =>
      ridden(
        stranger,
        "ev-charging",
        clock.after(hour * SECONDS_PER_HOUR),
        chance.between(40, 60) * SECONDS_PER_MINUTE,
        chance.between(50_000, 70_000),
      ),
    ),
  // Two cars of one account at two piles.
  "two-cars": ({ chance, clock, stranger }) =>
    [0, chance.between(1, 3000)].map((later) =>
      ridden(
        stranger,
        "ev-charging",
        clock.after(20 * SECONDS_PER_HOUR + later),
        5 * SECONDS_PER_HOUR,
        chance.between(20_000, 40_000),
      ),
    ),
  // Off the train and on the bus; one clock is fast, the other cuts to the minute.
  transfer({ chance, clock, stranger }) {
    const start = clock.after(chance.between(7, 20) * SECONDS_PER_HOUR);
    const metro = ridden(
      stranger,
      "metro",
      start,
      chance.between(10, 40) * SECONDS_PER_MINUTE,
      chance.between(5_000, 15_000),
    );
    const boards = ((metro.endedAt as number) - chance.between(0, 110)) as UnixSeconds;
    return [metro, { person: stranger, scenario: "bus", startedAt: boards, endedAt: null, milli: ONE }];
  },
  // The last train, after midnight.
  "late-rider": ({ chance, clock, stranger }) => [
    ridden(
      stranger,
      "metro",
      clock.after(23 * SECONDS_PER_HOUR + chance.between(30, 90) * SECONDS_PER_MINUTE),
      30 * SECONDS_PER_MINUTE,
      chance.between(5_000, 18_000),
    ),
  ],
  // Three meals and a bowl of noodles at night.
  diner: ({ chance, clock, stranger }) =>
    [7, 12, 18, 22].map((hour) =>
      eaten(stranger, clock.after(hour * SECONDS_PER_HOUR + chance.between(0, SECONDS_PER_HOUR))),
    ),
};

export function ridden(
  person: number,
  scenario: StoryAct["scenario"],
  startedAt: UnixSeconds,
  seconds: number,
  milli: number,
): StoryAct {
  return { person, scenario, startedAt, endedAt: (startedAt + seconds) as UnixSeconds, milli };
}

export function eaten(person: number, startedAt: UnixSeconds): StoryAct {
  return { person, scenario: "clean-plate", startedAt, endedAt: null, milli: ONE };
}
