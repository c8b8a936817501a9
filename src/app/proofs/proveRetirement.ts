import { findRetirementProof, saveRetirementProof } from "../../adapters/storage/retirements/retirements.ts";
import { knownRetirement } from "../../adapters/storage/retirements/knownRetirement.ts";
import { StateError } from "../../base/errors/errors.ts";
import type { StoredRetirement } from "../../stages/retire/ports.ts";
import { readChain } from "../chain/readChain.ts";
import type { Context } from "../context.ts";
import { archiveFrom, NO_ARCHIVES, type ArchiveOf, type ProveOptions } from "./batchArchive.ts";
import { buildRetirementProof } from "./buildRetirementProof.ts";
import { withAllLeaves } from "./withAllLeaves.ts";

/**
 * The proof file of a retirement of this folder: serial range → leaves → root → block. It is made once, at
 * the final head, and kept.
 * @throws UsageError `retirement.unknown`, `prove.archive`; StateError `retirement.not-final`
 */
export async function proveRetirement(
  context: Context,
  idOrPrefix: string,
  { allLeaves = false, archives = NO_ARCHIVES }: ProveOptions = {},
): Promise<Uint8Array> {
  const found = await knownRetirement(context.db, context.tenant, idOrPrefix);
  const kept = await keepRetirementProof(context, found, archives);
  return allLeaves ? withAllLeaves(archiveFrom(context, archives), kept) : kept;
}

/** The kept proof of a retirement, made first where there is none. @throws as `proveRetirement` */
export async function keepRetirementProof(
  context: Context,
  stored: StoredRetirement,
  archives: ArchiveOf,
): Promise<Uint8Array> {
  const { record, retirementId, disclosed } = stored;
  if (!record)
    throw new StateError(
      "retirement.not-final",
      `The retirement ${retirementId} is not final yet. Run the retire command again.`,
    );
  const kept = await findRetirementProof(context.db, context.tenant, retirementId);
  if (kept) return kept;
  const proof = await buildRetirementProof(await readChain(context), context, record, {
    disclosed,
    archives,
  });
  await saveRetirementProof(context.db, context.tenant, retirementId, proof);
  return proof;
}
