import { expect, it } from "vitest";
import { isHereAfter } from "../../../../src/stages/dedupe/isHereAfter.ts";
import { CLAIM_CODES, DUPLICATE_CODES } from "../../../../src/stages/dedupe/ports.ts";

it("is true of what was admitted and of what was here, and of no other refusal", () => {
  const outcomes = ["accepted", ...DUPLICATE_CODES, ...CLAIM_CODES, "plausibility.at-once"] as const;
  expect(outcomes.filter((outcome) => isHereAfter(outcome))).toEqual(["accepted", "duplicate.record-id"]);
});
