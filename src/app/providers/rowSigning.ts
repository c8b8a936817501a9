import { providerKeys } from "../../adapters/storage/providers/providerKeys.ts";
import { toHex } from "../../base/lib/bytes.ts";
import { providerKeyFault } from "../../base/lib/providerKeyFault.ts";
import { WORD_BYTES } from "../../base/lib/sizes.ts";
import type { Hex, ProviderId } from "../../base/types/ids.ts";
import type { ProviderKey } from "../../base/types/providerKey.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { StoredEvidence } from "../../base/types/storedEvidence.ts";
import { SIGNATURE_BYTES, verifyEd25519 } from "../../format/ed25519.ts";
import { recordJudgedAt } from "../../format/signing/recordEvidence.ts";
import {
  NO_SUBJECT,
  recordSignatureMessage,
  signedRecordDigest,
  providerKeyId,
  subjectDigest,
} from "../../format/signing/signedRecord.ts";
import type { RowOutcome } from "../../stages/ingest/readActivities.ts";
import { SIGNATURE_SENTENCES, type SignatureCode } from "../../stages/ingest/signatureCodes.ts";
import type { RefusedRow } from "../../stages/ingest/rejectsCsv.ts";
import { bytesOfText } from "./bytesOfText.ts";
import { laterOf, type SignatureContext } from "./checkFileSignature.ts";
import type { RecordOutcome } from "./recordDigests.ts";
import type { Signing } from "./openSigning.ts";

/**
 * Rows that carry their signatures: each is judged by itself. One without a signature is taken only where the
 * provider need not sign.
 */
export async function rowSigning(
  { db, tenant, clock }: SignatureContext,
  provider: ProviderId,
): Promise<Signing> {
  const keys = (await providerKeys(db, tenant, provider)).map((key): NamedKey => ({
    ...key,
    id: providerKeyId(key.publicKey),
  }));
  const now = clock.now();
  return {
    now,
    judge(outcomes) {
      const evidence = new Map<number, StoredEvidence>();
      const refused: RefusedRow[] = [];
      const left: RowOutcome[] = [];
      for (const outcome of outcomes) {
        const judged = outcome.kind === "record" ? judgeRow(outcome, keys, now) : null;
        if (typeof judged === "string") refused.push(...refusalsOf(outcome as RecordOutcome, judged));
        else {
          left.push(outcome);
          if (judged) evidence.set(outcome.row, judged);
        }
      }
      return Promise.resolve({ outcomes: left, refused, evidence });
    },
    finish: () => undefined,
    close: () => Promise.resolve(),
  };
}

type NamedKey = ProviderKey & { readonly id: Hex };

/** The row's evidence; null where it has none and needs none; or why it is refused. */
function judgeRow(
  { record, subject, signature: written }: RecordOutcome,
  keys: readonly NamedKey[],
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
  const candidates = keys.filter(({ id }) => named === null || id === named);
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
    arrivedAt: laterOf(now, at),
  };
}

/** All rows of the act share its fate. */
function refusalsOf({ row, raw, record, parts }: RecordOutcome, code: SignatureCode): RefusedRow[] {
  const why = { field: null, code, sentence: SIGNATURE_SENTENCES[code] };
  return [...parts, { row, raw, rowId: record.recordId }].map((part) => ({ ...part, ...why }));
}
