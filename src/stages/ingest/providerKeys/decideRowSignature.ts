import { toHex } from "../../../base/lib/bytes.ts";
import { bytesOfText } from "../../../base/lib/bytesOfText.ts";
import { providerKeyFault } from "../../../base/lib/providerKeyFault.ts";
import { WORD_BYTES } from "../../../base/lib/sizes.ts";
import type { ProviderKey } from "../../../base/types/providerKey.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { StoredEvidence } from "../../../base/types/storedEvidence.ts";
import { SIGNATURE_BYTES, verifyEd25519 } from "../../../format/ed25519.ts";
import { recordJudgedAt } from "../../../format/signing/recordEvidence.ts";
import {
  NO_SUBJECT,
  providerKeyId,
  recordSignatureMessage,
  signedRecordDigest,
  subjectDigest,
} from "../../../format/signing/signedRecord.ts";
import type { RecordOutcome } from "../readActivities.ts";
import type { SignatureCode } from "../signatureCodes.ts";
import { arrivalTime } from "./signingClock.ts";

/**
 * What a row that carries its own signature is worth: its evidence, null where it has none and needs none, or
 * why it is refused. One without a signature is taken only where the provider need not sign.
 * @param keys the provider's
 */
export function decideRowSignature(
  { record, subject, signature: written }: RecordOutcome,
  keys: readonly ProviderKey[],
  now: UnixSeconds,
): StoredEvidence | SignatureCode | null {
  if (!written || written.signature === "")
    return keys.some(({ required }) => required) ? "signature.missing" : null;
  const signature = bytesOfText(written.signature, SIGNATURE_BYTES);
  const nonce = subject ? bytesOfText(written.nonce, WORD_BYTES) : null;
  const keyId = written.providerKeyId === null ? null : bytesOfText(written.providerKeyId, WORD_BYTES);
  if (!signature || (subject && !nonce) || (written.providerKeyId !== null && !keyId))
    return "signature.malformed";
  const named = keyId && toHex(keyId);
  const candidates = keys.filter(({ publicKey }) => named === null || providerKeyId(publicKey) === named);
  if (candidates.length === 0) return "signature.key-unknown";

  const blinded = nonce ? subjectDigest(nonce, subject?.identifier ?? null) : NO_SUBJECT;
  const digest = signedRecordDigest(record, blinded);
  const key = candidates.find(({ publicKey }) =>
    verifyEd25519(signature, recordSignatureMessage(record.provider, publicKey, digest), publicKey),
  );
  if (!key) return "signature.invalid";
  const at = recordJudgedAt(record);
  const fault = providerKeyFault(key, at, now);
  if (fault) return `signature.key-${fault}`;
  return {
    kind: "record",
    publicKey: key.publicKey,
    subjectDigest: blinded,
    signature,
    arrivedAt: arrivalTime(now, at),
  };
}
