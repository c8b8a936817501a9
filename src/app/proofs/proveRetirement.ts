import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import { findRetirementProof } from "../../adapters/storage/retirements/retirements.ts";
import type { StoredRetirement } from "../../stages/retire/ports.ts";
import { saveRetirementProof } from "../../adapters/storage/retirements/retirements.ts";
import { StateError } from "../../base/errors/errors.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { Retirement } from "../../base/types/retirement.ts";
import { decodeManifest, type Manifest } from "../../format/batch/manifest.ts";
import { encodeProofFile, type ProofPart, type RetirementDisclosure } from "../../format/proofs/proofFile.ts";
import { Archive } from "../../format/archive/readArchive.ts";
import type { Context } from "../context.ts";
import { leavesBehind } from "./leavesBehind.ts";
import { proveOnChain } from "./proveOnChain.ts";
import { readChain } from "../chain/readChain.ts";
import { knownRetirement } from "../../adapters/storage/retirements/knownRetirement.ts";

/**
 * The proof file of a retirement: serial range → leaves → root → block. It is made once, at the final head,
 * and kept.
 * @throws UsageError `retirement.unknown`; StateError `retirement.not-final`
 */
export async function proveRetirement(context: Context, idOrPrefix: string): Promise<Uint8Array> {
  const found = await knownRetirement(context.db, context.tenant, idOrPrefix);
  return keepRetirementProof(context, found);
}

/** The kept proof of a retirement, made first where there is none. */
export async function keepRetirementProof(context: Context, stored: StoredRetirement): Promise<Uint8Array> {
  const { record, retirementId } = stored;
  if (!record)
    throw new StateError(
      "retirement.not-final",
      `The retirement ${retirementId} is not final yet. Run the retire command again.`,
    );
  const kept = await findRetirementProof(context.db, context.tenant, retirementId);
  if (kept) return kept;
  const proof = await buildProof(context, record, stored.disclosed);
  await saveRetirementProof(context.db, context.tenant, retirementId, proof);
  return proof;
}

async function buildProof(
  context: Context,
  record: Retirement,
  disclosed: string | null,
): Promise<Uint8Array> {
  const chain = await readChain(context);
  const lines = record.lines.toSorted((a, b) => (a.batchId < b.batchId ? -1 : 1));
  const named = await Promise.all(
    lines.map(async ({ batchId }) => ({ batchId, manifest: await manifestOf(context, batchId) })),
  );
  const { block, batches } = await proveOnChain(chain, named, record.retirementId);
  const parts: ProofPart[] = [];
  for (const [i, { batchId, manifest }] of named.entries()) {
    const [line, proven] = [lines[i], batches[i]] as [(typeof lines)[number], (typeof batches)[number]];
    const ranges = await leavesBehind(new Archive(context.archive.reader(batchId), manifest), proven, line);
    parts.push({ batchId, manifest, ranges, strikes: proven.strikes, attesters: proven.attesters });
  }
  return encodeProofFile({
    format: "microtonne-proof/1",
    kind: "retirement",
    chainId: chain.deployment.chainId.toString(),
    parts,
    retirement: {
      record,
      ...(disclosed === null ? {} : { disclosed: JSON.parse(disclosed) as RetirementDisclosure }),
    },
    block,
  });
}

async function manifestOf(context: Context, batchId: BatchId): Promise<Manifest> {
  const batch = await knownBatch(context.db, context.tenant, batchId);
  return decodeManifest(batch.manifest);
}
