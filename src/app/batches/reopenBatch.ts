import { readBatch } from "../../adapters/chain/readOnly.ts";
import { batchHead } from "../../adapters/storage/batches/batches.ts";
import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import * as storage from "../../adapters/storage/batches/reopenBatch.ts";
import { StateError } from "../../base/errors/errors.ts";
import type { BatchId } from "../../base/types/ids.ts";
import { checkReopen } from "../../stages/pool/checkReopen.ts";
import type { Context } from "../context.ts";

/** A batch that is given up. */
export interface ReopenedBatch {
  readonly batchId: BatchId;
  /** How many reductions are open again. */
  readonly reductions: number;
  readonly milligrams: string;
  /** The batch that the next close follows; null where there is none. */
  readonly head: BatchId | null;
}

/**
 * Gives up a sealed batch that nobody can attest, so that it stops nobody: its reductions are open again, and
 * the next close follows the batch before it. Its archive stays where it is, as a whole one that no clean
 * removes. Should it come on chain all the same, verifiers refuse whatever was closed beside it.
 * @throws StateError `reopen.committed`, `reopen.closing`, `reopen.order`; UsageError `batch.unknown`
 */
export async function reopenBatch(context: Context, idOrPrefix: string): Promise<ReopenedBatch> {
  const { db, tenant } = context;
  const { batchId } = await knownBatch(db, tenant, idOrPrefix);
  const { client, deployment } = await context.chain();
  if ((await readBatch(client, deployment.contracts, batchId)) !== null)
    throw new StateError("reopen.committed", `The chain has batch ${batchId}, so it is not reopened.`, {
      remedy: { act: "mint-batch", batchId },
    });
  const { reductions, milligrams } = await storage.reopenBatch(db, tenant, batchId, checkReopen);
  return {
    batchId,
    reductions: Number(reductions),
    milligrams: milligrams.toString(),
    head: await batchHead(db, tenant),
  };
}
