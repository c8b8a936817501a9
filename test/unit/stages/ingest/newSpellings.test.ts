import { describe, expect, it } from "vitest";
import { plainNumber } from "../../../../src/stages/ingest/fields/plainNumber.ts";
import { durationReader } from "../../../../src/stages/ingest/fields/durationReader.ts";
import type { DurationUnit } from "../../../../src/stages/ingest/schema/quantitySchema.ts";
import { parsePoint } from "../../../../src/stages/ingest/fields/parsePoint.ts";
import { clockOf } from "../../../../src/stages/ingest/fields/rowZone.ts";
import { quantityReader, quantityReaderUp } from "../../../../src/stages/ingest/fields/units.ts";
import { codes, readAll, smallProfile } from "./support/helpers.ts";

describe("numbers in the file's spelling", () => {
  it.each([
    [",", ".", "1.234,5", "1234.5"],
    [",", ".", "1.234.567", "1234567"],
    [",", ".", "0,5", "0.5"],
    [",", ".", "-12,50", "-12.50"],
    [",", null, "1234,5", "1234.5"],
    [",", " ", "1\u00A0234\u202F567,8", "1234567.8"],
    [".", "'", "12’345.6", "12345.6"],
    [".", ",", "12,34,567.8", "1234567.8"],
    [".", ",", "１２.５", "12.5"],
    [".", null, "\u22125", "-5"],
    [",", null, "1,5e3", "1.5e3"],
  ] as const)("decimal %s, group %s: %s is %s", (decimal, group, text, plain) => {
    expect(plainNumber({ decimal, group })(text)).toBe(plain);
  });

  it.each([
    [",", ".", "1.5"],
    [",", ".", "1.23,4"],
    [",", ".", "1234.567"],
    [",", ".", ".123,4"],
    [",", null, "1.5"],
    [",", null, "1,2,3"],
    [".", ",", "1,5"],
    [".", ",", "1,2345"],
    [".", null, "1 234"],
    [".", null, "5 km"],
    [".", null, ""],
  ] as const)("decimal %s, group %s: %j is no number", (decimal, group, text) => {
    const plain = plainNumber({ decimal, group })(text);
    expect(plain === "" || quantityReader("km", "km")(plain) === "malformed").toBe(true);
  });

  it("hold for bounds, durations in numbers and coordinates, and not for the fields of joins", async () => {
    const profile = smallProfile({
      format: "{ kind: csv, delimiter: ';' }",
      numbers: "{ decimal: ',' }",
      joins: "[{ name: f, column: id, inline: { '1': { km: '1.5' } } }]",
      end: "{ duration: { column: end, unit: minutes } }",
      quantity: "{ column: { join: f, field: km }, unit: km, as: km }",
      rules: "{ columns: [{ column: km, max: 2.5 }] }",
    });
    const [outcome] = await readAll(profile, "id;start;end;km\n1;100;1,5;2,5\n");
    expect(outcome).toMatchObject({ record: { endedAt: 190, quantity: 1_500_000n } });
    expect(await codes(profile, "id;start;end;km\n1;100;1,5;2,6\n1;100;1.5;2\n")).toEqual([
      "rule.out-of-bounds",
      "duration.malformed",
    ]);
  });
});

describe("units", () => {
  it.each([
    ["0.01 kWh", "kWh", "123", 1_230_000],
    ["100 m", "km", "7", 700_000],
    ["10 Wh", "kWh", "3", 30_000],
    ["ft", "km", "1", 304],
    ["yd", "km", "1000", 914_400],
    ["GJ", "kWh", "0.0036", 1_000_000],
    ["kJ", "kWh", "3600", 1_000_000],
    ["cm", "km", "12345", 123_450],
  ] as const)("%s as %s: %s", (from, to, text, micro) => {
    expect(quantityReader(from, to)(text)).toBe(micro);
  });

  it.each(["0 km", "0.0 km", "01 km", "1.5 km", "-1 km", " km", "1 furlong", "1  km", "1 1 km"])(
    "there is no unit %j",
    (unit) => {
      expect(() => quantityReader(unit, "km")).toThrow(/can't be converted/);
    },
  );

  it("round up what is taken off, so that no difference is more than it was", () => {
    const up = quantityReaderUp("kWh", "kWh");
    expect([up("1.0000001"), up("1.000001"), up("0.00000000000000000001"), up("9007199254.7409915")]).toEqual(
      [1_000_001, 1_000_001, 1, "too-large"],
    );
    expect(quantityReaderUp("MJ", "kWh")("1")).toBe(277_778);
  });

  it("stand in the cell or in a column, in the provider's words", async () => {
    const quantity = "{ column: km, unitColumn: end, units: { Meter: m, '': km }, as: km }";
    const outcomes = await readAll(
      smallProfile({ quantity, end: null }),
      "id,start,end,km\n1,5,Meter,1500\n2,5,,1.5\n3,5,km,1\n",
    );
    expect(outcomes.map((one) => (one.kind === "record" ? one.record.quantity : one.code))).toEqual([
      1_500_000n,
      1_500_000n,
      "unit.unknown",
    ]);
    const inCell = smallProfile({
      quantity: "{ column: km, units: { km: km, '': m, e: km }, as: km }",
      end: null,
    });
    const cells = ["1.5km", "1.5  km", "1500", "1e3", "2 e", "km", "1.5 km extra", "1.5 KM", "-1 km", "0 km"];
    const found = await readAll(
      inCell,
      `id,start,end,km\n${cells.map((cell, i) => `${String(i)},5,,${cell}`).join("\n")}\n`,
    );
    expect(found.map((one) => (one.kind === "record" ? Number(one.record.quantity) : one.code))).toEqual([
      1_500_000,
      1_500_000,
      1_500_000,
      1_000_000,
      2_000_000,
      "quantity.malformed",
      "unit.unknown",
      "unit.unknown",
      "quantity.negative",
      "quantity.zero",
    ]);
  });
});

describe("sums and differences", () => {
  const sum = (section: string): Record<string, string | null> => ({
    quantity: `{ sum: ${section}, unit: km, as: km }`,
    end: null,
  });
  it("never come to more than the columns say", async () => {
    const profile = smallProfile(sum("{ plus: [km], minus: [end] }"));
    const outcomes = await readAll(
      profile,
      "id,start,end,km\n1,5,1.0000001,2.0000001\n2,5,3,2\n3,5,2,2\n4,5,,2\n5,5,x,2\n",
    );
    expect(outcomes.map((one) => (one.kind === "record" ? one.record.quantity : one.code))).toEqual([
      999_999n,
      "quantity.negative",
      "quantity.zero",
      "field.missing",
      "quantity.malformed",
    ]);
  });

  it("come to 2^53 - 1 millionths at the most", async () => {
    const rows = "id,start,end,km\n1,0,1,9007199254.740991\n2,0,0.000001,9007199254.740991\n";
    expect(await codes(smallProfile(sum("{ plus: [km, end] }")), rows.replace("1,0,1,", "1,0,0,"))).toEqual([
      "ok",
      "quantity.too-large",
    ]);
  });

  it("take all columns from one to another, and none the other way round", async () => {
    const outcomes = await readAll(
      smallProfile(sum("{ plus: { first: start, last: km } }")),
      "id,start,end,km\n1,5,6,7\n",
    );
    expect(outcomes[0]).toMatchObject({ record: { quantity: 18_000_000n } });
    await expect(
      readAll(smallProfile(sum("{ plus: { first: km, last: start } }")), "id,start,end,km\n1,5,6,7\n"),
    ).rejects.toMatchObject({
      code: "input.header",
    });
  });

  it("count as often as a column says", async () => {
    const profile = smallProfile({ quantity: "{ column: km, unit: km, as: km, times: end }", end: null });
    const rows = ["3", "0", "1.5", "-1", "", "1000000", "2.0"]
      .map((times, i) => `${String(i)},5,${times},1.5\n`)
      .join("");
    expect(await codes(profile, `id,start,end,km\n${rows}`)).toEqual([
      "ok",
      "quantity.zero",
      "quantity.malformed",
      "quantity.malformed",
      "field.missing",
      "quantity.malformed",
      "ok",
    ]);
    // 2^53 - 1 millionths are the most that a record has.
    expect(
      await codes(profile, "id,start,end,km\n1,5,1,9007199254.740991\n2,5,2,4503599627.370496\n"),
    ).toEqual(["ok", "quantity.too-large"]);
  });
});

describe("durations", () => {
  it.each([
    ["h:mm:ss", "1:02:03", 3723],
    ["h:mm:ss", "26:00:00", 93_600],
    ["h:mm:ss", "1.02:03:04", 93_784],
    ["h:mm:ss", "1 day, 2:03:04.123", 93_784],
    ["h:mm", "1:30", 5400],
    ["m:ss", "90:30", 5430],
    ["iso", "PT1H3M", 3780],
    ["iso", "P1DT0.5S", 86_400],
    ["iso", "PT90M", 5400],
    ["iso", "P2W", 1_209_600],
    ["words", "1 h 3 min 20 s", 3800],
    ["words", "1h30m", 5400],
    ["words", "2 hours, 5 minutes", 7500],
    ["words", "1小时3分钟", 3780],
    ["words", "1.5 h", 5400],
    ["words", "45 Min.", 2700],
    ["milliseconds", "1999", 1],
    ["hours", "1.25", 4500],
  ] as const)("%s reads %s", (unit, text, seconds) => {
    expect(durationReader(unit)(text)).toBe(seconds);
  });

  it.each([
    ["h:mm:ss", "1:60:00"],
    ["h:mm:ss", "1:30"],
    ["h:mm", "1:02:03"],
    ["h:mm", "-1:30"],
    ["iso", "P"],
    ["iso", "PT"],
    ["iso", "P1DT"],
    ["iso", "P1M"],
    ["iso", "1H"],
    ["words", "5 min 1 h"],
    ["words", "1 h 2 h"],
    ["words", "5 parsecs"],
    ["words", "h"],
    ["words", "5"],
    ["words", ""],
    ["seconds", "-5"],
    ["seconds", "1e3"],
  ] as const)("%s refuses %j", (unit: DurationUnit, text) => {
    expect(durationReader(unit)(text)).toBeNull();
  });
});

describe("places in one cell", () => {
  it.each(["22.5,114.1", "(22.5, 114.1)", "[22.5,114.1]", "22.5 114.1", "22.5;114.1", " 22.5 , 114.1 "])(
    "%s",
    (text) => {
      expect(parsePoint(text, "latitude longitude")).toEqual([22.5, 114.1]);
    },
  );
  it.each(["POINT(114.1 22.5)", "point (114.1 22.5)", "SRID=4326;POINT(114.1 22.5)"])("%s", (text) => {
    expect(parsePoint(text, "longitude latitude")).toEqual([22.5, 114.1]);
  });
  it.each([
    "",
    "22.5",
    "22.5,114.1,3",
    "22,5,114,1",
    "POINT(22.5)",
    "SRID=3857;POINT(1 2)",
    "91,0",
    "0,181",
    "a,b",
    "LINESTRING(1 2)",
  ])("%j is none", (text) => {
    expect(parsePoint(text, "latitude longitude")).toBeNull();
  });
});

describe("the zone of a row", () => {
  const wall = Date.UTC(2024, 6, 1, 12) / 1000;
  const REJECT = { ambiguous: "reject", nonexistent: "reject" } as const;
  it.each([
    ["Europe/Paris", -2],
    ["+08:00", -8],
    ["-0530", 5.5],
    ["UTC+8", -8],
    ["GMT-3", 3],
    ["UTC", 0],
    ["GMT", 0],
    ["Z", 0],
  ] as const)("%s", (spelled, hours) => {
    expect(clockOf(spelled, REJECT)?.(wall)).toBe(wall + hours * 3600);
  });
  it.each(["", "Paris", "+8", "UTC+25", "8", "../etc/passwd", "GMT+"])("%j is none", (spelled) => {
    expect(clockOf(spelled, REJECT)).toBeNull();
  });

  it("comes from the provider's words, else the profile; a thousand different are enough", async () => {
    const profile = smallProfile({
      time: "{ format: iso, zone: Asia/Shanghai, zoneColumn: { column: km, map: { EST: '-05:00' } } }",
      quantity: "{ constant: 1, as: km }",
      end: null,
    });
    const rows = ["EST", "", "Europe/Paris", "constructor"]
      .map((word, i) => `${String(i)},2024-07-01T12:00:00,,${word}\n`)
      .join("");
    const outcomes = await readAll(profile, `id,start,end,km\n${rows}`);
    expect(
      outcomes.map((one) => (one.kind === "record" ? (one.record.startedAt - wall) / 3600 : one.code)),
    ).toEqual([5, -8, -2, "time.zone-unknown"]);
    const many = Array.from(
      { length: 1200 },
      (_, i) => `${String(i)},2024-07-01T12:00:00,,z${String(i)}\n`,
    ).join("");
    expect(new Set(await codes(profile, `id,start,end,km\n${many}`))).toEqual(new Set(["time.zone-unknown"]));
  });

  it("lets an end before the start be of the next day where the profile says so, on the clock", async () => {
    const profile = smallProfile({
      time: "{ format: 'yyyy-MM-dd HH:mm', zone: Europe/Berlin }",
      start: "{ columns: [id, start] }",
      end: "{ columns: [id, end], overMidnight: true }",
    });
    const outcomes = await readAll(
      profile,
      "id,start,end,km\n2024-03-30,23:50,03:10,1\n2024-03-30,23:50,02:30,1\n2024-03-30,08:00,09:00,1\n",
    );
    const spans = outcomes.map((one) =>
      one.kind === "record" ? (one.record.endedAt ?? 0) - one.record.startedAt : one.code,
    );
    // The clock is set forward that night: three hours and twenty minutes on it are an hour less.
    expect(spans).toEqual([8400, "time.nonexistent", 3600]);
  });
});
