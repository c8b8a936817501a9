import { StateError } from "../../base/errors/errors.ts";
import type { RetirementId } from "../../base/types/ids.ts";
import type { Retirement, RetirementLine } from "../../base/types/retirement.ts";
import type { Archive } from "../../format/archive/readArchive.ts";
import type { Manifest } from "../../format/batch/manifest.ts";
import { parseDisclosure } from "../../format/onchain/retirementDisclosure.ts";
import { retirementRecordHash } from "../../format/onchain/retirementRecord.ts";
import { retirementSlot } from "../../format/onchain/storageLayout.ts";
import { leavesIn } from "../../format/proofs/liveRuns.ts";
import {
  encodeProofFile,
  proofFormatOf,
  type BlockEvidence,
  type ProofPart,
} from "../../format/proofs/proofFile.ts";
import type { ChainView } from "../chain/readChain.ts";
import { batchArchive, type ArchiveOf, type OwnBatches } from "./batchArchive.ts";
import { leavesBehind, type LeavesBehind } from "./leavesBehind.ts";
import { listLeaves } from "./listLeaves.ts";
import { proveOnChain, type ProvenBatch } from "./proveOnChain.ts";
import { spanLeaves } from "./spanLeaves.ts";

/** A retirement of more leaves than this is proven by the ends of its spans: some 100 kB of leaves. */
const MAX_LISTED_LEAVES = 256;

/**
 * The proof file of a retirement by its record: serial range → leaves → root → block, at the newest final
 * head.
 * @param own the data folder, whose batches it may take from; null where there is none
 * @throws UsageError `prove.archive`; StateError `retirement.not-final`
 */
export async function buildRetirementProof(
  chain: ChainView,
  own: OwnBatches,
  record: Retirement,
  { disclosed, archives }: { readonly disclosed: string | null; readonly archives: ArchiveOf },
): Promise<Uint8Array> {
  const lines = record.lines.toSorted((a, b) => (a.batchId < b.batchId ? -1 : 1));
  const named = await Promise.all(
    lines.map(async ({ batchId }) => ({ batchId, ...(await batchArchive(own, batchId, archives)) })),
  );
  const { block, batches } = await proveOnChain(chain, named, record.retirementId);
  if (!showsRecord(block, record)) throw notFinal(record.retirementId);
  const found: FoundLine[] = [];
  for (const [i, { manifest, archive }] of named.entries()) {
    const [line, proven] = [lines[i], batches[i]] as [RetirementLine, ProvenBatch];
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

/** Whether the block that the proof stands on has the record: an event may be younger than the final head. */
function showsRecord({ accounts }: BlockEvidence, record: Retirement): boolean {
  const slot = retirementSlot(record.retirementId);
  const shown = accounts.flatMap(({ storage }) => storage).find((one) => one.slot === slot);
  return shown?.value === retirementRecordHash(record);
}

function notFinal(id: RetirementId): StateError {
  return new StateError(
    "retirement.not-final",
    `The retirement ${id} is not final yet: the newest final block does not have it. Try again later.`,
  );
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
