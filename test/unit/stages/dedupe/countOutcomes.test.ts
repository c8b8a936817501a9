import { expect, it } from "vitest";
import { countOutcomes } from "../../../../src/stages/dedupe/countOutcomes.ts";
import { reductionOf } from "./support/reductions.ts";

it("a chunk's counts tell duplicates by their code and lump together what is implausible", () => {
  const accepted = [reductionOf({ id: "a", milligrams: 3n }), reductionOf({ id: "b", milligrams: 4n })];
  expect(
    countOutcomes(
      [
        "accepted",
        "duplicate.closed",
        "plausibility.too-soon",
        "accepted",
        "duplicate.record-id",
        "duplicate.record-id",
        "plausibility.at-once",
      ],
      accepted,
    ),
  ).toEqual({
    accepted: 2,
    implausible: 2,
    duplicates: {
      "duplicate.record-id": 2,
      "duplicate.same-content": 0,
      "duplicate.activity-key": 0,
      "duplicate.closed": 1,
    },
    milligrams: 7n,
  });
});
