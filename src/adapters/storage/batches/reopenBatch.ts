import { StateError } from "../../../base/errors/errors.ts";
import { fromHex } from "../../../base/lib/bytes.ts";
import type { BatchId, TenantId } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { BatchState, CheckReopen } from "../../../stages/pool/ports.ts";
import type { Database } from "../engine/database.ts";
import { lockAdmission } from "../reductions/admissionLock.ts";
import { recordMove } from "../reductions/recordMove.ts";
import { batchHead } from "./batches.ts";
import { findClosing } from "./closings.ts";

/** What is open again. */
export interface FreedReductions {
  readonly reductions: bigint;
  readonly milligrams: Milligrams;
}

/** What says of a closing which facts are its own, the closing itself last. */
const TABLES = ["batches", "closing_exclusions", "closing_withdrawals", "closing_projects", "closings"];

/**
 * Takes the batch that was sealed last away with its closing, in one transaction with the ledger's row: what
 * it froze is open again, and the batch before it is the head. A fact belongs to the first closing after it,
 * so with the last closing gone it belongs to the next one.
 * @throws StateError as `check`; `batch.unknown` where another process has just taken it away
 */
export async function reopenBatch(
  db: Database,
  tenant: TenantId,
  batchId: BatchId,
  check: CheckReopen,
): Promise<FreedReductions> {
  return db.transaction(async (tx) => {
    // No closing begins meanwhile and no act comes in; the row's lock holds off a commit that begins.
    await lockAdmission(tx, tenant, "alone");
    const [batch] = await tx.query<{ closing: number; state: BatchState }>(
      "SELECT closing, state FROM batches WHERE tenant = $1 AND batch_id = $2 FOR UPDATE",
      [tenant, fromHex(batchId, 32)],
    );
    if (batch === undefined)
      throw new StateError("batch.unknown", `Batch ${batchId} is not here any more: it was reopened.`);
    const { closing, state } = batch;
    const isClosing = (await findClosing(tx, tenant)) !== null;
    check({ batchId, state, newest: await batchHead(tx, tenant), isClosing });
    const [freed] = await tx.query<FreedReductions>(
      "SELECT reductions, milligrams FROM closings WHERE tenant = $1 AND closing = $2",
      [tenant, closing],
    );
    const { reductions, milligrams } = freed as FreedReductions;
    for (const table of TABLES)
      await tx.query(`DELETE FROM ${table} WHERE tenant = $1 AND closing = $2`, [tenant, closing]);
    await recordMove(tx, tenant, {
      from: "pooled",
      to: "open",
      reductions,
      milligrams,
      reference: `reopening of closing ${String(closing)}`,
    });
    return { reductions, milligrams };
  });
}
