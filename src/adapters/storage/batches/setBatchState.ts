import { StateError } from "../../../base/errors/errors.ts";
import { fromHex } from "../../../base/lib/bytes.ts";
import type { BatchId, TenantId } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import { BATCH_STATES, type BatchState } from "../../../stages/pool/ports.ts";
import type { Session } from "../engine/database.ts";
import { recordEvent } from "../events/recordEvent.ts";

/** A step of a batch's life as the chain told it. A reorg may lead back. */
export interface BatchStep {
  readonly from: BatchState;
  readonly to: Exclude<BatchState, "closing">;
  /** What the chain says is minted; unchanged where not given. */
  readonly mintedMilligrams?: Milligrams;
}

/**
 * Takes a batch from one state to another; a batch that is in `to` already only takes the minted figure. The
 * way forward past `committed` and `minted` is recorded as events; the way back, and standing still, are not.
 * @throws StateError `batch.state` where the batch is in neither state or unknown
 */
export async function setBatchState(
  db: Session,
  tenant: TenantId,
  batchId: BatchId,
  step: BatchStep,
): Promise<void> {
  await db.transaction(async (tx) => {
    const [changed] = await tx.query<{ was: BatchState; minted: bigint }>(
      `UPDATE batches b SET state = $4, minted_milligrams = coalesce($5, b.minted_milligrams)
       FROM (SELECT state FROM batches WHERE tenant = $1 AND batch_id = $2 FOR UPDATE) old
       WHERE b.tenant = $1 AND b.batch_id = $2 AND old.state IN ($3, $4)
       RETURNING old.state AS was, b.minted_milligrams AS minted`,
      [tenant, fromHex(batchId, 32), step.from, step.to, step.mintedMilligrams ?? null],
    );
    if (changed === undefined) {
      throw new StateError(
        "batch.state",
        `Batch ${batchId} is not ${step.from}, so it can't become ${step.to}.`,
      );
    }
    const passes = (state: BatchState): boolean =>
      BATCH_STATES.indexOf(changed.was) < BATCH_STATES.indexOf(state) &&
      BATCH_STATES.indexOf(state) <= BATCH_STATES.indexOf(step.to);
    if (passes("committed")) await recordEvent(tx, tenant, { type: "batch.committed", data: { batchId } });
    if (passes("minted")) {
      await recordEvent(tx, tenant, {
        type: "batch.minted",
        data: { batchId, mintedMilligrams: changed.minted.toString() },
      });
    }
  });
}
