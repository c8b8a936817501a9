import { describe, expect, it } from "vitest";
import type { Unit } from "../../../../../src/base/types/activityRecord.ts";
import { durationReader } from "../../../../../src/stages/ingest/fields/durationReader.ts";
import { plainNumber } from "../../../../../src/stages/ingest/fields/plainNumber.ts";
import { clockOf } from "../../../../../src/stages/ingest/fields/rowZone.ts";
import { quantityReader, quantityReaderUp } from "../../../../../src/stages/ingest/fields/units.ts";
import { DURATION_UNITS } from "../../../../../src/stages/ingest/schema/quantitySchema.ts";
import { messageOf, readings } from "../support/readings.ts";

const DURATIONS = [
  "0",
  "1",
  "90",
  "90.9",
  "1.5",
  ".5",
  "5.",
  "-1",
  "1e3",
  "9".repeat(12),
  "9".repeat(13),
  "",
  "1:02",
  "01:02",
  "1:02:03",
  "1:2",
  "1:60",
  "1:02:60",
  "1:02:03.5",
  "1:02:03,5",
  "1:02:03.",
  "99999:59:59",
  "100000:00",
  "1.02:03:04",
  "1 day, 2:03:04",
  "2 days, 2:03:04",
  "1 day 02:03:04",
  "1 02:03",
  "3 days2:03",
  "12345 1:02",
  "P1D",
  "P1W",
  "PT1H",
  "PT1M",
  "PT1S",
  "P1DT2H3M4S",
  "PT1.5H",
  "PT1,5S",
  "PT0.9S",
  "P",
  "PT",
  "P1DT",
  "1D",
  "PT1H1H",
  "PT9999999H",
  "PT99999999H",
  "1 h",
  "1h 30min",
  "1 hour, 5 minutes",
  "2 hrs 3 mins 4 secs",
  "5 min 1 h",
  "1 h 1 h",
  "1.5 hours",
  "3",
  "h",
  "1 fortnight",
  "1 week 2 days",
  "2 wochen",
  "1 tag 2 stunden 3 minuten 4 sekunden",
  "1 jour 2 heures 3 minutes 4 secondes",
  "2 std. 5 min.",
  "1 std",
  "1小时5分钟",
  "2天3小时",
  "1時間5分",
  "1周",
  "5秒",
  "5秒钟",
  "1 day",
  "1 d 1 s",
  "1 hr",
  "1 sec",
  "1 min",
  "1 w",
  "1 m",
  "x1 h",
  "1 h x",
];

describe("a duration", () => {
  it.each(DURATION_UNITS)("in %s is read, or refused, as ever", (unit) => {
    expect(readings(DURATIONS, durationReader(unit))).toMatchSnapshot();
  });
});

describe("a zone in a row", () => {
  it("is an offset in any spelling, or a name, or unknown", () => {
    const noon = Date.parse("2024-07-01T12:00:00Z") / 1000;
    const words = [
      "UTC",
      "GMT",
      "Z",
      "UTC+8",
      "UTC+08",
      "UTC+0830",
      "UTC+08:30",
      "GMT-3",
      "UTC+8:3",
      "UTC8",
      "xUTC",
      "UTC+123",
      "+08:00",
      "-0330",
      "+8",
      "Asia/Shanghai",
      "Europe/Rome",
      "Nowhere/At",
      "",
      "utc",
    ];
    const read = (word: string) => {
      const clock = clockOf(word, { ambiguous: "reject", nonexistent: "reject" });
      return clock === null ? null : clock(noon);
    };
    expect(readings(words, read)).toMatchSnapshot();
  });
});

const NUMBERS = [
  "0",
  "1",
  "1.5",
  "1,5",
  "1.234",
  "1,234",
  "1.234,5",
  "1,234.5",
  "12,34,567.8",
  "1'234.5",
  "1’234",
  "1 234,5",
  "1\u00a0234",
  "１２",
  "−5",
  "-5",
  "+5",
  "1e3",
  "1E-2",
  "1e123",
  ".5",
  "5.",
  ",5",
  "1.2.3",
  "1,2,3",
  "12345.678",
  "1,23",
  "1234,567",
  "x",
  "",
  "1 ",
  " 1",
];

describe("a number in a file's spelling", () => {
  it.each([
    [".", null],
    [",", null],
    [".", ","],
    [",", "."],
    [".", "'"],
    [",", " "],
  ] as const)("with %s before fractions and %j between thousands is read as ever", (decimal, group) => {
    expect(readings(NUMBERS, plainNumber({ decimal, group }))).toMatchSnapshot();
  });
});

describe("a quantity in each unit", () => {
  const UNITS: readonly (readonly [string, Unit])[] = [
    ...["km", "m", "cm", "mi", "yd", "ft"].flatMap((from) => [
      [from, "km"] as const,
      [from, "passenger-km"] as const,
    ]),
    ["passenger-km", "passenger-km"],
    ...["kWh", "Wh", "MWh", "kJ", "MJ", "GJ"].map((from) => [from, "kWh"] as const),
    ["trip", "trip"],
    ["meal", "meal"],
    ["g", "g"],
    ["kg", "g"],
    ["0.01 kWh", "kWh"],
    ["100 m", "km"],
    ["0.000001 km", "km"],
    ["999999 m", "km"],
  ];
  const TEXTS = [
    "0",
    "1",
    "7",
    "0.1",
    "0.0000001",
    "123456.789",
    "1e3",
    "1e-3",
    "2.5E2",
    "+4",
    "-0",
    "-1",
    "9007199254740991",
    "9007199254.740991",
    "9007199254.740992",
    ".",
    "..1",
    "1.",
    ".1",
    "1e",
    "12345678901234567",
    "1".repeat(31),
  ];

  it.each(UNITS)("of %s as %s is read as ever, down and up", (from, to) => {
    const [down, up] = [quantityReader(from, to), quantityReaderUp(from, to)];
    expect(
      readings(TEXTS, (text) => (down(text) === "malformed" ? null : [down(text), up(text)])),
    ).toMatchSnapshot();
  });

  it("is refused where there is no exact way", () => {
    const pairs: (readonly [string, Unit])[] = [
      ["kWh", "km"],
      ["0 m", "km"],
      ["0.0000001 m", "km"],
      ["1000000 m", "km"],
      ["constructor", "km"],
      ["passenger-km", "km"],
      ["01 m", "km"],
      ["x".repeat(60), "trip"],
      ["m ", "km"],
      ["1 m m", "km"],
    ];
    expect(pairs.map(([from, to]) => messageOf(() => quantityReader(from, to))).join("\n")).toMatchSnapshot();
  });
});
