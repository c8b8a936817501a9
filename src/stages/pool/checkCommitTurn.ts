import { StateError } from "../../base/errors/errors.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { BatchSummary } from "./ports.ts";

/**
 * Each manifest names the batch before it, so batches are committed in the order of their closing.
 * @param batches the tenant's, in that order
 * @throws StateError `mint.order` where an earlier one waits
 */
export function checkCommitTurn(
  batches: readonly Pick<BatchSummary, "batchId" | "state">[],
  batchId: BatchId,
): void {
  const first = batches.find(({ state }) => state === "sealed");
  if (!first || first.batchId === batchId) return;
  throw new StateError(
    "mint.order",
    `Batch ${first.batchId} was closed before this one and must be minted first. Where nobody can ` +
      `attest it, ` +
      "batches are given up, the newest first.",
    { remedy: { act: "mint-or-reopen-batches", batchId: first.batchId } },
  );
}
