import { join } from "node:path";
import { archiveFolder } from "../../adapters/archive/archiveFolder.ts";
import { readBatch, readHead } from "../../adapters/chain/readOnly.ts";
import { readWithdrawal } from "../../adapters/chain/reads/readWithdrawal.ts";
import { providerKeys } from "../../adapters/storage/providers/providerKeys.ts";
import type { Address, BatchId } from "../../base/types/ids.ts";
import type { Signer } from "../../stages/outbox/ports.ts";
import type { ChainSide, Context } from "../context.ts";
import type { Verifier } from "./attestBatch.ts";

/**
 * A verifier with a folder of its own: one of the local network, or an outside one that signs with its key.
 * @param operator whose batch it looks at: its last one on chain is the one that the batch must follow
 */
export async function openVerifier(
  context: Context,
  chain: ChainSide,
  signer: Signer,
  operator: Address = chain.operator.address,
): Promise<Verifier> {
  const kept = archiveFolder(join(context.config.folder, "verifiers", signer.address.slice(2)));
  await context.refreshRules();
  const live: BatchId[] = [];
  for (const batchId of await kept.list())
    if (await readBatch(chain.client, chain.deployment.contracts, batchId)) live.push(batchId);
  return {
    signer,
    keys: context.keys.activities,
    methodologies: context.methodologies,
    plausibility: context.plausibility,
    classLists: context.classLists,
    deployment: chain.deployment,
    local: context.local,
    kept,
    now: context.clock.now(),
    live,
    withdrawnAt: (id) =>
      readWithdrawal(chain.client, chain.deployment.contracts, id, BigInt(chain.deployment.block)),
    head: await readHead(chain.client, chain.deployment.contracts, operator),
    signingKeys: await providerKeys(context.db, context.tenant, null),
  };
}
