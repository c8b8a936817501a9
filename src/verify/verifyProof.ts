import { fromHex } from "../base/lib/bytes.ts";
import type { Address, SubjectKey } from "../base/types/ids.ts";
import type { Milligrams } from "../base/types/quantities.ts";
import type { Retirement } from "../base/types/retirement.ts";
import { SHIPPED_CLASS_LISTS, type ClassLists } from "../format/batch/classes/classLists.ts";
import { CapSums } from "../format/batch/methodologies/capSums.ts";
import { decodeProofFile, type ProofFile, type ProofPart } from "../format/proofs/proofFile.ts";
import { recogniseDown } from "../format/batch/recogniseDown.ts";
import {
  beneficiaryHash,
  documentHash,
  retirementRecordHash,
  type RetirementRecognition,
} from "../format/onchain/retirementRecord.ts";
import type { ChainState } from "./chain/chainState.ts";
import { checkBatchWords } from "./chain/checkBatchWords.ts";
import { checkPart, checkReadPart, type CheckedPart } from "./parts/checkPart.ts";
import type { JudgedPart, Judgement, ShownBy } from "./judgement.ts";
import { openAnchor } from "./chain/openAnchor.ts";
import { proofFacts } from "./proofFacts.ts";
import { proofSentences } from "./sentences/proofSentences.ts";
import { readSpans, type ArchiveOf } from "./readSpans.ts";
import { refuse } from "./refuse.ts";
import { checkLine, ListedLine, pairLines } from "./parts/retiredLines.ts";
import type { Trust } from "./trust.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Checks a proof file. What it proves depends on `trust`, which comes from the verifier's own side; without
 * one, only whether the file is consistent in itself.
 * @param subjectKey the holder's own key, where the verifier has it: opens holder commitments of disclosed
 * acts
 * @param archiveOf where spans are to be read from end to end: the answer is then that of a file which lists
 * the leaves
 * @param classLists the lists of scenario classes that the verifier knows
 * @param shownBy whether the bytes are a file that somebody gave, or were made here (`proveFromArchive`)
 * @throws CheckFailedError with a code of its own for each fault: `proof-file.…` (file), `proof.…`, `span.…`
 * and `leaf.…` (trees), `verify.…` (all else); InputError where the bytes are no proof file, or an archive
 * lacks files; UnavailableError where a node does not answer
 */
export async function verifyProof(
  bytes: Uint8Array,
  trust: Trust | null,
  subjectKey: SubjectKey | null = null,
  archiveOf: ArchiveOf | null = null,
  classLists = SHIPPED_CLASS_LISTS,
  shownBy: ShownBy = "file",
): Promise<Verdict> {
  const file = decodeProofFile(bytes);
  const sumsOf = capSumsByOperator(file);
  const parts = file.parts.map((part) => checkPart(part, subjectKey, classLists, sumsOf(part)));
  checkUse(file, parts);
  const anchor = await openAnchor(parts, trust, file.block);
  const { state } = anchor;
  let judged = await (file.retirement
    ? judgeRetirement(file.retirement.record, parts, state)
    : judgeActs(parts, state));
  await anchor.finish();
  if (archiveOf) judged = await readBetween(file, judged, archiveOf, classLists);
  const { mode, treeOnly } = anchor;
  const judgement: Judgement = { mode, file, shownBy, parts: judged, state, treeOnly };
  return { ok: true, mode, ...proofSentences(judgement), facts: proofFacts(judgement) };
}

/** Caps on days and years hold over all batches of an operator, as far as their leaves are here. */
function capSumsByOperator({ parts }: ProofFile): (part: ProofPart) => CapSums {
  const sums = new Map<Address, CapSums>();
  return ({ manifest: { operator } }) => {
    const known = sums.get(operator);
    if (known) return known;
    const own = parts.filter(({ manifest }) => manifest.operator === operator);
    const opened = new CapSums(own.flatMap(({ manifest }) => manifest.methodologies));
    sums.set(operator, opened);
    return opened;
  };
}

async function judgeActs(parts: readonly CheckedPart[], state: ChainState | null): Promise<JudgedPart[]> {
  return Promise.all(
    parts.map(async (part) => ({
      ...part,
      anchored: state && checkBatchWords(part, await state.batch(part.batchId, part.manifest), null),
      line: null,
      readFromArchive: false,
    })),
  );
}

async function judgeRetirement(
  record: Retirement,
  parts: readonly CheckedPart[],
  state: ChainState | null,
): Promise<JudgedPart[]> {
  const pairs = pairLines(record, parts);
  if (state) await checkRetirementWord(record, state);
  return Promise.all(
    pairs.map(async ({ line, part }) => {
      const anchored =
        state && checkBatchWords(part, await state.batch(part.batchId, part.manifest), line.end);
      const checked = checkLine(line, part, anchored?.covered ?? null);
      return { ...part, anchored, line: checked, readFromArchive: false };
    }),
  );
}

/** Parts of which an archive is at hand with all their leaves, which must bear out what the spans said. */
async function readBetween(
  file: ProofFile,
  judged: readonly JudgedPart[],
  archiveOf: ArchiveOf,
  classLists: ClassLists,
): Promise<JudgedPart[]> {
  const result: JudgedPart[] = [];
  const sumsOf = capSumsByOperator(file);
  for (const part of judged) {
    const shown = file.parts.find(({ batchId }) => batchId === part.batchId);
    const source = part.spans ? archiveOf(part.batchId) : null;
    if (!shown || !source || !part.line) result.push(part);
    else {
      const line = new ListedLine(part.line, part, part.anchored?.covered ?? null);
      const read = await checkReadPart(
        shown,
        readSpans(shown, source),
        (leaf) => line.add(leaf),
        classLists,
        sumsOf(shown),
      );
      result.push({ ...part, ...read, line: line.end(), readFromArchive: true });
    }
  }
  return result;
}

async function checkRetirementWord(record: Retirement, state: ChainState): Promise<void> {
  const stored = await state.retirementHash(record.retirementId);
  const where = `as of block ${state.block.number.toString()}`;
  if (BigInt(stored) === 0n)
    refuse(
      "retirement-unknown",
      `The retirement registry has no retirement ${record.retirementId} ${where}.`,
    );
  if (stored !== retirementRecordHash(record)) {
    refuse(
      "retirement",
      `The retirement in the file is not the one that the registry keeps under ${record.retirementId} ` +
        `${where}.`,
    );
  }
}

/** What is disclosed about a retirement must be what its record has the hashes of. */
function checkUse({ retirement }: ProofFile, parts: readonly CheckedPart[]): void {
  if (!retirement?.disclosed) return;
  const { record, disclosed } = retirement;
  const salt = fromHex(disclosed.salt, 32);
  if (beneficiaryHash(salt, disclosed.beneficiary) !== record.beneficiaryHash) {
    refuse(
      "beneficiary",
      "The beneficiary that the file discloses is not the one behind the retirement's record.",
    );
  }
  const noDocument = BigInt(record.documentHash) === 0n && disclosed.use === "";
  if (!noDocument && documentHash(salt, disclosed.use, disclosed.recognition) !== record.documentHash) {
    refuse(
      "document",
      "The use or recognition that the file discloses is not the one behind the retirement's record.",
    );
  }
  if (disclosed.recognition) checkRecognition(record, disclosed.recognition, parts);
}

/**
 * That the authority has such rules, only the authority knows; the arithmetic is anybody's, and so is it that
 * without a rule an authority recognises its own region alone, and whole.
 */
function checkRecognition(
  { lines }: Retirement,
  { authority, rulesHash, lines: stated, claim }: RetirementRecognition,
  parts: readonly CheckedPart[],
): void {
  const isRight =
    stated.length === lines.length &&
    lines.every(({ batchId, start, end }, i) => {
      const line = stated[i];
      return (
        line?.batchId === batchId &&
        line.recognised === recogniseDown((end - start) as Milligrams, line.discountBps)
      );
    });
  if (!isRight || stated.reduce((sum, { recognised }) => sum + recognised, 0n) < claim) {
    refuse(
      "recognition",
      "What the file says is recognised does not follow from the retired milligrams and the discounts.",
    );
  }
  for (const { batchId, rule, discountBps } of stated) {
    if (rule !== null) {
      if (rulesHash !== null) continue;
      refuse(
        "recognition-rules",
        `The record names the rule ${JSON.stringify(rule)} of ${authority} and no hash of the rules that ` +
          "it is in, so nobody could look it up.",
      );
    }
    const region = parts.find((part) => part.batchId === batchId)?.manifest.region ?? "none";
    if (region !== authority || discountBps !== 0)
      refuse(
        "recognition-region",
        `The record names no rule by which ${authority} recognises batch ${batchId} of region ${region}. ` +
          "Without one it recognises its own region alone, and whole.",
      );
  }
}
