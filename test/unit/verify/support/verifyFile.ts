import { expect } from "vitest";
import type { SubjectKey } from "../../../../src/base/types/ids.ts";
import { encodeProofFile, type ProofFile } from "../../../../src/format/proofs/proofFile.ts";
import type { ArchiveOf } from "../../../../src/verify/readSpans.ts";
import type { Trust } from "../../../../src/verify/trust.ts";
import type { Verdict } from "../../../../src/verify/verdict.ts";
import { verifyProof } from "../../../../src/verify/verifyProof.ts";

export type Disclosed = NonNullable<NonNullable<ProofFile["retirement"]>["disclosed"]>;

/** Writes a file, with its hash anew, and verifies it. */
export async function verifyFile(
  file: ProofFile,
  trust: Trust | null = null,
  subjectKey: SubjectKey | null = null,
  archiveOf: ArchiveOf | null = null,
): Promise<Verdict> {
  return verifyProof(encodeProofFile(file), trust, subjectKey, archiveOf);
}

/** Matches an error with this code, or with one that the pattern fits. */
export function code(wanted: string | RegExp): unknown {
  return expect.objectContaining({
    code: typeof wanted === "string" ? wanted : (expect.stringMatching(wanted) as unknown),
  });
}
