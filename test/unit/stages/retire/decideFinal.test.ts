import { describe, expect, it } from "vitest";
import { decideFinal } from "../../../../src/stages/retire/decideFinal.ts";
import type { StoredRetirement } from "../../../../src/stages/retire/ports.ts";
import { PLAN, recordOf, REQUESTED } from "./support/retirements.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const FINAL: StoredRetirement = { ...REQUESTED, state: "final", record: recordOf(PLAN) };

describe("a retirement that is final on chain", () => {
  it("becomes final here, also where it was held to have failed", () => {
    expect(decideFinal(REQUESTED, recordOf(PLAN))).toBe("final");
    expect(decideFinal({ ...REQUESTED, state: "failed", failure: "no" }, recordOf(PLAN))).toBe("final");
  });

  it("is known where the same record comes again", () => {
    expect(decideFinal(FINAL, recordOf(PLAN))).toBe("known");
  });

  it("is revised where a reorg gave it other serials or another time", () => {
    expect(decideFinal(FINAL, recordOf(PLAN, 100n))).toBe("revised");
    const later = { ...recordOf(PLAN), retiredAt: PLAN.requestedAt };
    expect(decideFinal(FINAL, later)).toBe("revised");
  });

  it("is refused where it is not what was asked for, whatever is here", () => {
    for (const stored of [REQUESTED, FINAL])
      expect(() => decideFinal(stored, { ...recordOf(PLAN), country: "SG" })).toThrowError(
        refusedFor("retirement.differs"),
      );
  });
});
