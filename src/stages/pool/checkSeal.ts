import { CheckFailedError } from "../../base/errors/errors.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import type { Closing } from "./ports.ts";

/**
 * Whether a batch is what its closing froze: to the milligram, and behind the batch that its manifest names.
 * @param head the batch sealed last
 * @throws CheckFailedError `batch.total-differs`, `batch.head-differs`
 */
export function checkSeal(
  closing: Pick<Closing, "milligrams" | "previousBatchId">,
  totalMilligrams: Milligrams,
  head: BatchId | null,
): void {
  if (totalMilligrams !== closing.milligrams) {
    throw new CheckFailedError(
      "batch.total-differs",
      `The leaves add up to ${totalMilligrams.toString()} mg, but ` +
        `${closing.milligrams.toString()} mg were frozen for this closing.`,
    );
  }
  if (head !== closing.previousBatchId) {
    throw new CheckFailedError(
      "batch.head-differs",
      "The manifest of this closing names another previous batch than the one sealed last.",
    );
  }
}
