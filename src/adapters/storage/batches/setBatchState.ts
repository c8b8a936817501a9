import { fromHex } from "../../../base/lib/bytes.ts";
import type { BatchId, TenantId } from "../../../base/types/ids.ts";
import type { BatchEvent, BatchState, DecideBatchStep } from "../../../stages/pool/ports.ts";
import type { Session } from "../engine/database.ts";
import { recordEvent } from "../events/recordEvent.ts";

/**
 * Takes a batch where `decide` says that what happened takes it, with the minted figure that the chain shows,
 * and records the events that integrators are told.
 * @throws StateError as `decide`
 */
export async function setBatchState(
  db: Session,
  tenant: TenantId,
  batchId: BatchId,
  event: BatchEvent,
  decide: DecideBatchStep,
): Promise<void> {
  const which = [tenant, fromHex(batchId, 32)] as const;
  const minted = "mintedMilligrams" in event ? event.mintedMilligrams : null;
  await db.transaction(async (tx) => {
    const [batch] = await tx.query<{ state: BatchState }>(
      "SELECT state FROM batches WHERE tenant = $1 AND batch_id = $2 FOR UPDATE",
      which,
    );
    const { to, told } = decide(batchId, batch?.state ?? null, event);
    const [changed] = await tx.query<{ minted: bigint }>(
      `UPDATE batches SET state = $3, minted_milligrams = coalesce($4, minted_milligrams)
       WHERE tenant = $1 AND batch_id = $2 RETURNING minted_milligrams AS minted`,
      [...which, to, minted],
    );
    for (const state of told)
      await recordEvent(
        tx,
        tenant,
        state === "committed"
          ? { type: "batch.committed", data: { batchId } }
          : {
              type: "batch.minted",
              data: { batchId, mintedMilligrams: (changed as { minted: bigint }).minted.toString() },
            },
      );
  });
}
