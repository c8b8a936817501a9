import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bigEndian, concatBytes, toHex, utf8 } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import { WORD_BYTES } from "../../base/lib/sizes.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { Hex, ProviderId } from "../../base/types/ids.ts";
import { keccak } from "../keccak.ts";
import { canonicalRecords, RECORD_SCHEMA_2 } from "../batch/record.ts";
import { firstForm, needsSecondForm } from "../batch/records/additions.ts";

/**
 * What a provider signs of a record: its canonical form and a blinded word for its subject. So one record can
 * be shown as evidence without the person's identifier and without the other records, and whoever has the
 * nonce can open the subject later.
 */

/** Which members of a record a signature covers: those of `microtonne-record/1`, or all of `/2`. */
export type SignedForm = 1 | 2;

const RECORD_TAGS: Readonly<Record<SignedForm, Uint8Array>> = {
  1: utf8("microtonne-signed-record/1\n"),
  2: utf8("microtonne-signed-record/2\n"),
};
const SIGNATURE_TAG = utf8("microtonne-record-signature/1\n");
/** Stands where a record names nobody. */
export const NO_SUBJECT: Uint8Array = new Uint8Array(WORD_BYTES);

/**
 * HMAC-SHA-256(nonce, UTF-8 of the identifier), or 32 zero bytes without one. The identifier is as ingest
 * normalises it: trimmed, NFC.
 * @param nonce 32 random bytes, of this record alone: who has it can try identifiers
 * @throws InputError `signed-record.malformed`
 */
export function subjectDigest(nonce: Uint8Array, identifier: string | null): Uint8Array {
  return identifier === null ? NO_SUBJECT : hmac(sha256, word("nonce", nonce), utf8(identifier));
}

/**
 * The nonce of a record in a signed file: HMAC-SHA-256(file salt, UTF-8 of the record id). @throws InputError
 * `signed-record.malformed`
 */
export function recordNonce(fileSalt: Uint8Array, recordId: string): Uint8Array {
  return hmac(sha256, word("file salt", fileSalt), utf8(recordId));
}

/**
 * The form in which a record is signed where nobody says another: the whole of `/2` where it has an asset,
 * attributes or a revision, else its members of `/1`.
 */
export function signedFormOf(record: ActivityRecord): SignedForm {
  return needsSecondForm(record) ? 2 : 1;
}

/**
 * keccak-256("microtonne-signed-record/1\n" or "/2\n", keccak-256(canonical JSON of the one record in that
 * form), subject digest).
 * @throws InputError `signed-record.malformed`, or as `canonicalRecords`
 */
export function signedRecordDigest(
  record: ActivityRecord,
  subject: Uint8Array,
  form: SignedForm = signedFormOf(record),
): Uint8Array {
  // The canonical array of one record is its canonical object between brackets.
  const text =
    form === 1 ? canonicalRecords([firstForm(record)]) : canonicalRecords([record], RECORD_SCHEMA_2);
  const json = utf8(text.slice(1, -1));
  return keccak(concatBytes(RECORD_TAGS[form], keccak(json), word("subject digest", subject)));
}

/** keccak-256 of the 32-byte public key: the name of a provider's key. */
export function providerKeyId(publicKey: Uint8Array): Hex {
  return toHex(keyIdBytes(publicKey));
}

/**
 * What Ed25519 runs over where each record carries its own signature: "microtonne-record-signature/1\n",
 * uint16 length of the provider's id, the id, key id, digest of the record. @throws InputError
 * `signed-record.malformed`
 */
export function recordSignatureMessage(
  provider: ProviderId,
  publicKey: Uint8Array,
  digest: Uint8Array,
): Uint8Array {
  const id = utf8(provider);
  return concatBytes(
    SIGNATURE_TAG,
    bigEndian(id.length, 2),
    id,
    keyIdBytes(publicKey),
    word("digest", digest),
  );
}

function keyIdBytes(publicKey: Uint8Array): Uint8Array {
  return keccak(word("public key", publicKey));
}

function word(field: string, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== WORD_BYTES)
    throw new InputError("signed-record.malformed", `A ${field} has 32 bytes, not ${String(bytes.length)}.`);
  return bytes;
}
