import { createReadStream } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scratchIn } from "../../../../../src/app/sources/scratch.ts";
import {
  decideDates,
  checkDateOrder,
  type DateEvidence,
} from "../../../../../src/stages/ingest/dates/checkDateOrder.ts";
import type { Profile } from "../../../../../src/stages/ingest/schema/profileSchema.ts";
import { shippedProfile } from "../../../../../src/stages/ingest/profile/shippedProfiles.ts";
import { exchangeDayAndMonth } from "../../../../../src/stages/ingest/fields/timeFormat.ts";
import { dataFile, hasData, pieces, readAll, smallProfile } from "../support/helpers.ts";
import { refusedFor } from "../../../../support/refusedFor.ts";

const DAY = 86_400;
const FIRST = Date.UTC(2016, 8, 1) / 1000;
const isoDay = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
const european = (seconds: number): string => isoDay(seconds).split("-").toReversed().join("/");
const profile = (time: string): Profile => smallProfile({ time, end: null });
const ISO = "{ format: 'yyyy-MM-dd HH:mm', zone: UTC }";
const file = (days: readonly string[]): string =>
  `id,start,end,km\n${days.map((day, i) => `${String(i)},${day} 10:00,,1\n`).join("")}`;
const judge = (of: Profile, content: string): Promise<DateEvidence | null> =>
  checkDateOrder(of, { open: () => pieces(content) }, { openScratch: scratchIn() });
/** `days` days from a first one, and what a spreadsheet that expects the other order makes of them. */
const year = (days: number, first = FIRST): number[] =>
  Array.from({ length: days }, (_, i) => first + i * DAY);
const mangled = (seconds: readonly number[]): string[] =>
  seconds.map((one) => isoDay(exchangeDayAndMonth(one)));

describe("a file whose dates have day and month exchanged where the day is at most 12", () => {
  it("is told by the months of its other dates", async () => {
    const evidence = await judge(profile(ISO), file(mangled(year(365))));
    expect(evidence).toMatchObject({
      verdict: "exchanged",
      months: { first: "2016-09", last: "2017-08" },
      readable: 365,
    });
    const outside = mangled(year(365)).filter((day) => day < "2016-09-01" || day > "2017-08-31");
    expect(evidence?.outside).toBe(outside.length);
    expect(outside.length).toBeGreaterThan(50);
  });

  it("is told by its order where it covers whole calendar years", async () => {
    const evidence = await judge(profile(ISO), file(mangled(year(365, Date.UTC(2017, 0, 1) / 1000))));
    expect(evidence).toMatchObject({ verdict: "exchanged", outside: 0 });
    expect(evidence?.jumps).toMatchObject({ exchanged: 364 });
  });

  it("is told in any order, as long as it covers no whole year", async () => {
    const days = mangled(year(180))
      .map((day, i) => ({ day, key: (i * 7919) % 181 }))
      .toSorted((a, b) => a.key - b.key);
    expect(await judge(profile(ISO), file(days.map(({ day }) => day)))).toMatchObject({
      verdict: "exchanged",
    });
  });

  it("is refused with the evidence and nothing else of its rows, corrected, or taken as it is", async () => {
    const evidence = await judge(profile(ISO), file(mangled(year(365))));
    expect(() => decideDates(profile(ISO), evidence)).toThrow(
      /Nothing of the file was taken: .* lie outside of 2016-09 to 2017-08.*row \d+: 2016-0\d-\d\d 10:00/,
    );
    expect(() => decideDates(profile(ISO), evidence)).toThrow(refusedFor("input.dates-exchanged"));
    expect(decideDates(profile(ISO.replace("}", ", swapped: correct }")), evidence)).toBe(true);
    expect(decideDates(profile(ISO.replace("}", ", swapped: accept }")), evidence)).toBe(false);
    const corrected = await readAll(profile(ISO), file(mangled(year(365))), { exchangeDates: true });
    expect(corrected.map((outcome) => outcome.kind === "record" && outcome.record.startedAt)).toEqual(
      year(365).map((day) => day + 10 * 3600),
    );
    const notes = corrected.flatMap((outcome) => (outcome.kind === "record" ? outcome.notes : []));
    expect(notes.length).toBe(
      mangled(year(365)).filter((day, i) => day !== isoDay(year(365)[i] ?? 0)).length,
    );
  });
});

describe("a file whose dates are right", () => {
  it("is sound, whatever stretch it covers and however busy its days are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 7 }),
        fc.boolean(),
        async (first, length, weights, backwards) => {
          const days = year(length, FIRST + first * DAY).flatMap((day, i) =>
            Array<number>(weights[i % weights.length] ?? 1).fill(day),
          );
          const ordered = backwards ? days.toReversed() : days;
          expect(await judge(profile(ISO), file(ordered.map(isoDay)))).toMatchObject({ verdict: "sound" });
          const dotted = profile("{ format: 'dd/MM/yyyy HH:mm', zone: UTC }");
          expect(await judge(dotted, file(ordered.map(european)))).toMatchObject({ verdict: "sound" });
        },
      ),
      { numRuns: 150 },
    );
  });

  it("is sound with meter readings on the same days of every month", async () => {
    const months = Array.from({ length: 24 }, (_, i) =>
      [5, 20].map((day) => isoDay(Date.UTC(2016, i, day) / 1000)),
    ).flat();
    expect(await judge(profile(ISO), file(months))).toMatchObject({ verdict: "sound" });
    expect(await judge(profile(ISO), file(months.filter((day) => day.endsWith("05"))))).toMatchObject({
      verdict: "sound",
    });
  });

  it("is not judged where day and month can't be exchanged", async () => {
    for (const time of [
      "{ format: unix-seconds }",
      "{ format: iso }",
      "{ format: 'd MMM yyyy HH:mm', zone: UTC }",
    ]) {
      expect(await judge(profile(time), file(["2016-09-01"]))).toBeNull();
    }
    expect(decideDates(profile("{ format: iso }"), null)).toBe(false);
  });

  it("is not corrected by a profile that would correct one that is not", async () => {
    expect(
      decideDates(
        profile(ISO.replace("}", ", swapped: correct }")),
        await judge(profile(ISO), file(year(365).map(isoDay))),
      ),
    ).toBe(false);
  });
});

describe("a profile with day and month in the wrong order", () => {
  it("is refused with its file, for what can be read would be read wrong", async () => {
    const wrong = profile("{ format: 'MM/dd/yyyy HH:mm', zone: UTC, swapped: correct }");
    const evidence = await judge(wrong, file(year(365).map(european)));
    expect(evidence).toMatchObject({
      verdict: "other-format",
      unreadable: year(365).filter((day) => new Date(day * 1000).getUTCDate() > 12).length,
    });
    expect(() => decideDates(wrong, evidence)).toThrow(refusedFor("input.dates-format"));
  });
});

describe.skipIf(!hasData)("real files (skipped without MICROTONNE_DATA)", () => {
  it.each([
    [
      "perth-charging",
      "ev/perth_2016-17.csv.gz",
      { verdict: "exchanged", outside: 2337, months: { first: "2016-09", last: "2017-08" } },
    ],
    ["dundee-charging", "ev/dundee_060618-060918.csv.gz", { verdict: "sound" }],
    ["pittsburgh-bikes", "bike/pgh-healthyride-rentals-2015-q2.csv.gz", { verdict: "sound" }],
    ["pittsburgh-bikes", "bike/pgh-healthyride-rentals-2016-q4.csv.gz", { verdict: "sound" }],
    ["shenzhen-taps", "metro/szt_card_data_2920000403601.csv.gz", { verdict: "sound" }],
    ["acn-sessions-processed", "ev/acn_office_processed.csv.gz", { verdict: "sound" }],
    ["epfl-charging", "ev/epfl_level3_sessions.xlsx", { verdict: "sound" }],
    ["sgsc-electricity", "power/sgsc_dev_6customers.csv.gz", { verdict: "sound" }],
  ])("%s: %s", async (name, path, expected) => {
    const evidence = await checkDateOrder(
      shippedProfile(name),
      { open: () => createReadStream(dataFile(path)) },
      { openScratch: scratchIn() },
    );
    expect(evidence).toMatchObject(expected);
  });
});
