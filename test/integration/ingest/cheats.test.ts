import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measureCheats, type CheatReport } from "../../../scripts/bench/cheats/measureCheats.ts";
import type { Context } from "../../../src/app/context.ts";
import { CHEAT_KINDS, HONEST_KINDS, STRENGTHS } from "../../../src/demo/cheats/storyAct.ts";
import { generateCheats, type LabelledFile } from "../../../src/demo/generateCheats.ts";
import type { Day } from "../../../src/base/types/quantities.ts";
import { IMPLAUSIBLE_SENTENCES } from "../../../src/stages/plausibility/reasonCodes.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";

/** 2025-06-18. */
const DAY = 20_257 as Day;
const RECORDS = 4000;

describe.each([1, 2, 3])("a generated day with cheats, seed %i", (seed) => {
  let place: Place;
  let context: Context;
  let files: LabelledFile[];
  let report: CheatReport;
  beforeAll(async () => {
    place = await newPlace(null);
    context = await place.open();
    ({ files } = await generateCheats({
      records: RECORDS,
      seed,
      folder: join(place.folder, "cheats"),
      day: DAY,
    }));
    report = await measureCheats(context, files);
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  it("tells every kind of cheat in both strengths, and has the odd but honest", () => {
    const told = report.cheats.map(({ kind, strength }) => `${kind} ${strength}`);
    expect(told.toSorted()).toEqual(
      CHEAT_KINDS.flatMap((kind) => STRENGTHS.map((strength) => `${kind} ${strength}`)).toSorted(),
    );
    expect(report.honest.map(({ kind }) => kind).toSorted()).toEqual(HONEST_KINDS.toSorted());
  });

  it("has every blatant cheat noticed", () => {
    const unnoticed = report.cheats.filter(
      ({ strength, stories, noticed }) => strength === "blatant" && noticed < stories,
    );
    expect(unnoticed).toEqual([]);
  });

  it("has no honest act refused", () => {
    expect(report.honest.reduce((sum, { acts }) => sum + acts, 0)).toBeGreaterThan(0.9 * RECORDS);
    expect(report.honest.filter(({ refused }) => refused > 0)).toEqual([]);
  });

  it("meets every reason that plausibility has, and cheats that no record gives away stay", () => {
    const codes = new Set(report.cheats.flatMap((one) => Object.keys(one.codes)));
    // Shipped classes have bounds, and the city's acts name no assets.
    const others = ["plausibility.no-bounds", "plausibility.asset-kind"];
    expect(Object.keys(IMPLAUSIBLE_SENTENCES).filter((code) => !codes.has(code))).toEqual(others);
    const unseen = report.cheats.filter(
      ({ strength, kind }) =>
        strength === "subtle" && (kind === "wrong-date" || kind === "inflated-distance"),
    );
    expect(unseen.map(({ noticed }) => noticed)).toEqual([0, 0]);
  });

  it("labels every row, and is the same day for the same seed", async () => {
    const again = await generateCheats({
      records: RECORDS,
      seed,
      folder: join(place.folder, "again"),
      day: DAY,
    });
    for (const [i, file] of files.entries()) {
      const text = await readFile(file.path, "utf8");
      expect(await readFile(again.files[i]?.path ?? "", "utf8")).toBe(text);
      expect(
        text
          .trimEnd()
          .split("\n")
          .slice(1)
          .map((line) => line.split(",")[0]),
      ).toEqual(file.labels.map(({ recordId }) => recordId));
    }
    const lines = (await readFile(again.labels, "utf8")).trimEnd().split("\n");
    expect(lines).toHaveLength(1 + files.reduce((sum, { labels }) => sum + labels.length, 0));
    expect(lines.filter((line) => line.includes(",cheat,")).length).toBe(
      report.cheats.reduce((sum, { acts }) => sum + acts, 0),
    );
  });
});

it("a day with cheats is refused where it would have too few acts or too many", async () => {
  for (const records of [99, 1_000_001, 1.5])
    await expect(generateCheats({ records, seed: 1, folder: "never", day: DAY })).rejects.toMatchObject({
      code: "cheats.records",
    });
});
