import { StateError } from "../../../base/errors/errors.ts";
import { fromHex, toHex } from "../../../base/lib/bytes.ts";
import { yearOfDay } from "../../../base/lib/time/calendar.ts";
import type { BatchId, TenantId } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { Database } from "../engine/database.ts";
import { batchHead } from "./batches.ts";
import type { CheckSeal } from "../../../stages/pool/ports.ts";
import { recordEvent } from "../events/recordEvent.ts";
import { knownClosing } from "./knownClosing.ts";

/** A batch as its builder hands it over. All hashes are 32 bytes. */
export interface SealedBatch {
  readonly closingId: Uint8Array;
  readonly batchId: BatchId;
  readonly root: Uint8Array;
  readonly totalMilligrams: Milligrams;
  readonly leafCount: number;
  readonly leavesHash: Uint8Array;
  readonly bufferMilligrams: Milligrams;
  /** Canonical bytes, whose hash is the batch id. */
  readonly manifest: Uint8Array;
}

/**
 * Ends a closing with the batch that was made of it. Idempotent: sealing the same batch again records no
 * event.
 * @throws CheckFailedError as `check`
 * @throws StateError `closing.unknown`, `closing.sealed` where the closing ended in another batch
 */
export async function sealBatch(
  db: Database,
  tenant: TenantId,
  batch: SealedBatch,
  check: CheckSeal,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { number, sealed, closing } = await knownClosing(tx, tenant, batch.closingId);
    if (sealed) {
      const same = await tx.query(
        "SELECT 1 FROM batches WHERE tenant = $1 AND closing = $2 AND batch_id = $3",
        [tenant, number, fromHex(batch.batchId, 32)],
      );
      if (same.length === 1) return;
      throw new StateError(
        "closing.sealed",
        `The closing ended in another batch than ${batch.batchId}; it can't end twice.`,
      );
    }
    check(closing, batch.totalMilligrams, await batchHead(tx, tenant));
    const ended = await tx.query(
      "UPDATE closings SET sealed = true WHERE tenant = $1 AND closing = $2 AND NOT sealed RETURNING 1",
      [tenant, number],
    );
    if (ended.length === 0)
      throw new StateError("closing.sealed", "Another process has just sealed this closing.");
    await tx.query(
      `INSERT INTO batches (tenant, batch_id, closing, state, root, total_milligrams, leaf_count, leaves_hash,
       buffer_milligrams, manifest)
       VALUES ($1, $2, $3, 'sealed', $4, $5, $6, $7, $8, $9)`,
      [
        tenant,
        fromHex(batch.batchId, 32),
        number,
        batch.root,
        batch.totalMilligrams,
        batch.leafCount,
        batch.leavesHash,
        batch.bufferMilligrams,
        batch.manifest,
      ],
    );
    await recordEvent(tx, tenant, {
      type: "batch.sealed",
      data: {
        batchId: batch.batchId,
        region: closing.region,
        vintage: yearOfDay(closing.startDay),
        leafCount: batch.leafCount,
        root: toHex(batch.root),
        totalMilligrams: batch.totalMilligrams.toString(),
        bufferMilligrams: batch.bufferMilligrams.toString(),
      },
    });
  });
}
