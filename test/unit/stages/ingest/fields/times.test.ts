import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoTime } from "../../../../../src/stages/ingest/fields/isoTime.ts";
import {
  exchangedFormat,
  exchangeDayAndMonth,
  timeParser,
} from "../../../../../src/stages/ingest/fields/timeFormat.ts";
import { messageOf, readings } from "../support/readings.ts";

const HEADS = ["", "x", " "];
const TIMES = [
  "2024-02-29T23:59:59Z",
  "2024-02-29 23:59",
  "2023-02-29 23:59",
  "1900-02-29 00:00",
  "2000-02-29 00:00",
  "2024-04-30 00:00",
  "2024-04-31 00:00",
  "2024-12-31 24:00",
  "2024-12-31 24:00:01",
  "2024-12-31 24:01",
  "2024-01-31 23:60",
  "2024-01-31 23:59:60",
  "2024-00-10 00:00",
  "2024-13-10 00:00",
  "2024-01-00 00:00",
  "2024-01-32 00:00",
  "2024-01-01T00:00:00.",
  "2024-01-01T00:00:00.5",
  "2024-01-01T00:00:00.5Z",
  "2024-01-01T00:00:00.5Zx",
  "2024-01-01T00:00:00+15:59",
  "2024-01-01T00:00:00+16:00",
  "2024-01-01T00:00:00-03:60",
  "2024-01-01T00:00:00-0330",
  "2024-01-01T00:00:00+08",
  "2024-01-01T00:00:00+8",
  "2024-01-01T00:00:00+080",
  "2024-01-01T00:00:00+08:0",
  "2024-01-01T00:00:00 +08:00",
  "2024-01-01T00:00+08:00",
  "2024-01-01_00:00",
  "2024/01/01 00:00",
  "2024-1-01 00:00",
  "2024-01-01 0:00",
  "2024-01-01 00:0",
  "2024-01-01 00:00:0",
  "2024-01-01",
  "202a-01-01 00:00",
  "2024-01-01 1a:00",
  "2024-01-01 00:0/",
  "2024-01-01 00:00:",
  "0000-01-01 00:00",
  "9999-12-31 23:59:59",
];

describe("a time as ISO writes it", () => {
  it("is read, or refused, as ever", () => {
    expect(readings(TIMES, isoTime)).toMatchSnapshot();
  });

  it("is the instant that other code makes of it", () => {
    const two = (value: number) => String(value).padStart(2, "0");
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 253_402_300_799 }),
        fc.integer({ min: -959, max: 959 }),
        fc.constantFrom("T", " "),
        fc.boolean(),
        (seconds, minutes, between, colon) => {
          const east = minutes * 60;
          const text = new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", between);
          const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
          const offset = `${minutes < 0 ? "-" : "+"}${two(hours)}${colon ? ":" : ""}${two(rest)}`;
          expect(isoTime(text)).toEqual({ seconds, absolute: false });
          expect(isoTime(`${text}${offset}`)).toEqual({ seconds: seconds - east, absolute: true });
          expect(isoTime(`${text}Z`)).toEqual({ seconds, absolute: true });
        },
      ),
    );
  });
});

const PATTERNS: Readonly<Record<string, readonly string[]>> = {
  "unix-seconds": ["0", "1", "1505084846", "1505084846.5", "1505084846.", ".5", "-1", "9".repeat(15), "1e3"],
  "unix-milliseconds": [
    "0",
    "999",
    "1000",
    "1505084846999",
    "1505084846999.5",
    "9".repeat(18),
    "9".repeat(19),
  ],
  "unix-microseconds": ["999999", "1000000", "1505084846999999"],
  "unix-nanoseconds": ["999999999", "1000000000", "1505084846999999999", "9".repeat(20)],
  "excel-days": [
    "0",
    "60",
    "61",
    "45357.5",
    "45357.999999",
    "2958466",
    "2958466.1",
    "2958467",
    "-1",
    "1.",
    "x",
  ],
  "yyyy-MM-dd HH:mm": [
    "2024-02-29 23:59",
    "2024-2-29 23:59",
    "2024-02-29 23:59 ",
    "2024-02-29  23:59",
    "24-02-29 23:59",
  ],
  "d/M/yy H:m:s": ["1/2/24 3:4:5", "01/02/24 03:04:05", "1/2/2024 3:4:5", "31/12/99 23:59:59", "1/2/2 3:4:5"],
  "MMM d, yyyy h:mm a": [
    "Jan 1, 2024 12:00 AM",
    "dec 31, 2024 12:00 pm",
    "Feb 29, 2024 1:05 a.m.",
    "Feb 29, 2024 0:05 AM",
    "Feb 29, 2024 13:05 AM",
    "Foo 1, 2024 1:05 AM",
    "Feb 29, 2024 11:59 p.m.",
    "Feb 29, 2024 11:59 xx",
  ],
  "MMMM d yyyy": [
    "january 1 2024",
    "February 2 2024",
    "March 3 2024",
    "April 4 2024",
    "May 5 2024",
    "June 6 2024",
    "July 7 2024",
    "August 8 2024",
    "September 9 2024",
    "October 10 2024",
    "November 11 2024",
    "December 12 2024",
    "Decem 12 2024",
    " 12 2024",
  ],
  "MMM d yyyy": ["feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov"].map(
    (name) => `${name} 1 2024`,
  ),
  "yyyy/M/d a h:mm": ["上午", "下午", "午前", "午後", "오전", "오후", "am", "PM"].map(
    (word) => `2024/3/5 ${word} 12:04`,
  ),
  "EEE yyyy-MM-dd z": ["Mon 2024-01-01 CEST", "1 2024-01-01 CEST", "Mon 2024-01-01 ", "Mon 2024-01-01 C1"],
  "yyyy-MM-dd HH:mm:ssX": [
    "2024-01-01 00:00:00Z",
    "2024-01-01 00:00:00+08",
    "2024-01-01 00:00:00-0330",
    "2024-01-01 00:00:00+03:30",
    "2024-01-01 00:00:00",
    "2024-01-01 00:00:00+3",
  ],
  "yyyy-MM-dd HH:mm[:ss][.S][X]": [
    "2024-01-01 00:00",
    "2024-01-01 00:00:01",
    "2024-01-01 00:00:01.5",
    "2024-01-01 00:00.5",
    "2024-01-01 00:00:01.5Z",
    "2024-01-01 00:00Z",
    "2024-01-01 00:00:01.",
  ],
  "yyyy-MM-dd'T'HH:mm''": ["2024-01-01T00:00", "2024-01-01 00:00"],
};

describe("a time in a pattern", () => {
  it.each(Object.entries(PATTERNS))("%s is read, or refused, as ever", (pattern, texts) => {
    const read = timeParser(pattern);
    const all = [
      ...texts,
      ...texts.slice(0, 1).flatMap((text) => HEADS.flatMap((head) => [head + text, text + head])),
    ];
    expect(readings([...new Set(all)], read)).toMatchSnapshot();
  });

  it("is of a pattern that can be read, or is refused by it", () => {
    const patterns = [
      "yyyy-MM-dd[ HH:mm[:ss]]",
      "yyyy-MM-dd[a][b][c][d]",
      "[yyyy][-MM][-dd]",
      "yyyy-MM",
      "MM-dd",
      "yyyy-dd",
      "yyyy-MM-dd hh:mm",
      "yyyy-MM-dd HH:mm a",
      "yyyy-MM-dd hh:HH a",
      "yyyy-MM-dd q",
      "yyyyy-MM-dd",
      "yyyy-MM-dd'",
      "yyyy-MM-dd]",
      "",
      "unix",
      "constructor",
      "yyyy-MMM-dd",
      "yy-MMMM-d",
      "yyyy-MM-dd h a",
      "yyyy-MM-dd'[x]'",
    ];
    expect(
      patterns.map((pattern) => `${pattern}: ${messageOf(() => timeParser(pattern))}`).join("\n"),
    ).toMatchSnapshot();
  });

  it("has day and month exchanged in its pattern, and in the instant", () => {
    const patterns = [
      "iso",
      "excel-days",
      "unix-seconds",
      "dd/MM/yyyy HH:mm",
      "M/d/yy",
      "MMM d yyyy",
      "d.M.yyyy'dM'",
      "yyyy-MM",
      "EEE dd MM",
    ];
    expect(patterns.map((pattern) => [pattern, exchangedFormat(pattern)])).toMatchSnapshot();
    const at = (text: string) => Date.parse(text) / 1000;
    expect(exchangeDayAndMonth(at("2024-03-12T10:20:30Z"))).toBe(at("2024-12-03T10:20:30Z"));
    expect(exchangeDayAndMonth(at("2024-03-13T10:20:30Z"))).toBe(at("2024-03-13T10:20:30Z"));
    expect(exchangeDayAndMonth(at("2024-01-12T00:00:00Z"))).toBe(at("2024-12-01T00:00:00Z"));
    expect(exchangeDayAndMonth(at("2024-12-01T00:00:00Z"))).toBe(at("2024-01-12T00:00:00Z"));
  });
});
