import { proveAtBlock } from "../adapters/chain/blockProof.ts";
import { findBatch } from "../adapters/storage/batches.ts";
import { findRetirement, findRetirementProof } from "../adapters/storage/findRetirement.ts";
import type { StoredRetirement } from "../adapters/storage/retirementRows.ts";
import { saveRetirementProof } from "../adapters/storage/retirements.ts";
import { StateError, UsageError } from "../base/errors/errors.ts";
import type { Retirement, RetirementLine } from "../base/types/retirement.ts";
import { decodeManifest } from "../format/manifest.ts";
import { encodeProofFile, type ProofFile, type ProofPart } from "../format/proofFile.ts";
import { Archive } from "../format/readArchive.ts";
import { batchWordSlots, retirementSlot } from "../format/storageLayout.ts";
import type { Context } from "./context.ts";
import { unknownBatch } from "./describeBatch.ts";

/** What opens the hashes of a retirement; kept here and shown in proof files, never on chain. */
export type RetirementDisclosure = NonNullable<NonNullable<ProofFile["retirement"]>["disclosed"]>;

/**
 * The proof file of a retirement: serial range → leaves → root → block. It is made once, at the final head, and kept.
 * @throws UsageError `retirement.unknown`; StateError `retirement.not-final`
 */
export async function proveRetirement(context: Context, idOrPrefix: string): Promise<Uint8Array> {
  const found = await findRetirement(context.db, context.tenant, idOrPrefix);
  if (!found) throw new UsageError("retirement.unknown", `There is no retirement ${JSON.stringify(idOrPrefix.slice(0, 80))} here.`);
  return keepRetirementProof(context, found);
}

/** The kept proof of a retirement, made first where there is none. */
export async function keepRetirementProof(context: Context, stored: StoredRetirement): Promise<Uint8Array> {
  const { record, retirementId } = stored;
  if (!record)
    throw new StateError("retirement.not-final", `The retirement ${retirementId} is not final yet. Run the retire command again.`);
  const kept = await findRetirementProof(context.db, context.tenant, retirementId);
  if (kept) return kept;
  const proof = await buildProof(context, record, stored.disclosed);
  await saveRetirementProof(context.db, context.tenant, retirementId, proof);
  return proof;
}

async function buildProof(context: Context, record: Retirement, disclosed: string | null): Promise<Uint8Array> {
  const { client, deployment } = await context.chain();
  const { BatchRegistry, RetirementRegistry } = deployment.contracts;
  const lines = record.lines.toSorted((a, b) => (a.batchId < b.batchId ? -1 : 1));
  const { evidence } = await proveAtBlock(client, [
    { address: BatchRegistry, slots: lines.flatMap(({ batchId }) => batchWordSlots(batchId)) },
    { address: RetirementRegistry, slots: [retirementSlot(record.retirementId)] },
  ]);
  const parts: ProofPart[] = [];
  for (const line of lines) parts.push(await partOf(context, line));
  return encodeProofFile({
    format: "microtonne-proof/1",
    kind: "retirement",
    chainId: deployment.chainId.toString(),
    parts,
    retirement: { record, ...(disclosed === null ? {} : { disclosed: JSON.parse(disclosed) as RetirementDisclosure }) },
    block: evidence,
  });
}

/** The leaves that a serial range touches; the first and the last may be used in part only. */
async function partOf(context: Context, { batchId, start, end }: RetirementLine): Promise<ProofPart> {
  const batch = await findBatch(context.db, context.tenant, batchId);
  if (!batch) throw unknownBatch(batchId);
  const manifest = decodeManifest(batch.manifest);
  const archive = new Archive(context.archive.reader(batchId), manifest);
  const first = await archive.leafAtPosition(start);
  const last = await archive.leafAtPosition(end - 1n);
  return { batchId, manifest, ranges: [await archive.rangeProof(first.index, last.index)], strikes: [] };
}
