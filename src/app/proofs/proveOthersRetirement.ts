import { readRetirement } from "../../adapters/chain/readOnly.ts";
import { UnknownError } from "../../base/errors/errors.ts";
import type { RetirementId } from "../../base/types/ids.ts";
import { readChain } from "../chain/readChain.ts";
import type { Context } from "../context.ts";
import { archiveFrom, NO_ARCHIVES, type OwnBatches, type ProveOptions } from "./batchArchive.ts";
import { buildRetirementProof } from "./buildRetirementProof.ts";
import { withAllLeaves } from "./withAllLeaves.ts";

/**
 * The proof file of a retirement that another folder made, from the chain's own record and the batches'
 * archives, at the newest final block. It discloses nothing. Kept nowhere.
 * @param own the data folder, whose batches it may take from; null where there is none
 * @param id the whole id: 0x and 64 hex digits
 * @throws UsageError `retirement.unknown`, `prove.archive`; StateError `retirement.not-final`
 */
export async function proveOthersRetirement(
  place: Pick<Context, "config" | "node">,
  own: OwnBatches,
  id: RetirementId,
  { allLeaves = false, archives = NO_ARCHIVES }: ProveOptions = {},
): Promise<Uint8Array> {
  const chain = await readChain(place);
  const { contracts, block } = chain.deployment;
  const record = await readRetirement(chain.client, contracts, id, BigInt(block));
  if (record === null)
    throw new UnknownError(
      "retirement.unknown",
      `There is no retirement ${id} here, and none on the chain ${String(chain.deployment.chainId)}.`,
    );
  const proof = await buildRetirementProof(chain, own, record, { disclosed: null, archives });
  return allLeaves ? withAllLeaves(archiveFrom(own, archives), proof) : proof;
}
