import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import { methodologyContent } from "../../../../src/stages/rules/methodologyContent.ts";
import { at, methodology, methodology2 } from "../quantify/support/helpers.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

describe("what a methodology says of itself as a rule", () => {
  it("is its name, place and scenario, with its canonical JSON and the hash of that", () => {
    const version = methodology();
    expect(methodologyContent(version)).toMatchObject({
      kind: "methodology",
      id: methodologyIdOf(version),
      json: canonicalJson(version),
      region: "WUHAN",
      name: "SMALL-BIKE",
      version: "1",
      timeZone: "Asia/Shanghai",
      scenario: "bike",
    });
  });

  it.each([
    // Both days in whole, in Shanghai.
    ["Asia/Shanghai", "2025-01-01", "2025-12-31", "2024-12-31T16:00:00Z", "2025-12-31T16:00:00Z"],
    ["Asia/Shanghai", "2025-06-30", "2025-06-30", "2025-06-29T16:00:00Z", "2025-06-30T16:00:00Z"],
    // The day on which the clock is set forward has 23 hours, the one on which it is set back 25.
    ["Europe/Paris", "2025-03-30", "2025-03-30", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z"],
    ["Europe/Paris", "2025-10-26", "2025-10-26", "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z"],
    // In São Paulo midnight was jumped over: the day began at one, which is three in UTC.
    ["America/Sao_Paulo", "2017-10-15", "2017-10-15", "2017-10-15T03:00:00Z", "2017-10-16T02:00:00Z"],
    ["America/Sao_Paulo", "2017-10-13", "2017-10-14", "2017-10-13T03:00:00Z", "2017-10-15T03:00:00Z"],
    // In Havana midnight comes twice, and the day begins with the first.
    ["America/Havana", "2025-11-02", "2025-11-02", "2025-11-02T04:00:00Z", "2025-11-03T05:00:00Z"],
  ])("of the first form is valid on whole days of %s, %s to %s", (timeZone, validFrom, validTo, from, to) => {
    const content = methodologyContent(methodology({ timeZone, validFrom, validTo }));
    expect([content.validFrom, content.validTo]).toEqual([at(from), at(to)]);
  });

  it("of the second form is valid between its minutes as they stand", () => {
    const content = methodologyContent(
      methodology2({ validFrom: "2026-03-05T02:58Z", validTo: "2026-03-05T03:01Z" }),
    );
    expect([content.validFrom, content.validTo]).toEqual([
      at("2026-03-05T02:58:00Z"),
      at("2026-03-05T03:01:00Z"),
    ]);
  });

  it("is refused where its zone is none", () => {
    expect(() => methodologyContent(methodology({ timeZone: "Asia/Nowhere" }))).toThrow(
      refusedFor("zone.unknown"),
    );
  });
});
