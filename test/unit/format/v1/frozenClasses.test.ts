import { describe, expect, it, vi } from "vitest";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { providerId } from "../../../../src/base/lib/ids.ts";
import type { ActivityRecord, Unit } from "../../../../src/base/types/activityRecord.ts";
import type { MicroUnits, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { canonicalRecords, parseRecords } from "../../../../src/format/batch/record.ts";
import { parseMethodology } from "../../../../src/format/batch/methodology.ts";
import { scenarioClass } from "../../../../src/format/batch/classes/scenarioClasses.ts";
import { methodology, methodology2 } from "../../stages/quantify/support/helpers.ts";
import { toldCodeOf } from "../support/vectors.ts";

// What a later version ships: a class more.
vi.mock("../../../../src/format/batch/classes/scenario-classes.json", async (original) => ({
  default: [
    ...(await original<{ default: object[] }>()).default,
    { code: 9, name: "tram", unit: "passenger-km" },
  ],
}));

const ride: ActivityRecord = {
  provider: providerId("wuhan-tram"),
  recordId: "r-1",
  scenario: "tram",
  startedAt: 120 as UnixSeconds,
  endedAt: null,
  quantity: 1_000_000n as MicroUnits,
  unit: "passenger-km",
};

describe("a class that came after the first format", () => {
  it("is one of this test's list", () => {
    expect(scenarioClass("tram")).toMatchObject({ code: 9 });
  });

  it("has no record of the first form, read or written, and has those of the second", () => {
    const second = canonicalRecords([ride], "microtonne-record/2");
    expect(parseRecords(utf8(second), "microtonne-record/2")).toMatchObject([ride]);
    const metro = canonicalRecords([{ ...ride, scenario: "metro" }]);
    expect(parseRecords(utf8(metro))).toMatchObject([{ scenario: "metro" }]);
    expect(toldCodeOf(() => parseRecords(utf8(metro.replace("metro", "tram"))))).toBe("record.malformed");
    expect(toldCodeOf(() => canonicalRecords([ride]))).toBe("scenario.unknown");
    // Of more records than one, or with what JSON escapes, the text is made in another way.
    expect(toldCodeOf(() => canonicalRecords([{ ...ride, recordId: "ü" }]))).toBe("scenario.unknown");
  });

  it("has no methodology of the first form, and has those of the second", () => {
    const unit: Unit = "passenger-km";
    expect(toldCodeOf(() => parseMethodology({ ...methodology(), scenario: "metro", unit }))).toBe(
      "accepted",
    );
    expect(toldCodeOf(() => parseMethodology({ ...methodology(), scenario: "tram", unit }))).toBe(
      "methodology.malformed",
    );
    expect(toldCodeOf(() => parseMethodology({ ...methodology2(), scenario: "tram", unit }))).toBe(
      "accepted",
    );
  });
});
