import { fromHex } from "../base/lib/bytes.ts";
import type { SubjectKey } from "../base/types/ids.ts";
import type { Retirement } from "../base/types/retirement.ts";
import { decodeProofFile, type ProofFile } from "../format/proofs/proofFile.ts";
import { beneficiaryHash, documentHash, retirementRecordHash } from "../format/onchain/retirementRecord.ts";
import type { ChainState } from "./chainState.ts";
import { checkBatchWords } from "./checkBatchWords.ts";
import { checkPart, type CheckedPart } from "./checkPart.ts";
import type { JudgedPart, Judgement } from "./judgement.ts";
import { openAnchor } from "./openAnchor.ts";
import { proofFacts } from "./proofFacts.ts";
import { proofSentences } from "./proofSentences.ts";
import { refuse } from "./refuse.ts";
import { checkLine, pairLines } from "./retiredLines.ts";
import type { Trust } from "./trust.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Checks a proof file. What it proves depends on `trust`, which comes from the verifier's own side; without
 * one, only whether the file is consistent in itself.
 * @param subjectKey the holder's own key, where the verifier has it: opens holder commitments of disclosed
 * acts
 * @throws CheckFailedError with a code of its own for each fault: `proof-file.…` (file), `proof.…` and
 * `leaf.…` (trees), `verify.…` (all else); InputError where the bytes are no proof file; UnavailableError
 * where a node does not answer
 */
export async function verifyProof(
  bytes: Uint8Array,
  trust: Trust | null,
  subjectKey: SubjectKey | null = null,
): Promise<Verdict> {
  const file = decodeProofFile(bytes);
  const parts = file.parts.map((part) => checkPart(part, subjectKey));
  checkUse(file);
  const anchor = await openAnchor(parts, trust, file.block);
  const { state } = anchor;
  const judged = await (file.retirement
    ? judgeRetirement(file.retirement.record, parts, state)
    : judgeActs(parts, state));
  await anchor.finish();
  const judgement: Judgement = { mode: anchor.mode, file, parts: judged, state, treeOnly: anchor.treeOnly };
  return { ok: true, mode: anchor.mode, ...proofSentences(judgement), facts: proofFacts(judgement) };
}

async function judgeActs(parts: readonly CheckedPart[], state: ChainState | null): Promise<JudgedPart[]> {
  return Promise.all(
    parts.map(async (part) => ({
      ...part,
      anchored: state && checkBatchWords(part, await state.batch(part.batchId, part.manifest.root), null),
      line: null,
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
        state && checkBatchWords(part, await state.batch(part.batchId, part.manifest.root), line.end);
      return { ...part, anchored, line: checkLine(line, part, anchored?.covered ?? null) };
    }),
  );
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
function checkUse({ retirement }: ProofFile): void {
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
  if (!noDocument && documentHash(salt, disclosed.use) !== record.documentHash) {
    refuse("document", "The use that the file discloses is not the one behind the retirement's record.");
  }
}
