import { describe, expect, it } from "vitest";
import type { BatchId } from "../../../../src/base/types/ids.ts";
import { checkReopen } from "../../../../src/stages/pool/checkReopen.ts";
import type { ReopenFacts } from "../../../../src/stages/pool/ports.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const batchId: BatchId = `0x${"0a".repeat(32)}` as BatchId;
const facts: ReopenFacts = { batchId, state: "sealed", newest: batchId, isClosing: false };
const checked = (change: Partial<ReopenFacts>) => () => checkReopen({ ...facts, ...change });
const refused = (code: string): unknown => refusedFor(`reopen.${code}`);

describe("a batch", () => {
  it("is reopened while it is sealed, and the last one", () => {
    expect(checked({})).not.toThrow();
    const newest = `0x${"0b".repeat(32)}` as BatchId;
    expect(checked({ newest })).toThrow(refused("order"));
    expect(checked({ newest })).toThrow(
      expect.objectContaining({
        message: `Batch ${newest} was closed after batch ${batchId} and follows it. Reopen the newest first.`,
        remedy: { act: "reopen-batch", batchId: newest },
      }),
    );
    expect(checked({ newest: null })).toThrow(/^Batch none was closed after batch/);
    expect(checked({ state: "committed", isClosing: true, newest })).toThrow(refused("committed"));
    expect(checked({ isClosing: true, newest })).toThrow(refused("closing"));
    expect(checked({ isClosing: true })).toThrow(
      `A close that was cut off follows batch ${batchId}. Finish it by the same close, then reopen ` +
        "what it sealed first.",
    );
    expect(checked({ isClosing: true })).toThrow(refused("closing"));
  });

  it.each(["committing", "committed", "minting", "minted"] as const)("is not reopened once %s", (state) => {
    expect(checked({ state })).toThrow(refused("committed"));
    expect(checked({ state })).toThrow(
      expect.objectContaining({
        message:
          `Batch ${batchId} is ${state}, so it stands or may stand on chain and is not reopened. Where the ` +
          "chain refused its commit, minting it makes it sealed again.",
        remedy: { act: "mint-batch", batchId },
      }),
    );
  });
});
