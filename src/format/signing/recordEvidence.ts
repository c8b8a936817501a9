import { bigEndian, compareBytes, concatBytes, toHex, utf8 } from "../../base/lib/bytes.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { WORD_BYTES } from "../../base/lib/sizes.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { TenantId } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { pathLength, rootOfPath } from "./digestTree.ts";
import { verifyEd25519 } from "../ed25519.ts";
import { FILE_SIGNATURE_FORMAT, fileStatementMessage } from "./fileSignature.ts";
import { keccak } from "../keccak.ts";
import {
  providerKeyId,
  recordSignatureMessage,
  signedFormOf,
  signedRecordDigest,
  type SignedForm,
} from "./signedRecord.ts";

/**
 * A provider's signature over one record, as it travels to verifiers and into proof files. It needs the
 * record and the batch's tenant beside it, and nothing else.
 *
 * | offset | size | field |
 * |---|---|---|
 * | 0 | 1 | version: 0x01 covers the members of `microtonne-record/1`, 0x02 all of `/2` |
 * | 1 | 1 | 0x01: over the record; 0x02: over a file of records |
 * | 2 | 32 | public key |
 * | 34 | 32 | subject digest |
 * | 66 | 64 | signature |
 * | 130 | 8 | file: signedAt |
 * | 138 | 32 | file: profile hash |
 * | 170 | 32 | file: salt hash |
 * | 202 | 4 | file: count of records |
 * | 206 | 4 | file: index of this one |
 * | 210 | 32 each | file: path from the record's leaf to the root |
 */
export type RecordEvidence = SignedRecordEvidence | SignedFileEvidence;

interface SharedEvidence {
  /** What of the record is covered; of `microtonne-record/1`'s members if left out. */
  readonly form?: SignedForm;
  readonly publicKey: Uint8Array;
  readonly subjectDigest: Uint8Array;
  readonly signature: Uint8Array;
}
/** The provider signed the record itself. */
export interface SignedRecordEvidence extends SharedEvidence {
  readonly kind: "record";
}
/** The provider signed a file of records; `path` leads from this one's leaf to the signed root. */
export interface SignedFileEvidence extends SharedEvidence {
  readonly kind: "file";
  readonly signedAt: UnixSeconds;
  readonly profileHash: Uint8Array;
  readonly saltHash: Uint8Array;
  readonly count: number;
  readonly index: number;
  readonly path: readonly Uint8Array[];
}

const KINDS = { record: 0x01, file: 0x02 } as const;
const HEAD = 130;
const FILE_HEAD = 210;

/** The bytes of the table above: what `decodeEvidence` reads. */
export function encodeEvidence(evidence: RecordEvidence): Uint8Array {
  const { form = 1, kind, publicKey, subjectDigest, signature } = evidence;
  const head = concatBytes(Uint8Array.of(form, KINDS[kind]), publicKey, subjectDigest, signature);
  if (kind === "record") return head;
  const { signedAt, profileHash, saltHash, count, index, path } = evidence;
  return concatBytes(
    head,
    bigEndian(signedAt, 8),
    profileHash,
    saltHash,
    bigEndian(count, 4),
    bigEndian(index, 4),
    ...path,
  );
}

/** @throws CheckFailedError `evidence.malformed` */
export function decodeEvidence(bytes: Uint8Array): RecordEvidence {
  const at = (offset: number, length = WORD_BYTES): Uint8Array => bytes.slice(offset, offset + length);
  const form: SignedForm | null = bytes[0] === 1 || bytes[0] === 2 ? bytes[0] : null;
  if (bytes.length < HEAD || form === null) throw malformed();
  const shared = { form, publicKey: at(2), subjectDigest: at(34), signature: at(66, 64) };
  if (bytes[1] === KINDS.record) {
    if (bytes.length !== HEAD) throw malformed();
    return { kind: "record", ...shared };
  }
  if (bytes[1] !== KINDS.file || bytes.length < FILE_HEAD) throw malformed();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [signedAt, count, index] = [view.getBigUint64(130), view.getUint32(202), view.getUint32(206)];
  if (signedAt > BigInt(Number.MAX_SAFE_INTEGER) || index >= count) throw malformed();
  const steps = pathLength(index, count);
  if (bytes.length !== FILE_HEAD + steps * WORD_BYTES) throw malformed();
  return {
    kind: "file",
    ...shared,
    signedAt: Number(signedAt) as UnixSeconds,
    profileHash: at(138),
    saltHash: at(170),
    count,
    index,
    path: Array.from({ length: steps }, (_, i) => at(FILE_HEAD + i * WORD_BYTES)),
  };
}

/** What evidence that holds says. Whose the key is, it can't say. */
export interface EvidenceFacts {
  readonly kind: RecordEvidence["kind"];
  readonly publicKey: Uint8Array;
  /**
   * The time at which the key must have been valid: a file's signedAt; of a record its end, else its start.
   */
  readonly judgedAt: UnixSeconds;
}

/** Checks evidence record by record. A file's one signature is checked once for all of its records. */
export class EvidenceChecker {
  readonly #files = new Map<string, boolean>();
  readonly #tenant: TenantId;

  /** @param tenant the operator that signed files must be meant for: the manifest's */
  constructor(tenant: TenantId) {
    this.#tenant = tenant;
  }

  /**
   * @throws CheckFailedError `evidence.malformed`, `evidence.signature` where it is not a signature over this
   * very record, or over less of it than it must cover
   */
  check(bytes: Uint8Array, record: ActivityRecord): EvidenceFacts {
    const evidence = decodeEvidence(bytes);
    const { form = 1, kind, publicKey, subjectDigest, signature } = evidence;
    // What a signature does not cover, it must not seem to confirm.
    if (form < signedFormOf(record)) throw wrong();
    const digest = signedRecordDigest(record, subjectDigest, form);
    if (kind === "record") {
      if (!verifyEd25519(signature, recordSignatureMessage(record.provider, publicKey, digest), publicKey))
        throw wrong();
      return { kind, publicKey, judgedAt: recordJudgedAt(record) };
    }
    const root = rootOfPath(digest, evidence.index, evidence.count, evidence.path);
    if (root === null) throw wrong();
    const message = fileStatementMessage({
      format: FILE_SIGNATURE_FORMAT,
      provider: record.provider,
      keyId: providerKeyId(publicKey),
      tenant: this.#tenant,
      profileHash: toHex(evidence.profileHash),
      records: evidence.count,
      root: toHex(root),
      saltHash: toHex(evidence.saltHash),
      signedAt: evidence.signedAt,
    });
    // The message names the key by its hash.
    const name = `${toHex(keccak(message))}${toHex(signature)}`;
    const holds = this.#files.get(name) ?? verifyEd25519(signature, message, publicKey);
    if (!holds) throw wrong();
    this.#files.set(name, true);
    return { kind, publicKey, judgedAt: evidence.signedAt };
  }
}

/** The time by which the key of a record's own signature is judged. */
export function recordJudgedAt({
  startedAt,
  endedAt,
}: Pick<ActivityRecord, "startedAt" | "endedAt">): UnixSeconds {
  return endedAt ?? startedAt;
}

/**
 * Evidence beside each record, in the order of `canonicalRecords`: by the UTF-8 bytes of the record ids. An
 * empty list stands for none at all; otherwise there is one entry a record, and an empty one says that the
 * record has none.
 * @throws CheckFailedError `evidence.malformed` where there is another number
 */
export function evidenceByRecord(
  records: readonly ActivityRecord[],
  signatures: readonly Uint8Array[],
): { record: ActivityRecord; evidence: Uint8Array | null }[] {
  if (signatures.length !== 0 && signatures.length !== records.length) throw malformed();
  return records
    .toSorted((a, b) => compareBytes(utf8(a.recordId), utf8(b.recordId)))
    .map((record, i) => ({ record, evidence: signatures[i]?.length ? signatures[i] : null }));
}

function malformed(): CheckFailedError {
  return new CheckFailedError(
    "evidence.malformed",
    "The provider's signature is not in a form that this version knows.",
  );
}

function wrong(): CheckFailedError {
  return new CheckFailedError("evidence.signature", "The provider's signature is not over this record.");
}
