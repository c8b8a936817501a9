import { describe, expect, it } from "vitest";
import { clockSeconds, isoTime, offsetSeconds } from "../../../../../src/stages/ingest/fields/isoTime.ts";

const TEXT = "2018-09-06T23:55:07.125+08:30";

describe("a time of ISO 8601", () => {
  it("has a digit in each place of one", () => {
    expect(isoTime(TEXT)).toEqual({ seconds: Date.parse(TEXT.replace(".125", "")) / 1000, absolute: true });
    for (const { index: at } of TEXT.matchAll(/\d/g)) {
      for (const other of ["/", ":", "A", " ", ""]) {
        // What stands behind the point may be cut short.
        if (at >= 20 && at < 23 && other === "") continue;
        expect([at, other, isoTime(TEXT.slice(0, at) + other + TEXT.slice(at + 1))]).toEqual([
          at,
          other,
          null,
        ]);
      }
    }
  });

  it("has its separators where they belong", () => {
    for (const at of [4, 7, 10, 13, 16, 19, 23])
      expect([at, isoTime(`${TEXT.slice(0, at)}x${TEXT.slice(at + 1)}`)]).toEqual([at, null]);
    expect(isoTime("2018-09-06 23:55")).toEqual({
      seconds: Date.UTC(2018, 8, 6, 23, 55) / 1000,
      absolute: false,
    });
    for (const text of [
      "2018-09-06T23:55.",
      "2018-09-06T23:55:07.",
      "2018-09-06T23:55:07.Z",
      "2018-09-06T23:55:0",
    ])
      expect(isoTime(text)).toBeNull();
  });

  it("is a day of its month and a second of its day", () => {
    const day = (year: number, month: number, date: number) => clockSeconds(year, month, date, 0, 0, 0);
    const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (const [index, days] of lengths.entries()) {
      expect(day(2023, index + 1, days)).toBe(Date.UTC(2023, index, days) / 1000);
      expect(day(2023, index + 1, days + 1)).toBeNaN();
      expect(day(2023, index + 1, 0)).toBeNaN();
    }
    expect([day(2024, 2, 29), day(2000, 2, 29)]).not.toContain(Number.NaN);
    for (const year of [1900, 2100, 2023]) expect(day(year, 2, 29)).toBeNaN();
    expect([day(2023, 0, 1), day(2023, 13, 1)]).toEqual([Number.NaN, Number.NaN]);
    const clock = (hour: number, minute: number, second: number) =>
      clockSeconds(1970, 1, 1, hour, minute, second);
    expect([clock(23, 59, 59), clock(24, 0, 0), clock(1, 2, 3)]).toEqual([86_399, 86_400, 3723]);
    for (const [hour, minute, second] of [
      [24, 1, 0],
      [24, 0, 1],
      [25, 0, 0],
      [0, 60, 0],
      [0, 0, 60],
    ] as const)
      expect(clock(hour, minute, second)).toBeNaN();
  });

  it("may say how far it is from UTC", () => {
    for (const [text, seconds] of [
      ["Z", 0],
      ["+00", 0],
      ["+08", 28_800],
      ["-08", -28_800],
      ["+0830", 30_600],
      ["-03:30", -12_600],
      ["+15:59", 57_540],
      ["-1559", -57_540],
    ] as const)
      expect([text, offsetSeconds(`x${text}`, 1)]).toEqual([text, seconds]);
    for (const text of [
      "",
      "z",
      "Z0",
      "08",
      "+8",
      "+8:30",
      "+16",
      "+08:60",
      "+08:",
      "+08:3",
      "+083",
      "+08300",
      "+08:300",
      "*08",
    ])
      expect([text, offsetSeconds(text, 0)]).toEqual([text, Number.NaN]);
  });
});
