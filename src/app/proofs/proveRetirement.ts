import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import { findRetirementProof } from "../../adapters/storage/retirements/retirements.ts";
import type { StoredRetirement } from "../../stages/retire/ports.ts";
import { saveRetirementProof } from "../../adapters/storage/retirements/retirements.ts";
import { StateError } from "../../base/errors/errors.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { Retirement, RetirementLine } from "../../base/types/retirement.ts";
import { decodeManifest, type Manifest } from "../../format/batch/manifest.ts";
import { leavesIn } from "../../format/proofs/liveRuns.ts";
import { parseDisclosure } from "../../format/onchain/retirementDisclosure.ts";
import { encodeProofFile, proofFormatOf, type ProofPart } from "../../format/proofs/proofFile.ts";
import { Archive } from "../../format/archive/readArchive.ts";
import type { Context } from "../context.ts";
import { leavesBehind, type LeavesBehind } from "./leavesBehind.ts";
import { listLeaves } from "./listLeaves.ts";
import { proveOnChain, type ProvenBatch } from "./proveOnChain.ts";
import { spanLeaves } from "./spanLeaves.ts";
import { withAllLeaves } from "./withAllLeaves.ts";
import { readChain } from "../chain/readChain.ts";
import { knownRetirement } from "../../adapters/storage/retirements/knownRetirement.ts";

/** A retirement of more leaves than this is proven by the ends of its spans: some 100 kB of leaves. */
export const MAX_LISTED_LEAVES = 256;

/**
 * The proof file of a retirement: serial range → leaves → root → block. It is made once, at the final head,
 * and kept.
 * @param allLeaves list every leaf, however many there are
 * @throws UsageError `retirement.unknown`; StateError `retirement.not-final`
 */
export async function proveRetirement(
  context: Context,
  idOrPrefix: string,
  allLeaves = false,
): Promise<Uint8Array> {
  const found = await knownRetirement(context.db, context.tenant, idOrPrefix);
  const kept = await keepRetirementProof(context, found);
  return allLeaves ? withAllLeaves(context, kept) : kept;
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
  const found: FoundLine[] = [];
  for (const [i, { batchId, manifest }] of named.entries()) {
    const [line, proven] = [lines[i], batches[i]] as [RetirementLine, ProvenBatch];
    const archive = new Archive(context.archive.reader(batchId), manifest);
    const behind = await leavesBehind(archive, proven, line);
    found.push({ line, proven, manifest, archive, behind });
  }
  const listed = found.reduce((sum, { behind }) => sum + leavesIn(behind.runs), 0) <= MAX_LISTED_LEAVES;
  const parts: ProofPart[] = [];
  for (const one of found) parts.push(await partOf(one, listed));
  const disclosure = disclosed === null ? null : parseDisclosure(disclosed);
  return encodeProofFile({
    format: proofFormatOf(parts, disclosure ?? undefined),
    kind: "retirement",
    chainId: chain.deployment.chainId.toString(),
    parts,
    retirement: {
      record,
      ...(disclosure === null ? {} : { disclosed: disclosure }),
    },
    block,
  });
}

/** A line of a retirement with what stands behind it. */
interface FoundLine {
  readonly line: RetirementLine;
  readonly proven: ProvenBatch;
  readonly manifest: Manifest;
  readonly archive: Archive;
  readonly behind: LeavesBehind;
}

async function partOf(
  { line, proven, manifest, archive, behind }: FoundLine,
  listed: boolean,
): Promise<ProofPart> {
  const { strikes, attesters } = proven;
  const shown = listed
    ? { ranges: await listLeaves(archive, behind.runs) }
    : { spans: await spanLeaves(archive, proven, line, behind.ends) };
  return { batchId: line.batchId, manifest, ...shown, strikes, attesters };
}

async function manifestOf(context: Context, batchId: BatchId): Promise<Manifest> {
  const batch = await knownBatch(context.db, context.tenant, batchId);
  return decodeManifest(batch.manifest);
}
