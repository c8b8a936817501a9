import { describe, expect, it } from "vitest";
import { milligrams } from "../../../../src/base/lib/mass.ts";
import type { Address } from "../../../../src/base/types/ids.ts";
import type { Retirement } from "../../../../src/base/types/retirement.ts";
import { isAsPlanned } from "../../../../src/stages/retire/isAsPlanned.ts";
import { id, PLAN, recordOf } from "./support/retirements.ts";

const [first, second] = recordOf(PLAN).lines as [Retirement["lines"][number], Retirement["lines"][number]];

describe("the chain's record of a retirement", () => {
  it("is the one that was planned whenever, and at whichever serials, it happened", () => {
    expect(isAsPlanned(PLAN, recordOf(PLAN))).toBe(true);
    const later = { ...recordOf(PLAN, 999n), retiredAt: 5 as Retirement["retiredAt"] };
    expect(isAsPlanned(PLAN, later)).toBe(true);
    const spelled = { ...recordOf(PLAN), holder: PLAN.holder.toUpperCase().replace("0X", "0x") as Address };
    expect(isAsPlanned(PLAN, spelled)).toBe(true);
  });

  it.each<[string, Partial<Retirement>]>([
    ["id", { retirementId: id(9) as Retirement["retirementId"] }],
    ["holder", { holder: "0x00000000000000000000000000000000000000cc" }],
    ["beneficiary", { beneficiaryHash: id(9) }],
    ["document", { documentHash: id(9) }],
    ["purpose", { purpose: "event-neutrality" }],
    ["year", { reportingYear: 2024 }],
    ["country", { country: "SG" }],
    ["number of batches", { lines: [first] }],
    ["further batch", { lines: [first, second, { ...second, batchId: id(8) as typeof second.batchId }] }],
    ["batch", { lines: [first, { ...second, batchId: id(8) as typeof second.batchId }] }],
    ["order of batches", { lines: [second, first] }],
    ["milligram more", { lines: [first, { ...second, end: milligrams(second.end + 1n) }] }],
    ["milligram less", { lines: [{ ...first, start: milligrams(first.start + 1n) }, second] }],
  ])("is not where it has another %s", (_what, change) => {
    expect(isAsPlanned(PLAN, { ...recordOf(PLAN), ...change })).toBe(false);
  });
});
