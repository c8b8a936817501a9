import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../../../src/base/errors/errors.ts";
import { timeParser } from "../../../../../src/stages/ingest/fields/timeFormat.ts";

const at = (iso: string): number => Date.parse(iso) / 1000;

describe("time formats of the data that we know", () => {
  it.each([
    ["unix-seconds", "1505084846", 1_505_084_846, true],
    ["unix-seconds", "1505084846.75", 1_505_084_846, true],
    ["unix-milliseconds", "1505084846999", 1_505_084_846, true],
    ["dd/MM/yyyy HH:mm", "06/09/2018 23:55", at("2018-09-06T23:55:00Z"), false],
    ["M/d/yyyy H:mm", "5/31/2015 6:54", at("2015-05-31T06:54:00Z"), false],
    ["yyyy-MM-dd'T00:00:00' HH:mm", "2017-08-31T00:00:00 22:12", at("2017-08-31T22:12:00Z"), false],
    [
      "EEE MMM dd yyyy HH:mm:ss 'GMT'X (z)",
      "Fri Apr 14 2017 00:49:24 GMT+0200 (CEST)",
      at("2017-04-13T22:49:24Z"),
      true,
    ],
    ["EEE, dd MMM yyyy HH:mm:ss 'GMT'", "Mon, 25 Mar 2019 16:24:42 GMT", at("2019-03-25T16:24:42Z"), false],
    ["yyyy-MM-dd HH:mm:ss", "2012-02-10 08:30:00", at("2012-02-10T08:30:00Z"), false],
    ["d.M.yyyy h:mm a", "1.2.2020 12:05 AM", at("2020-02-01T00:05:00Z"), false],
    ["d.M.yyyy h:mm a", "1.2.2020 12:05 pm", at("2020-02-01T12:05:00Z"), false],
    ["unix-microseconds", "1505084846999999", 1_505_084_846, true],
    ["unix-nanoseconds", "1505084846999999999", 1_505_084_846, true],
    ["unix-milliseconds", "12", 0, true],
    ["excel-days", "45357.5", at("2024-03-06T12:00:00Z"), false],
    ["excel-days", "45357.336805555555", at("2024-03-06T08:05:00Z"), false],
    ["d/M/yy H:mm", "1/2/24 9:05", at("2024-02-01T09:05:00Z"), false],
    ["MMMM d, yyyy h:mm a", "September 3, 2024 1:05 p.m.", at("2024-09-03T13:05:00Z"), false],
    ["EEEE d MMMM yyyy HH:mm", "Tuesday 3 March 2024 13:05", at("2024-03-03T13:05:00Z"), false],
    ["yyyy年M月d日 ah:mm:ss", "2024年3月5日 下午3:04:05", at("2024-03-05T15:04:05Z"), false],
    ["yyyy/M/d a h:mm", "2024/3/5 오전 12:04", at("2024-03-05T00:04:00Z"), false],
    ["dd/MM/yyyy HH:mm[:ss]", "06/09/2018 23:55", at("2018-09-06T23:55:00Z"), false],
    ["dd/MM/yyyy HH:mm[:ss]", "06/09/2018 23:55:10", at("2018-09-06T23:55:10Z"), false],
    ["yyyy-MM-dd HH:mm:ss[.S]", "2018-09-06 23:55:10.123", at("2018-09-06T23:55:10Z"), false],
    ["dd/MM/yyyy HH:mm", "31/12/2018 24:00", at("2019-01-01T00:00:00Z"), false],
    ["iso", "2024-02-28T24:00:00+08:00", at("2024-02-28T16:00:00Z"), true],
    ["iso", "2025-06-01T08:00:00+08:00", at("2025-06-01T00:00:00Z"), true],
    ["iso", "2025-06-01T08:00Z", at("2025-06-01T08:00:00Z"), true],
    ["iso", "2025-06-01 08:00:00.123456", at("2025-06-01T08:00:00Z"), false],
    ["iso", "2025-06-01T08:00:00.5-0330", at("2025-06-01T11:30:00Z"), true],
  ])("%s reads %s", (format, text, seconds, absolute) => {
    expect(timeParser(format)(text)).toEqual({ seconds, absolute });
  });

  it.each([
    ["unix-seconds", "-5"],
    ["unix-seconds", "1e9"],
    ["unix-seconds", ""],
    ["dd/MM/yyyy HH:mm", "6/09/2018 23:55"],
    ["dd/MM/yyyy HH:mm", "31/02/2018 23:55"],
    ["dd/MM/yyyy HH:mm", "29/02/2018 10:00"],
    ["dd/MM/yyyy HH:mm", "01/13/2018 10:00"],
    ["dd/MM/yyyy HH:mm", "01/12/2018 24:01"],
    ["iso", "2025-06-01T24:00:01Z"],
    ["dd/MM/yyyy HH:mm", "01/12/2018 25:00"],
    ["d/M/yy H:mm", "1/2/2024 9:05"],
    ["dd/MM/yyyy HH:mm[:ss]", "06/09/2018 23:55:1"],
    ["d MMMM yyyy", "3 Mar 2024"],
    ["yyyy-MM-dd h:mm a", "2024-03-05 3:04 xm"],
    ["excel-days", "45357,5"],
    ["excel-days", "2958467"],
    ["unix-microseconds", "17000000000000000000000"],
    ["dd/MM/yyyy HH:mm", "01/12/2018 10:00:00"],
    ["dd/MM/yyyy HH:mm", "00/12/2018 10:00"],
    ["h:mm a d/M/yyyy", "13:00 PM 1/1/2020"],
    ["iso", "2025-06-01"],
    ["iso", "2025-06-01T08:60:00Z"],
    ["iso", "2025-06-01T08:00:00+99:00"],
    ["iso", "2025-06-01T08:00:00 Z"],
    // A mark that is missing does not send the reader back.
    ["yyyy-MMdd", "20112"],
    ["yyyy.MM.dd", "2011.0112"],
  ])("%s refuses %j", (format, text) => {
    expect(timeParser(format)(text)).toBeNull();
  });

  it("reads every second of ISO 8601 as JavaScript does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_799 }), (seconds) => {
        expect(timeParser("iso")(new Date(seconds * 1000).toISOString())).toEqual({
          seconds,
          absolute: true,
        });
      }),
    );
  });

  it("reads 29 February in leap years only", () => {
    const parse = timeParser("yyyy-MM-dd");
    expect([1900, 1996, 2000, 2023, 2024].filter((year) => parse(`${String(year)}-02-29`) !== null)).toEqual([
      1996, 2000, 2024,
    ]);
  });
});

describe("patterns", () => {
  it.each([
    "HH:mm",
    "yyyy-MM",
    "yyyy-MM-dd QQ",
    "yyyy-MM-dd hh:mm",
    "yyyy-MM-dd HH:mm a",
    "yyyy-MM-dd 'open",
    "",
    "YYYY-MM-DD",
    "yyyy-MM-dd[ HH:mm[:ss]]",
    "[a][a][a][a]yyyy-MM-dd",
    "yyyy-MM-dd h:mm[ a]",
  ])("%j is refused", (pattern) => {
    expect(() => timeParser(pattern)).toThrow(InputError);
  });
});
