import { createReadStream, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { shippedProfile } from "../../../../src/stages/ingest/profile/shippedProfiles.ts";
import { dataFile, hasData, readAll, tally } from "./support/helpers.ts";

/**
 * Lines of a real file, by nothing but splitting: what ingest says is compared with what a plain reading of
 * the columns says.
 */
const linesOf = (path: string): string[] =>
  gunzipSync(readFileSync(dataFile(path)))
    .toString("utf8")
    .trimEnd()
    .split(/\r?\n/);

interface Summary {
  readonly counts: Record<string, number>;
  /** Sum of the accepted quantities, millionths. */
  readonly micro: bigint;
}
async function ingested(profile: string, path: string): Promise<Summary> {
  const outcomes = await readAll(shippedProfile(profile), createReadStream(dataFile(path)));
  let micro = 0n;
  for (const outcome of outcomes) if (outcome.kind === "record") micro += outcome.record.quantity;
  return {
    counts: tally(outcomes.map((outcome) => (outcome.kind === "record" ? "ok" : outcome.code))),
    micro,
  };
}

/** Digits of a decimal with six places, as millionths of a metre. */
const micrometres = (text: string): bigint => BigInt(text.replace(".", ""));

function plainSingapore(path: string): Summary {
  let micro = 0n;
  const found = linesOf(path).map((line) => {
    const [, , start, end, , startDistance, , endDistance, path_] = line.split("\t") as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const seconds = Number(end) - Number(start);
    const distance = micrometres(path_);
    if (distance < 1000n) return "quantity.zero";
    if (seconds < 0) return "time.end-before-start";
    if (seconds > 86_400) return "rule.too-long";
    if (Number(startDistance) > 200 || Number(endDistance) > 200) return "rule.out-of-bounds";
    // km/h > 40 means um * 3.6 > 40 * 10^6 * s, in integers.
    if ((distance / 1000n) * 36n > 400_000n * BigInt(seconds)) return "rule.too-fast";
    micro += distance / 1000n;
    return "ok";
  });
  return { counts: tally(found), micro };
}

describe.skipIf(!hasData)("real files (skipped without MICROTONNE_DATA)", () => {
  it.each([
    [
      "bike/singapore_bike_trips_20170911.tsv.gz",
      { ok: 31_353, "rule.too-fast": 195, "rule.out-of-bounds": 50, "quantity.zero": 32 },
      31_630,
    ],
    [
      "bike/singapore_bike_trips_20170912.tsv.gz",
      { ok: 38_434, "rule.too-fast": 181, "rule.out-of-bounds": 105, "quantity.zero": 74 },
      38_794,
    ],
  ])("%s: every bike trip is taken or has its reason", async (path, counts, rows) => {
    const summary = await ingested("singapore-bikes", path);
    expect(summary).toEqual(plainSingapore(path));
    expect(summary.counts).toEqual(counts);
    expect(Object.values(summary.counts).reduce((sum, count) => sum + count)).toBe(rows);
  });

  it("ev/dundee: every charging session is taken or has its reason", async () => {
    const path = "ev/dundee_060618-060918.csv.gz";
    let micro = 0n;
    const found = linesOf(path)
      .slice(1)
      .map((line) => {
        // The quoted columns come after the ones that matter.
        const [, , , , startDay, startTime, endDay, endTime, kWh = ""] = line.split(",");
        if (!startDay || !startTime) return "field.missing";
        if (!endDay || !endTime) return "time.end-missing";
        if (kWh.startsWith("-")) return "quantity.negative";
        const [whole = "", fraction = ""] = kWh.split(".");
        const value = BigInt(whole + fraction.padEnd(6, "0"));
        if (value === 0n) return "quantity.zero";
        if (value > 200_000_000n) return "quantity.too-large";
        micro += value;
        return "ok";
      });
    const summary = await ingested("dundee-charging", path);
    expect(summary).toEqual({ counts: tally(found), micro });
    expect(summary.counts).toEqual({
      ok: 18_413,
      "time.end-missing": 72,
      "quantity.zero": 733,
      "quantity.negative": 8,
      "quantity.too-large": 1,
    });
  });

  it("ev/dundee: local times become UTC, account numbers subjects of their own network", async () => {
    const outcomes = await readAll(
      shippedProfile("dundee-charging"),
      createReadStream(dataFile("ev/dundee_060618-060918.csv.gz")),
    );
    // First row: 06/09/2018 23:55 to 07/09/2018 07:03, British Summer Time.
    expect(outcomes[0]).toMatchObject({
      record: {
        startedAt: Date.parse("2018-09-06T22:55:00Z") / 1000,
        endedAt: Date.parse("2018-09-07T06:03:00Z") / 1000,
        quantity: 22_287_000n,
        unit: "kWh",
      },
      subject: { scope: "dundee-charging" },
    });
    expect(
      outcomes.filter((outcome) => outcome.kind === "record" && outcome.subject === null).length,
    ).toBeLessThanOrEqual(25);
  });
});
