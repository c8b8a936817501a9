import { describe, expect, it } from "vitest";
import { parseDay } from "../../../../src/base/lib/time/calendar.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import type { Day } from "../../../../src/base/types/quantities.ts";
import { readAskedTerms, type AskedClosing } from "../../../../src/stages/pool/readAskedTerms.ts";

const HASH = `0x${"ab".repeat(32)}` as const;
/** Of the vintage 2025, on some day. */
const closedOn = (day: string, more: Partial<AskedClosing> = {}): AskedClosing => ({
  operator: `0x${"11".repeat(20)}`,
  region: regionCode("WUHAN"),
  vintage: 2025,
  category: "act",
  day: parseDay(day) as Day,
  ...more,
});

describe("the last day of use that a closing asks for", () => {
  it.each([
    ["the vintage's last day, while it lasts", "2025-12-31", "2025-07-01"],
    ["the day of closing", "2026-03-05", "2026-03-05"],
    ["a later one", "2026-03-06", "2026-03-05"],
    ["the last of the year 9999", "9999-12-31", "2026-03-05"],
  ])("may be %s", (_, useBy, day) => {
    expect(readAskedTerms({ useBy }, closedOn(day))).toEqual({ useBy: parseDay(useBy) });
  });

  it.each([
    ["before the vintage's last day", "2025-12-30", "2025-07-01", "2025-12-31"],
    ["before the day of closing", "2026-03-04", "2026-03-05", "2026-03-05"],
  ])("is refused %s, and the first that may be is named", (_, useBy, day, earliest) => {
    expect(() => readAskedTerms({ useBy }, closedOn(day))).toThrowError(
      expect.objectContaining({
        code: "close.use-by",
        message: expect.stringContaining(`Give ${earliest} or a later one`) as string,
      }),
    );
  });

  it("is refused where it is no day of the calendar", () => {
    expect(() => readAskedTerms({ useBy: "2026-02-30" }, closedOn("2026-01-01"))).toThrowError(
      expect.objectContaining({ code: "close.terms" }),
    );
  });
});

describe("what a closing is asked to say", () => {
  it("has none of what nobody asks for", () => {
    expect(readAskedTerms({}, closedOn("2026-01-01"))).toEqual({});
    const campaign = { id: "spring", documentHash: HASH };
    expect(readAskedTerms({ campaign }, closedOn("2026-01-01"))).toEqual({ campaign });
  });

  it.each([
    ["act", "project-owner"],
    ["project", "programme"],
  ] as const)("gives a batch of category %s no title of kind %s", (category, kind) => {
    const asked = { title: { kind, documentHash: HASH } };
    expect(() => readAskedTerms(asked, closedOn("2026-01-01", { category }))).toThrowError(
      expect.objectContaining({ code: "close.title-kind" }),
    );
  });

  it("promises no audience that an archive can't keep", () => {
    const to = (leaves: "public" | "participants", tiles: "public" | "participants") =>
      readAskedTerms({ audience: { leaves, tiles } }, closedOn("2026-01-01"));
    expect(to("public", "public")).toEqual({ audience: { leaves: "public", tiles: "public" } });
    for (const [leaves, tiles] of [
      ["participants", "public"],
      ["public", "participants"],
    ] as const)
      expect(() => to(leaves, tiles)).toThrowError(expect.objectContaining({ code: "close.audience" }));
  });
});
