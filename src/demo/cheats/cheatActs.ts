import { SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE } from "../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { eaten, ridden } from "./honestActs.ts";
import type { CheatKind, Strength, StoryAct, Stuff } from "./storyAct.ts";

/**
 * How each kind of cheat tells its story. Blatant ones overstep what can be. Subtle ones lie on either side
 * of it, or stay among what honest people do, where nobody who sees these records alone can tell them from
 * the truth.
 */
export const CHEATS: Readonly<Record<CheatKind, (stuff: Stuff, strength: Strength) => StoryAct[]>> = {
  // Entry here, exit there, by car or by another phone. Blatant: faster than any train.
  teleport({ chance, clock, stranger }, strength) {
    const kmh = strength === "blatant" ? chance.between(200, 900) : chance.between(90, 130);
    const metres = chance.between(20_000, 60_000);
    return [ridden(stranger, "metro", daytime(chance, clock), Math.ceil((metres * 3.6) / kmh), metres)];
  },
  // Blatant: more than anybody rides on a shared bicycle. Subtle: half as much again as was ridden.
  "inflated-distance"({ chance, clock, stranger }, strength) {
    const metres = strength === "blatant" ? chance.between(80_000, 400_000) : chance.between(3_000, 9_000);
    const seconds = strength === "blatant" ? 10 * SECONDS_PER_HOUR : Math.floor(metres / 6);
    return [
      ridden(
        stranger,
        "bike",
        clock.after(7 * SECONDS_PER_HOUR + chance.between(0, 4 * SECONDS_PER_HOUR)),
        seconds,
        metres,
      ),
    ];
  },
  // In by one gate, out by a far one after a day below ground.
  "parked-in-station"({ chance, clock, stranger }, strength) {
    const minutes = strength === "blatant" ? chance.between(7 * 60, 17 * 60) : chance.between(4 * 60, 8 * 60);
    return [
      ridden(
        stranger,
        "metro",
        clock.after(6 * SECONDS_PER_HOUR),
        minutes * SECONDS_PER_MINUTE,
        chance.between(20_000, 60_000),
      ),
    ];
  },
  "night-metro"({ chance, clock, stranger }, strength) {
    const start =
      strength === "blatant"
        ? chance.between(2 * SECONDS_PER_HOUR + 60, 4.5 * SECONDS_PER_HOUR - 60)
        : chance.between(SECONDS_PER_HOUR, 3 * SECONDS_PER_HOUR);
    return [ridden(stranger, "metro", clock.after(start), 25 * SECONDS_PER_MINUTE, 12_000)];
  },
  // A phone in a shaker, or on a dog: hops of a minute, all day.
  "phone-shaker": ({ chance, clock, stranger }, strength) =>
    Array.from({ length: strength === "blatant" ? 200 : chance.between(40, 100) }, (_, i) =>
      ridden(
        stranger,
        "bike",
        clock.after(8 * SECONDS_PER_HOUR + i * 120),
        chance.between(40, 80),
        chance.between(100, 300),
      ),
    ),
  // A bus pays by the trip: one hour on it told as trips of a minute, or as three.
  "chopped-ride"({ clock, chance, stranger }, strength) {
    const pieces = strength === "blatant" ? 60 : 3;
    const start = daytime(chance, clock);
    const seconds = SECONDS_PER_HOUR / pieces;
    return Array.from({ length: pieces }, (_, i) =>
      ridden(stranger, "bus", (start + i * seconds) as UnixSeconds, seconds, 1000),
    );
  },
  // The same ride once more under another id. Blatant: minutes later, while it still goes on. Subtle: hours
  // later.
  "shifted-clone"({ chance, ride }, strength) {
    const length = (ride.endedAt ?? ride.startedAt) - ride.startedAt;
    const shift =
      strength === "blatant"
        ? Math.min(chance.between(60, 300), Math.max(60, length - 150))
        : chance.between(2 * SECONDS_PER_HOUR, 3 * SECONDS_PER_HOUR);
    return [moved(ride, shift)];
  },
  // A bus trip by a friend who carries the phone, while its owner sits in the train.
  "two-places-at-once"({ chance, ride }, strength) {
    const length = (ride.endedAt ?? ride.startedAt) - ride.startedAt;
    const overlap = strength === "blatant" ? length - 10 : chance.between(10, 240);
    const startedAt = ((ride.endedAt ?? ride.startedAt) - overlap) as UnixSeconds;
    return [
      ridden(
        ride.person,
        ride.scenario === "bus" ? "metro" : "bus",
        startedAt,
        25 * SECONDS_PER_MINUTE,
        ride.scenario === "bus" ? 9_000 : 1000,
      ),
    ];
  },
  // A phone that boards whatever comes by.
  "too-many-trips": ({ chance, clock, stranger }, strength) =>
    Array.from({ length: strength === "blatant" ? 120 : chance.between(20, 60) }, (_, i) => ({
      ...ridden(stranger, "bus", clock.after(6 * SECONDS_PER_HOUR + i * 8 * SECONDS_PER_MINUTE), 0, 1000),
      endedAt: null,
    })),
  // A battery that is full is filled again.
  "charging-repeated": ({ chance, clock, stranger }, strength) =>
    Array.from({ length: strength === "blatant" ? 12 : chance.between(3, 8) }, (_, i) =>
      ridden(
        stranger,
        "ev-charging",
        clock.after(SECONDS_PER_HOUR + i * 100 * SECONDS_PER_MINUTE),
        80 * SECONDS_PER_MINUTE,
        chance.between(70_000, 80_000),
      ),
    ),
  // 1,430 kWh, as a real file had it, and less.
  "oversized-battery": ({ chance, clock, stranger }, strength) => [
    ridden(
      stranger,
      "ev-charging",
      daytime(chance, clock),
      9 * SECONDS_PER_HOUR,
      strength === "blatant" ? chance.between(260_000, 1_430_000) : chance.between(110_000, 350_000),
    ),
  ],
  "impossible-power": ({ chance, clock, stranger }, strength) => [
    strength === "blatant"
      ? ridden(
          stranger,
          "ev-charging",
          daytime(chance, clock),
          chance.between(20, 120),
          chance.between(60_000, 90_000),
        )
      : ridden(
          stranger,
          "ev-charging",
          daytime(chance, clock),
          chance.between(4, 12) * SECONDS_PER_MINUTE,
          chance.between(60_000, 90_000),
        ),
  ],
  "too-many-meals": ({ chance, clock, stranger }, strength) =>
    Array.from({ length: strength === "blatant" ? 20 : chance.between(4, 7) }, (_, i) =>
      eaten(stranger, clock.after(6 * SECONDS_PER_HOUR + i * 40 * SECONDS_PER_MINUTE)),
    ),
  "meal-told-twice": ({ chance, clock, stranger }, strength) => {
    const first = clock.after(12 * SECONDS_PER_HOUR);
    const later =
      strength === "blatant"
        ? chance.between(2 * SECONDS_PER_MINUTE, 20 * SECONDS_PER_MINUTE)
        : chance.between(20 * SECONDS_PER_MINUTE, 90 * SECONDS_PER_MINUTE);
    return [eaten(stranger, first), eaten(stranger, (first + later) as UnixSeconds)];
  },
  // Blatant: not yet, or before there was a methodology. Subtle: the week before.
  "wrong-date"({ chance, ride }, strength) {
    const days = strength === "blatant" ? (chance.between(0, 1) === 0 ? 3650 : -3650) : -chance.between(1, 7);
    return [moved(ride, days * SECONDS_PER_DAY)];
  },
};

function daytime(chance: Stuff["chance"], clock: Stuff["clock"]): UnixSeconds {
  return clock.after(chance.between(7 * SECONDS_PER_HOUR, 20 * SECONDS_PER_HOUR));
}

function moved(act: StoryAct, seconds: number): StoryAct {
  const later = (at: UnixSeconds): UnixSeconds => (at + seconds) as UnixSeconds;
  return {
    ...act,
    startedAt: later(act.startedAt),
    endedAt: act.endedAt === null ? null : later(act.endedAt),
  };
}
