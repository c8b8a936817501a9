import { describe, expect, it } from "vitest";
import { firstDayOfMonth, monthOfDay } from "../../../../src/base/lib/time/calendar.ts";
import { providerId } from "../../../../src/base/lib/ids.ts";
import type { Day } from "../../../../src/base/types/quantities.ts";
import { decideClosingProjects } from "../../../../src/stages/projects/decideClosingProjects.ts";
import type {
  OpenProjectDay,
  Project,
  ProjectState,
  ReportedPeriod,
} from "../../../../src/stages/projects/ports.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const day = (text: string): Day => (Date.parse(`${text}T00:00:00Z`) / 86_400_000) as Day;
const HASH = `0x${"11".repeat(32)}` as const;
type Ends = readonly [from: string, to: string];
const said = (what: "monitor" | "verify", [from, to]: Ends) => {
  const report: ReportedPeriod = { startDay: day(from), endDay: day(to), documentHash: HASH };
  return { what, said: JSON.stringify({ report }) };
};
/** Of a project credited from 2025-01-12 to 2025-06-10 everything is monitored. */
const project = (id: string, state: ProjectState, verified: readonly Ends[]): Project =>
  ({
    id: providerId(id),
    state,
    creditingPeriod: { startDay: day("2025-01-12"), endDay: day("2025-06-10") },
    decisions: [
      said("monitor", ["2025-01-12", "2025-06-10"]),
      ...verified.map((ends) => said("verify", ends)),
    ],
  }) as unknown as Project;
const open = (id: string, ...months: readonly string[]): OpenProjectDay[] =>
  months.map((month) => ({ provider: providerId(id), day: day(`2025-${month}-01`), records: 12 }));
const ALL: readonly Ends[] = [["2025-01-12", "2025-06-10"]];
const months = ({ taken }: ReturnType<typeof decideClosingProjects>) =>
  taken.map(({ startDay, endDay }) => {
    const last = monthOfDay(endDay);
    expect([startDay, endDay + 1]).toEqual([
      firstDayOfMonth(monthOfDay(startDay)),
      firstDayOfMonth(last + 1),
    ]);
    return [
      monthOfDay(startDay) - monthOfDay(day("2025-01-01")) + 1,
      last - monthOfDay(day("2025-01-01")) + 1,
    ];
  });

describe("a closing of projects", () => {
  it("takes nothing of a period that is monitored and not verified, whatever the state", () => {
    for (const state of ["registered", "monitored", "verified", "issued"] as const)
      expect(() => decideClosingProjects([project("one", state, [])], open("one", "02"))).toThrow(
        expect.objectContaining({
          code: "project.not-verified",
          message: expect.stringContaining("project one (2025-02; records: 12): No verification") as string,
        }),
      );
  });

  it("names the months that stay out, and their records", () => {
    const days = open("one", "01", "02", "03", "03");
    const { leftOut } = decideClosingProjects(
      [project("one", "verified", [["2025-01-12", "2025-01-31"]])],
      days,
    );
    expect(leftOut).toMatchObject([{ project: "one", months: ["2025-02", "2025-03"], records: 36 }]);
  });

  it("takes whole months whose credited days are verified, also while the next is monitored", () => {
    const verified: readonly Ends[] = [["2025-01-12", "2025-03-31"]];
    for (const state of ["monitored", "verified", "issued"] as const) {
      const decided = decideClosingProjects(
        [project("one", state, verified)],
        open("one", "01", "02", "03", "04"),
      );
      expect(months(decided)).toEqual([[1, 3]]);
      expect(decided.leftOut.map((one) => [one.project, one.code])).toEqual([
        ["one", "project.not-verified"],
      ]);
    }
  });

  it.each<[string, readonly Ends[], number[][]]>([
    ["one day short at the end", [["2025-02-01", "2025-03-30"]], [[2, 2]]],
    ["one day short at the beginning", [["2025-02-02", "2025-03-31"]], [[3, 3]]],
    ["one day short of the crediting period's beginning", [["2025-01-13", "2025-02-28"]], [[2, 2]]],
    ["the crediting period's first and last month", ALL, [[1, 6]]],
    ["one day short of the crediting period's end", [["2025-05-01", "2025-06-09"]], [[5, 5]]],
    [
      "a month in two periods that touch",
      [
        ["2025-03-16", "2025-03-31"],
        ["2025-03-01", "2025-03-15"],
      ],
      [[3, 3]],
    ],
    [
      "periods with a day between them",
      [
        ["2025-02-01", "2025-03-15"],
        ["2025-03-17", "2025-04-30"],
      ],
      [
        [2, 2],
        [4, 4],
      ],
    ],
    [
      "a period within another",
      [
        ["2025-02-01", "2025-03-31"],
        ["2025-02-10", "2025-02-12"],
      ],
      [[2, 3]],
    ],
  ])("holds each month against the verified days: %s", (_name, verified, expected) => {
    const decided = decideClosingProjects(
      [project("one", "issued", verified)],
      open("one", "01", "02", "03", "04", "05", "06"),
    );
    expect(months(decided)).toEqual(expected);
  });

  it("asks for the month, whatever day of it a record has", () => {
    const decided = decideClosingProjects(
      [project("one", "issued", ALL)],
      [{ provider: providerId("one"), day: day("2025-02-28"), records: 1 }],
    );
    expect(months(decided)).toEqual([[2, 2]]);
  });

  it("leaves out by name what does not stand, once for each reason", () => {
    const projects = [
      project("fine", "issued", ALL),
      project("gone", "expired", ALL),
      project("new", "noticed", []),
    ];
    const { taken, leftOut } = decideClosingProjects(projects, [
      ...open("fine", "02", "07", "08"),
      ...open("gone", "02", "03"),
      ...open("new", "02"),
      ...open("stranger", "02"),
    ]);
    expect(taken.map((one) => one.project)).toEqual(["fine"]);
    expect(leftOut.map((one) => [one.project, one.code])).toEqual([
      ["fine", "project.outside-crediting-period"],
      ["gone", "project.expired"],
      ["new", "project.not-registered"],
      ["stranger", "project.unknown"],
    ]);
  });

  it("keeps the months of two projects apart", () => {
    const { taken } = decideClosingProjects(
      [project("a-one", "issued", ALL), project("b-two", "issued", ALL)],
      [...open("a-one", "02"), ...open("b-two", "02", "03")],
    );
    expect(taken).toEqual([
      { project: "a-one", startDay: day("2025-02-01"), endDay: day("2025-02-28") },
      { project: "b-two", startDay: day("2025-02-01"), endDay: day("2025-03-31") },
    ]);
  });

  it("is refused with the first reason where nothing is left", () => {
    const fine = project("fine", "issued", ALL);
    const december = { provider: providerId("fine"), day: day("2024-12-31"), records: 1 };
    for (const late of [open("fine", "07"), [december]])
      expect(() => decideClosingProjects([fine], late)).toThrow(
        refusedFor("project.outside-crediting-period"),
      );
    expect(() => decideClosingProjects([project("gone", "expired", ALL)], open("gone", "02"))).toThrow(
      refusedFor("project.expired"),
    );
    // Nothing open at all is the closing's own to refuse.
    expect(decideClosingProjects([], [])).toEqual({ taken: [], leftOut: [] });
  });
});
