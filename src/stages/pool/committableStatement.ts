import { StateError } from "../../base/errors/errors.ts";
import { isStatement2, type BatchStatement } from "../../format/onchain/batchStatement.ts";
import type { BatchFormat } from "../../format/onchain/storageLayout.ts";
import type { BatchStatement1 } from "../../format/v1/batchStatement.ts";

/**
 * The statement of a batch that this version commits: one of the second format, to a registry that takes it.
 * @param registry the format of the batches that the deployment's registry takes
 * @throws StateError `batch.old-registry`, `batch.old-format`
 */
export function committableStatement(
  registry: BatchFormat,
  statement: BatchStatement1 | BatchStatement,
): BatchStatement {
  if (registry === "microtonne-batch/1")
    throw new StateError(
      "batch.old-registry",
      "The batch registry of this deployment takes batches of the first format, and this version commits " +
        "none: there it reads, proves, verifies and retires. Finish open batches with the version before, " +
        "or deploy anew and close them there.",
    );
  if (!isStatement2(statement))
    throw new StateError(
      "batch.old-format",
      `Batch ${statement.batchId} was sealed in the first format, which the batch registry of this ` +
        "deployment does not take, and a sealed batch is never changed. Read its records in anew in a " +
        "fresh data folder (MICROTONNE_FOLDER) and close them there with this version.",
    );
  return statement;
}
