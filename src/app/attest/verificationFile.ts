import { parseJsonFile } from "../../base/lib/json/parseJsonFile.ts";
import type { Hex } from "../../base/types/ids.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import {
  parseVerification,
  verificationHash,
  type VerificationStatement,
} from "../../format/batch/verificationStatement.ts";

export type { VerificationStatement };

/** A statement with the hash by which manifests name it. */
export interface HashedVerification {
  readonly statement: VerificationStatement;
  readonly statementHash: Hex;
}

/**
 * A verification body's statement out of its file.
 * @throws InputError `file.json`, `verification.malformed`
 */
export function readVerification({
  name,
  bytes,
}: {
  readonly name: string;
  readonly bytes: Uint8Array;
}): HashedVerification {
  return hashed(parseVerification(parseJsonFile(bytes, name)));
}

/**
 * A statement as its body hands it out: canonical JSON with a line end.
 * @throws InputError `verification.malformed` naming the member that nothing can be made of
 */
export function writeVerification(said: unknown): HashedVerification & { readonly text: string } {
  const statement = parseVerification(said);
  return { ...hashed(statement), text: `${canonicalJson(statement)}\n` };
}

function hashed(statement: VerificationStatement): HashedVerification {
  return { statement, statementHash: verificationHash(statement) };
}
