import { describe, expect, it } from "vitest";
import { firstDayOf } from "../../../../src/base/lib/time/calendar.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import { checkSameClosing } from "../../../../src/stages/pool/checkSameClosing.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const WUHAN = regionCode("WUHAN");
const CLOSING = { region: WUHAN, startDay: firstDayOf(2025), category: "act" } as const;

describe("an unfinished closing", () => {
  it("goes on where the same is asked for", () => {
    expect(() => checkSameClosing(CLOSING, WUHAN, 2025)).not.toThrow();
  });

  it.each([
    [regionCode("SH"), 2025],
    [WUHAN, 2024],
  ])("stops another one, and says which to finish: %s %i", (region, vintage) => {
    expect(() => checkSameClosing(CLOSING, region, vintage)).toThrowError(
      expect.objectContaining({
        code: "closing.other",
        remedy: { act: "finish-closing", closing: { region: "WUHAN", vintage: 2025, category: "act" } },
      }),
    );
  });

  it("stops one of another category", () => {
    expect(() => checkSameClosing(CLOSING, WUHAN, 2025, "project")).toThrowError(refusedFor("closing.other"));
    const projects = { ...CLOSING, category: "project" } as const;
    expect(() => checkSameClosing(projects, WUHAN, 2025, "project")).not.toThrow();
    expect(() => checkSameClosing(projects, WUHAN, 2025)).toThrowError(
      expect.objectContaining({
        remedy: { act: "finish-closing", closing: { region: "WUHAN", vintage: 2025, category: "project" } },
      }),
    );
  });
});
