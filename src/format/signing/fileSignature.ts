import { z } from "zod";
import { concatBytes, fromHex, toHex, utf8 } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import type { Hex, ProviderId, TenantId } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";
import * as field from "../schema.ts";

/** What a sidecar `*.sig.json` says of its own form. */
export const FILE_SIGNATURE_FORMAT = "microtonne-file-signature/1";
/** A sidecar is half a page; what is larger is something else. */
const MAX_FILE_SIGNATURE_BYTES = 4096;
const STATEMENT_TAG = utf8("microtonne-file-statement/1\n");

/** What a provider says about a file of its records: what is signed. */
export interface FileStatement {
  readonly format: typeof FILE_SIGNATURE_FORMAT;
  readonly provider: ProviderId;
  /** keccak-256 of the public key. */
  readonly keyId: Hex;
  /** The pooling operator that the file is meant for. */
  readonly tenant: TenantId;
  /** Of the profile that the records were mapped by. */
  readonly profileHash: Hex;
  /** Records that the profile makes of the file: leaves of the tree. */
  readonly records: number;
  /**
   * Root of the tree over the records' digests, in the order in which the profile makes them of the file
   * (`digestTree.ts`).
   */
  readonly root: Hex;
  /** keccak-256 of the file salt. */
  readonly saltHash: Hex;
  /** The time of the signature, and the one by which the profile judged the future. */
  readonly signedAt: UnixSeconds;
}

/**
 * Content of a `*.sig.json`. `fileSalt` makes the nonces of the file's subjects (`recordNonce`): it is
 * confidential, and verifiers don't get it.
 */
export interface FileSignature extends FileStatement {
  readonly fileSalt: Hex;
  readonly signature: Hex;
}

const statementSchema = z.strictObject({
  format: z.literal(FILE_SIGNATURE_FORMAT),
  provider: field.providerField,
  keyId: field.word32,
  tenant: field.tenantField,
  profileHash: field.word32,
  records: field.uint32.refine((count) => count > 0, "must be above 0"),
  root: field.word32,
  saltHash: field.word32,
  signedAt: field.unixSecondsField,
});
const sidecarSchema = statementSchema.extend({
  fileSalt: field.word32,
  signature: z.custom<Hex>(
    (value) => typeof value === "string" && /^0x[0-9a-f]{128}$/.test(value),
    "must be 0x and 128 hex digits",
  ),
});

/**
 * What Ed25519 runs over: "microtonne-file-statement/1\n" and the canonical JSON of the statement.
 * @throws InputError `file-signature.malformed`
 */
export function fileStatementMessage(statement: FileStatement): Uint8Array {
  const { format, provider, keyId, tenant, profileHash, records, root, saltHash, signedAt } = statement;
  const plain = { format, provider, keyId, tenant, profileHash, records, root, saltHash, signedAt };
  const checked = field.encodeWith(statementSchema, plain, "file-signature.malformed", "file statement");
  return concatBytes(STATEMENT_TAG, utf8(canonicalJson(checked)));
}

/** keccak-256 of what is signed: the name of a signed file. @throws InputError `file-signature.malformed` */
export function signedFileId(statement: FileStatement): Uint8Array {
  return keccak(fileStatementMessage(statement));
}

/**
 * The sidecar behind the bytes of a file; its JSON may be laid out for readers, and the order of its members
 * makes no difference.
 * @throws InputError `file-signature.malformed`, also where the salt is not the one behind `saltHash`
 */
export function parseFileSignature(bytes: Uint8Array): FileSignature {
  if (bytes.length > MAX_FILE_SIGNATURE_BYTES)
    throw malformed(`has more than ${String(MAX_FILE_SIGNATURE_BYTES)} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    // The parser's message would quote the text, which has the salt in it.
    throw malformed("is no JSON");
  }
  const signature: FileSignature = field.decodeWith(
    sidecarSchema,
    value,
    "file-signature.malformed",
    "file signature",
  );
  if (toHex(keccak(fromHex(signature.fileSalt))) !== signature.saltHash)
    throw malformed("has another salt than the one that was signed");
  return signature;
}

/** A sidecar as a file for people and programs: indented JSON with a line end. */
export function encodeFileSignature(signature: FileSignature): string {
  return `${JSON.stringify(signature, null, 2)}\n`;
}

function malformed(fault: string): InputError {
  return new InputError(
    "file-signature.malformed",
    `The signature file ${fault}. Ask the provider for the file and its .sig.json again.`,
  );
}
