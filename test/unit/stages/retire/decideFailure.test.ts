import { expect, it } from "vitest";
import { decideFailure } from "../../../../src/stages/retire/decideFailure.ts";
import { PLAN } from "./support/retirements.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const { retirementId } = PLAN;

it("a retirement fails while it waits, again without news, and never once final or unknown", () => {
  expect(decideFailure(retirementId, "requested")).toBe("failed");
  expect(decideFailure(retirementId, "failed")).toBe("again");
  for (const state of ["final", null] as const)
    expect(() => decideFailure(retirementId, state)).toThrowError(refusedFor("retirement.not-requested"));
});
