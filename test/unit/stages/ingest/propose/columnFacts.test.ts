import { describe, expect, it } from "vitest";
import { columnFacts, isAmbiguous, readTime } from "../../../../../src/stages/ingest/propose/columnFacts.ts";

const facts = (values: readonly string[], name = "x") => columnFacts(name, values, ",");

describe("what a column's values show", () => {
  it("are their number, how many differ, and whether they name their rows", () => {
    expect(facts([" a ", "b", "", "a"])).toMatchObject({
      name: "x",
      values: ["a", "b", "", "a"],
      filled: ["a", "b", "a"],
      distinct: 2,
      unique: false,
      numeric: false,
      spelling: null,
      times: [],
      absolute: false,
      dates: [],
      clock: null,
    });
    expect(facts(["a", "b"])).toMatchObject({ unique: true });
    expect(facts(["a", "b", ""])).toMatchObject({ unique: false });
    expect(facts(["a", "a"])).toMatchObject({ unique: false });
    expect(facts(["", ""])).toMatchObject({
      distinct: 0,
      numeric: false,
      spelling: null,
      times: [],
      dates: [],
      clock: null,
      absolute: false,
    });
  });

  it("are plain numbers where no spelling is to be said", () => {
    expect(facts(["1", "2.5"])).toMatchObject({ numeric: true });
    expect(columnFacts("x", ["1,5", "2,25"], ";")).toMatchObject({
      numeric: false,
      spelling: { numbers: { decimal: "," } },
    });
    expect(facts(["1 km", "2 km"])).toMatchObject({ numeric: false, spelling: { units: { km: "km" } } });
  });

  it.each([
    ["yyyy-MM-dd", "2024-03-25"],
    ["yyyy-MM-dd'T00:00:00'", "2024-03-25T00:00:00"],
    ["yyyy/M/d", "2024/3/25"],
    ["yyyyMMdd", "20240325"],
    ["dd/MM/yyyy", "25/03/2024"],
    ["MM/dd/yyyy", "03/25/2024"],
    ["d/M/yyyy", "25/3/2024"],
    ["M/d/yyyy", "3/25/2024"],
    ["dd.MM.yyyy", "25.03.2024"],
    ["dd-MM-yyyy", "25-03-2024"],
    ["MM-dd-yyyy", "03-25-2024"],
    ["dd MMM yyyy", "25 Mar 2024"],
    ["d MMMM yyyy", "5 March 2024"],
    ["MMMM d, yyyy", "March 25, 2024"],
    ["MMM d, yyyy", "Mar 25, 2024"],
    ["yyyy年M月d日", "2024年3月25日"],
    ["M/d/yy", "3/25/24"],
    ["d/M/yy", "25/3/24"],
    ["dd.MM.yy", "25.03.24"],
  ])("are dates as %s: %s", (format, text) => {
    const { dates, times, clock } = facts([text, text]);
    expect([dates[0], times, clock]).toEqual([format, [], null]);
    if (format.includes("'")) return;
    const whole = facts([`${text} 14:05:06`]);
    expect(whole.times).toContain(`${format} HH:mm:ss`);
    expect(whole.times[0]).toBe(format === "yyyy-MM-dd" ? "iso" : `${format} HH:mm:ss`);
    expect(whole.dates).toEqual([]);
  });

  it.each([
    ["HH:mm:ss", "14:05:06"],
    ["HH:mm", "14:05"],
    ["H:mm:ss", "4:05:06"],
    ["H:mm", "4:05"],
    ["hh:mm:ss a", "04:05:06 PM"],
    ["hh:mm a", "04:05 PM"],
    ["h:mm:ss a", "4:05:06 PM"],
    ["h:mm a", "4:05 PM"],
    ["ah:mm:ss", "下午4:05:06"],
    ["a h:mm:ss", "下午 4:05:06"],
    ["ah:mm", "下午4:05"],
    ["H时m分", "14时5分"],
    ["HHmmss", "140506"],
  ])("are times of day as %s: %s", (format, text) => {
    expect(facts([text])).toMatchObject({ clock: format, dates: [] });
    expect(facts([text, "x"]).clock).toBeNull();
    expect(facts([`25.03.2024 ${text}`]).times[0]).toBe(`dd.MM.yyyy ${format}`);
  });

  it.each([
    ["iso", "2024-03-25T14:05:06Z", true],
    ["iso", "2024-03-25T14:05:06+08:00", true],
    ["iso", "2024-03-25T14:05:06", false],
    ["yyyyMMddHHmmss", "20240325140506", false],
    ["EEE, dd MMM yyyy HH:mm:ss z", "Mon, 25 Mar 2024 14:05:06 GMT", false],
    ["EEE MMM d yyyy HH:mm:ss 'GMT'X (z)", "Mon Mar 25 2024 14:05:06 GMT+0800 (CST)", true],
    ["EEE MMM d HH:mm:ss z yyyy", "Mon Mar 25 14:05:06 CST 2024", false],
    ["unix-seconds", "1711375506", true],
    ["unix-seconds", "1711375506.25", true],
    ["unix-milliseconds", "1711375506000", true],
    ["unix-microseconds", "1711375506000000", true],
    ["unix-nanoseconds", "1711375506000000000", true],
  ] as const)("are points in time as %s: %s", (format, text, absolute) => {
    expect(facts([text])).toMatchObject({ absolute });
    expect(facts([text]).times[0]).toBe(format);
  });

  it("are counts of seconds only of this century", () => {
    for (const count of [
      "711375506",
      "5711375506",
      "17113755061",
      "171137550600",
      "x1711375506",
      "1711375506x",
    ])
      expect(facts([count]).times).toEqual([]);
    expect(facts(["1711375506", "5"]).times).toEqual([]);
    for (const digits of ["1711375506000", "1711375506000000", "1711375506000000000"])
      for (const odd of [`5${digits.slice(1)}`, `x${digits}`, `${digits}x`, `${digits}0`])
        expect(facts([odd]).times).toEqual([]);
  });

  it("are a spreadsheet's days only where a name of a time says so", () => {
    for (const name of ["Start", "END", "begin_at", "Date", "time", "开始时间", "日期"])
      expect(facts(["45000.25"], name)).toMatchObject({ times: ["excel-days"], absolute: false });
    expect(facts(["45000.25"], "km").times).toEqual([]);
    for (const day of ["37000.5", "39999.0", "69999.75"])
      expect(facts([day], "time").times).toEqual(["excel-days"]);
    for (const day of ["36999.5", "70000.5", "45000", "145000.5", "45000.5x", "x45000.5", "45000.", "4500.5"])
      expect(facts([day], "time").times).toEqual([]);
  });

  it("are dates where all are midnights", () => {
    const midnights = ["2024-03-25T00:00:00", "2024-03-26T00:00:00"];
    expect(facts(midnights)).toMatchObject({ times: [], dates: ["yyyy-MM-dd'T00:00:00'"] });
    expect(facts([...midnights, "2024-03-26T00:00:01"])).toMatchObject({ times: ["iso"], dates: [] });
    expect(facts(["2024-03-25 00:00"]).times).toEqual([]);
    expect(facts(["2024-03-25 00:01"]).times).not.toEqual([]);
  });

  it("have the formats first under which they jump least", () => {
    const days = ["1/3/2024", "2/3/2024", "3/3/2024", "4/3/2024"];
    expect(facts(days).dates.slice(0, 1)).toEqual(["d/M/yyyy"]);
    expect(facts(days).dates).toContain("M/d/yyyy");
    const months = ["3/1/2024", "3/2/2024", "3/3/2024", "3/4/2024"];
    expect(facts(months).dates[0]).toBe("M/d/yyyy");
    expect(facts(months.toReversed()).dates[0]).toBe("M/d/yyyy");
    expect(facts(months.map((day) => `${day} 8:05`)).times[0]).toBe("M/d/yyyy H:mm");
  });

  it("leave day and month open where both orders read all of them", () => {
    const both = ["d/M/yyyy", "M/d/yyyy"];
    expect(isAmbiguous("d/M/yyyy", both)).toBe(true);
    expect(isAmbiguous("d/M/yyyy", ["d/M/yyyy"])).toBe(false);
    expect(isAmbiguous("M/d/yyyy H:mm", ["d/M/yyyy H:mm"])).toBe(true);
    expect(isAmbiguous("yyyy-MM-dd", [...both, "yyyy-dd-MM"])).toBe(false);
    expect(isAmbiguous("iso", both)).toBe(false);
    expect(readTime("d/M/yyyy", "2/1/1970")).toBe(86_400);
    expect(readTime("d/M/yyyy", "x")).toBeNull();
  });
});
