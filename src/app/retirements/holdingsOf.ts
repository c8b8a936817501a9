import { creditBalance } from "../../adapters/chain/readOnly.ts";
import { readReceivedBatches } from "../../adapters/chain/reads/readReceivedBatches.ts";
import { listBatches } from "../../adapters/storage/batches/batches.ts";
import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import { idPrefix } from "../../adapters/storage/engine/idPrefix.ts";
import { UsageError } from "../../base/errors/errors.ts";
import { toMilligramsDown } from "../../base/lib/mass.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { Holding } from "../../stages/retire/allocateOldestFirst.ts";
import type { ChainSide, Context } from "../context.ts";
import { batchFacts } from "./batchFacts.ts";

/**
 * What the holder holds, by the chain's own word: of each batch that this folder minted, and of those of
 * which it got credits from somebody else.
 * @param only id or prefix of the one batch that is asked for; null for all
 * @throws UsageError `batch.unknown`, `batch.ambiguous`, `id.prefix`
 */
export async function holdingsOf(
  context: Context,
  chain: ChainSide,
  only: string | null,
): Promise<Holding[]> {
  const { client, deployment, holder } = chain;
  const own = await listBatches(context.db, context.tenant);
  const minted = own.filter(({ state }) => state === "minted");
  const received = (await readReceivedBatches(client, deployment, holder.address)).filter(
    (id) => !own.some(({ batchId }) => batchId === id),
  );
  const ids = [...minted.map(({ batchId }) => batchId), ...received];
  const wanted = only === null ? ids : await chosen(context, ids, only);
  const held = await Promise.all(
    wanted.map(async (batchId): Promise<Holding[]> => {
      const balance = await creditBalance(client, deployment.contracts, holder.address, batchId);
      const milligrams = toMilligramsDown(balance);
      const known = minted.find((batch) => batch.batchId === batchId);
      if (known) return [{ batchId, startDay: known.startDay, milligrams }];
      const facts = milligrams === 0n ? null : await batchFacts(context, batchId, chain);
      return facts === null ? [] : [{ batchId, startDay: facts.startDay, milligrams }];
    }),
  );
  return held.flat();
}

async function chosen(context: Context, ids: readonly BatchId[], only: string): Promise<BatchId[]> {
  const wanted = ids.filter((id) => id.startsWith(`0x${idPrefix(only)}`));
  if (wanted.length > 1)
    throw new UsageError("batch.ambiguous", `More than one batch id begins with ${only}. Give more digits.`);
  // It may be one of the folder that is not minted yet: then nothing of it is held.
  if (wanted.length === 0) await knownBatch(context.db, context.tenant, only);
  return wanted;
}
