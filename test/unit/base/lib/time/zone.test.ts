import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../../../src/base/errors/errors.ts";
import {
  dayStart,
  localDay,
  tzdataVersion,
  Zone,
  zoneOf,
  type AmbiguousTime,
} from "../../../../../src/base/lib/time/zone.ts";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";

const wall = (text: string): number => Date.parse(`${text}Z`) / 1000;
const utc = wall;

describe("wall clock to instant", () => {
  const london = zoneOf("Europe/London");

  it("knows summer and winter time", () => {
    expect(london.instantOf(wall("2018-07-01T12:00:00"), "reject")).toBe(utc("2018-07-01T11:00:00"));
    expect(london.instantOf(wall("2018-01-01T12:00:00"), "reject")).toBe(utc("2018-01-01T12:00:00"));
  });

  it("refuses readings that the clock jumped over, to the second", () => {
    expect(london.instantOf(wall("2018-03-25T00:59:59"), "reject")).toBe(utc("2018-03-25T00:59:59"));
    expect(london.instantOf(wall("2018-03-25T01:00:00"), "earlier")).toBe("nonexistent");
    expect(london.instantOf(wall("2018-03-25T01:59:59"), "later")).toBe("nonexistent");
    expect(london.instantOf(wall("2018-03-25T02:00:00"), "reject")).toBe(utc("2018-03-25T01:00:00"));
  });

  it("lets the caller choose where the clock shows a reading twice", () => {
    const twice = wall("2018-10-28T01:30:00");
    expect(london.instantOf(twice, "earlier")).toBe(utc("2018-10-28T00:30:00"));
    expect(london.instantOf(twice, "later")).toBe(utc("2018-10-28T01:30:00"));
    expect(london.instantOf(twice, "reject")).toBe("ambiguous");
    expect(london.instantOf(wall("2018-10-28T02:00:00"), "reject")).toBe(utc("2018-10-28T02:00:00"));
  });

  const choices: AmbiguousTime[] = ["earlier", "later", "reject"];
  const zones = [
    "Europe/London",
    "America/Los_Angeles",
    "Asia/Shanghai",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
    "Africa/Casablanca",
    "UTC",
  ];
  it("agrees with Temporal for any reading from 1995 to 2037", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...choices),
        fc.integer({ min: wall("1995-01-01T00:00:00"), max: wall("2037-12-31T00:00:00") }),
        (name, choice, reading) => {
          const plain = Temporal.Instant.fromEpochMilliseconds(reading * 1000)
            .toZonedDateTimeISO("UTC")
            .toPlainDateTime();
          const [earlier, later] = (["earlier", "later"] as const).map((disambiguation) =>
            plain.toZonedDateTime(name, { disambiguation }),
          );
          if (!earlier || !later) throw new Error("unreachable");
          const unique = earlier.epochMilliseconds === later.epochMilliseconds;
          const exists = earlier.toPlainDateTime().equals(plain);
          const chosen = (choice === "later" ? later : earlier).epochMilliseconds / 1000;
          const expected = unique
            ? chosen
            : !exists
              ? "nonexistent"
              : choice === "reject"
                ? "ambiguous"
                : chosen;
          expect(new Zone(name).instantOf(reading, choice)).toBe(expected);
          expect(zoneOf(name).instantOf(reading, choice)).toBe(expected);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("is exact around every change of the clock", () => {
    const zone = zoneOf("America/Los_Angeles");
    for (let day = wall("2024-03-08T00:00:00"); day < wall("2024-03-13T00:00:00"); day += 600) {
      const instant = zone.instantOf(day, "earlier");
      if (typeof instant === "number") expect(instant + zone.offsetAt(instant)).toBe(day);
      else expect(new Date(day * 1000).toISOString()).toMatch(/^2024-03-10T02:/);
    }
  });
});

describe("local day", () => {
  it("turns at midnight of the zone, not of UTC", () => {
    const before = utc("2025-05-31T15:59:59") as UnixSeconds;
    expect(localDay("Asia/Shanghai", before)).toBe(wall("2025-05-31T00:00:00") / 86_400);
    expect(localDay("Asia/Shanghai", (before + 1) as UnixSeconds)).toBe(wall("2025-06-01T00:00:00") / 86_400);
    expect(localDay("UTC", (before + 1) as UnixSeconds)).toBe(wall("2025-05-31T00:00:00") / 86_400);
  });

  it("agrees with Temporal", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("Europe/London", "Asia/Singapore", "America/New_York"),
        fc.integer({ min: 0, max: 2 ** 31 }),
        (zone, instant) => {
          const date = Temporal.Instant.fromEpochMilliseconds(instant * 1000)
            .toZonedDateTimeISO(zone)
            .toPlainDate();
          expect(localDay(zone, instant as UnixSeconds)).toBe(Date.parse(date.toString()) / 86_400_000);
        },
      ),
    );
  });
});

describe("the first instant of a local day", () => {
  // Midnight is jumped over or shown twice here at some time; of Toronto, Monrovia and St. John's the jump or
  // the return is not at a whole hour. Apia left out a whole day.
  const zones = [
    "America/Toronto",
    "Africa/Monrovia",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Havana",
    "America/Asuncion",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Tehran",
    "Asia/Amman",
    "Pacific/Apia",
    "America/Scoresbysund",
    "Asia/Shanghai",
  ];
  const dayOf = (text: string): number => Date.parse(text) / 86_400_000;
  const checkStart = (zone: string, day: number): void => {
    const start = dayStart(zone, day);
    expect(localDay(zone, start)).toBeGreaterThanOrEqual(day);
    expect(localDay(zone, (start - 1) as UnixSeconds)).toBeLessThan(day);
    for (let minutes = 1; minutes <= 48 * 60; minutes += 7)
      expect(localDay(zone, (start - minutes * 60) as UnixSeconds)).toBeLessThan(day);
  };

  it.each([
    ["Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00"],
    ["America/Toronto", "1919-03-31", "1919-03-31T04:30:00"],
    ["Africa/Monrovia", "1972-01-07", "1972-01-07T00:44:30"],
    ["America/Havana", "2024-11-03", "2024-11-03T04:00:00"],
    ["America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00"],
    ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00"],
    ["Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00"],
  ])("in %s of %s is %s", (zone, day, instant) => {
    expect(dayStart(zone, dayOf(day))).toBe(utc(instant));
    checkStart(zone, dayOf(day));
  });

  it("is on the day, and nothing before it is", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: dayOf("1915-01-01"), max: dayOf("2037-12-31") }),
        (zone, day) => {
          expect(localDay(zone, dayStart(zone, day))).toBeGreaterThanOrEqual(day);
          checkStart(zone, day);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is so around every change of the clock", () => {
    for (const zone of zones) {
      let at = Temporal.Instant.from("1915-01-01T00:00Z").toZonedDateTimeISO(zone);
      for (;;) {
        const next = at.getTimeZoneTransition("next");
        if (next === null || next.year > 2030) break;
        const day = dayOf(next.toPlainDate().toString());
        for (const near of [day - 1, day, day + 1]) {
          const start = dayStart(zone, near);
          expect(localDay(zone, start)).toBeGreaterThanOrEqual(near);
          expect(localDay(zone, (start - 1) as UnixSeconds)).toBeLessThan(near);
        }
        at = next;
      }
    }
  });
});

describe("zone names", () => {
  it.each(["", "Mars/Olympus", "+08:00", "../etc/passwd", "Asia/Shanghai ", "__proto__"])(
    "refuses %j",
    (name) => {
      expect(() => zoneOf(name)).toThrow(InputError);
    },
  );
  it("tells the version of its database", () => {
    expect(tzdataVersion()).toMatch(/^[0-9]{4}[a-z]/);
  });
});
