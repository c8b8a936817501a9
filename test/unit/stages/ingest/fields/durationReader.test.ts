import { describe, expect, it } from "vitest";
import { durationReader } from "../../../../../src/stages/ingest/fields/durationReader.ts";

const WEEK = 604_800;
const WORDS: readonly (readonly [number, string])[] = [
  [WEEK, "w week weeks 周"],
  [86_400, "d day days tag tage jour jours 天 日"],
  [3600, "h hr hrs hour hours std std. stunde stunden heure heures 小时 时 時間"],
  [60, "m min mins min. mins. minute minutes minuten 分钟 分 分鐘"],
  [1, "s sec secs sec. secs. second seconds sekunde sekunden seconde secondes 秒钟 秒"],
];

describe("a duration in words", () => {
  const read = durationReader("words");

  it.each(WORDS.flatMap(([seconds, words]) => words.split(" ").map((word) => [word, seconds] as const)))(
    "knows %s",
    (word, seconds) => {
      for (const text of [`2${word}`, `2 ${word}`, `2 ${word.toUpperCase()}`, `2 ${word},`])
        expect(read(text)).toBe(2 * seconds);
      for (const text of [`2 x${word}`, `2 ${word}x`, word, `${word} 2`, `2 ${word} 3`, `-2 ${word}`])
        expect(read(text)).toBeNull();
    },
  );

  it("has each unit once, the larger first, and drops what is below a second", () => {
    expect(read("1 week 1 day 1 hour 1 minute 1 second")).toBe(WEEK + 86_400 + 3600 + 61);
    expect([read("1.5 min"), read("1.99 s"), read("0 s"), read("0.5 h, 1 s")]).toEqual([90, 1, 0, 1801]);
    for (const text of [
      "1 s 1 min",
      "1 h 1 h",
      "1 min 1 fortnight",
      "1 fortnight",
      "",
      " ",
      "1 h x",
      "1..5 h",
    ])
      expect(read(text)).toBeNull();
  });
});

describe("a duration by a number alone", () => {
  it.each([
    ["milliseconds", 0.001],
    ["seconds", 1],
    ["minutes", 60],
    ["hours", 3600],
  ] as const)("counts %s, and drops what is below a second", (unit, size) => {
    const read = durationReader(unit);
    expect([read("0"), read("2000"), read("1500.75")]).toEqual([0, 2000 * size, Math.floor(1500.75 * size)]);
    expect(read("9".repeat(12))).toBe(Math.floor(Number("9".repeat(12)) * size));
    for (const text of [
      "9".repeat(13),
      "-1",
      "+1",
      "1,5",
      "1.",
      ".5",
      "1e3",
      "x1",
      "1x",
      "",
      `1.${"1".repeat(19)}`,
    ])
      expect(read(text)).toBeNull();
  });
});

describe("a duration by a clock", () => {
  const read = (text: string) =>
    (["h:mm:ss", "h:mm", "m:ss"] as const).map((unit) => durationReader(unit)(text));

  it("is hours, minutes and seconds, or the two that are said", () => {
    expect(read("1:02:03")).toEqual([3723, null, null]);
    expect(read("1:02")).toEqual([null, 3720, 62]);
    expect(read("99999:59:59")).toEqual([99_999 * 3600 + 3599, null, null]);
    expect(read("1:02:03.999999999")).toEqual([3723, null, null]);
    expect(read("1:02,5")).toEqual([null, 3720, 62]);
    for (const text of [
      "1:60",
      "1:2",
      "1:02:60",
      "1:02:3",
      "100000:00",
      "1:02:03.",
      "x1:02",
      "1:02x",
      ":02",
      "1:02:03.1234567890",
    ])
      expect(read(text)).toEqual([null, null, null]);
  });

  it("may have whole days before it", () => {
    for (const days of ["2.", "2 days, ", "2 days ", "2 day ", "2 day, ", "2 "])
      expect(read(`${days}1:02:03`)).toEqual([2 * 86_400 + 3723, null, null]);
    expect(read("9999 1:02")).toEqual([null, 9999 * 86_400 + 3720, 9999 * 86_400 + 62]);
    for (const text of ["12345 1:02", "2 days1:02", "2, 1:02", "days 1:02", "2  days 1:02"])
      expect(read(text)).toEqual([null, null, null]);
  });
});

describe("a duration of ISO 8601", () => {
  const read = durationReader("iso");

  it("is the sum of its parts, and drops what is below a second", () => {
    for (const [text, seconds] of [
      ["P1W", WEEK],
      ["P1D", 86_400],
      ["PT1H", 3600],
      ["PT1M", 60],
      ["PT1S", 1],
      ["P1W2DT3H4M5S", WEEK + 2 * 86_400 + 3 * 3600 + 245],
      ["PT1.5H", 5400],
      ["PT1,5M", 90],
      ["PT1.999S", 1],
      ["P0D", 0],
      ["P999999W", 999_999 * WEEK],
      ["PT9999999H", 9_999_999 * 3600],
      ["PT99999999M", 99_999_999 * 60],
      ["PT999999999S", 999_999_999],
    ] as const)
      expect([text, read(text)]).toEqual([text, seconds]);
    for (const text of [
      "",
      "P",
      "PT",
      "P1DT",
      "1D",
      "P1H",
      "PT1D",
      "PT1M1H",
      "P1D1W",
      "PT1S ",
      "xPT1S",
      "P1000000W",
      "P1000000D",
      "PT10000000H",
      "PT100000000M",
      "PT1000000000S",
      "PT1.S",
      "PT.5S",
      "P-1D",
    ])
      expect([text, read(text)]).toEqual([text, null]);
  });
});
