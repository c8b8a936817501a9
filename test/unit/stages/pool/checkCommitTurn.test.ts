import { describe, expect, it } from "vitest";
import { batchId } from "../../../../src/base/lib/ids.ts";
import { checkCommitTurn } from "../../../../src/stages/pool/checkCommitTurn.ts";
import type { BatchState } from "../../../../src/stages/pool/ports.ts";

const [A, B, C] = ["a", "b", "c"].map((digit) => batchId(`0x${digit.repeat(64)}`)) as [
  ReturnType<typeof batchId>,
  ReturnType<typeof batchId>,
  ReturnType<typeof batchId>,
];
const tenantsBatches = (...states: BatchState[]) =>
  states.map((state, index) => ({ batchId: [A, B, C][index] ?? C, state }));

describe("the turn of a commit", () => {
  it("comes in the order of the closings", () => {
    expect(() => checkCommitTurn(tenantsBatches("minted", "sealed", "sealed"), B)).not.toThrow();
    expect(() => checkCommitTurn(tenantsBatches("minted", "committing", "sealed"), C)).not.toThrow();
  });

  it("is refused while an earlier batch waits, which is named with the command that mints it", () => {
    expect(() => checkCommitTurn(tenantsBatches("minted", "sealed", "sealed"), C)).toThrowError(
      expect.objectContaining({
        code: "mint.order",
        remedy: { act: "mint-or-reopen-batches", batchId: B },
      }),
    );
  });
});
