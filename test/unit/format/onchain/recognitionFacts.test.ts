import { expect, it } from "vitest";
import type { BatchId, RegionCode } from "../../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { recognitionFacts } from "../../../../src/format/onchain/recognitionFacts.ts";

it("the recognition of a retirement is told in sums, and as nothing where nobody was asked", () => {
  expect(recognitionFacts(undefined)).toBeNull();
  const line = (recognised: bigint) => ({
    batchId: `0x${"11".repeat(32)}` as BatchId,
    rule: "r",
    discountBps: 100,
    recognised: recognised as Milligrams,
  });
  const recognition = {
    authority: "WUHAN" as RegionCode,
    rulesHash: `0x${"22".repeat(32)}` as const,
    claim: 30n as Milligrams,
    lines: [line(10n), line(25n)],
  };
  expect(recognitionFacts(recognition)).toEqual({
    authority: "WUHAN",
    rulesHash: recognition.rulesHash,
    claimMilligrams: "30",
    recognisedMilligrams: "35",
  });
  expect(recognitionFacts({ ...recognition, rulesHash: null, lines: [] })).toMatchObject({
    rulesHash: null,
    recognisedMilligrams: "0",
  });
});
