import { StateError } from "../../base/errors/errors.ts";
import { fromHex } from "../../base/lib/bytes.ts";
import type { BatchId, TenantId } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import type { BatchState } from "../../stages/pool/ports.ts";
import type { Session } from "./database.ts";

/** A step of a batch's life as the chain told it. A reorg may lead back. */
export interface BatchStep {
  readonly from: BatchState;
  readonly to: Exclude<BatchState, "closing">;
  /** What the chain says is minted; unchanged where not given. */
  readonly mintedMilligrams?: Milligrams;
}

/**
 * Takes a batch from one state to another; a batch that is in `to` already only takes the minted figure.
 * @throws StateError `batch.state` where the batch is in neither state or unknown
 */
export async function setBatchState(db: Session, tenant: TenantId, batchId: BatchId, step: BatchStep): Promise<void> {
  const changed = await db.query(
    `UPDATE batches SET state = $4, minted_milligrams = coalesce($5, minted_milligrams)
     WHERE tenant = $1 AND batch_id = $2 AND state IN ($3, $4) RETURNING 1`,
    [tenant, fromHex(batchId, 32), step.from, step.to, step.mintedMilligrams ?? null],
  );
  if (changed.length === 0) {
    throw new StateError("batch.state", `Batch ${batchId} is not ${step.from}, so it can't become ${step.to}.`);
  }
}
