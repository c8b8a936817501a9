import { describe, expect, it } from "vitest";
import type { BatchId } from "../../../../src/base/types/ids.ts";
import { checkReopen } from "../../../../src/stages/pool/checkReopen.ts";
import type { ReopenFacts } from "../../../../src/stages/pool/ports.ts";

const batchId: BatchId = `0x${"0a".repeat(32)}` as BatchId;
const facts: ReopenFacts = { batchId, state: "sealed", newest: batchId, isClosing: false };
const checked = (change: Partial<ReopenFacts>) => () => checkReopen({ ...facts, ...change });
const refused = (code: string): unknown => expect.objectContaining({ code: `reopen.${code}` });

describe("a batch", () => {
  it("is reopened while it is sealed, and the last one", () => {
    expect(checked({})).not.toThrow();
    const newest = `0x${"0b".repeat(32)}` as BatchId;
    expect(checked({ newest })).toThrow(refused("order"));
    expect(checked({ newest })).toThrow(newest);
    expect(checked({ isClosing: true })).toThrow(refused("closing"));
  });

  it.each(["committing", "committed", "minting", "minted"] as const)("is not reopened once %s", (state) => {
    expect(checked({ state })).toThrow(refused("committed"));
  });
});
