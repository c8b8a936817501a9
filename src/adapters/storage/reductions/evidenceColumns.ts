import { bigEndian, concatBytes } from "../../../base/lib/bytes.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { StoredEvidence } from "../../../base/types/storedEvidence.ts";
import type { CopyValue } from "../engine/copyFormat.ts";

/**
 * Columns of `reductions` that hold evidence; the key stands in one of its own, so that a revocation finds
 * its records.
 */
export const EVIDENCE_COLUMNS = { signing_key: "bytea", evidence: "bytea", arrived_at: "int8" } as const;

export interface EvidenceRow {
  readonly signing_key: Uint8Array | null;
  readonly evidence: Uint8Array | null;
  readonly arrived_at: bigint | null;
}

/**
 * First byte of `evidence`: 01, subject digest, signature; or 02, subject digest, id of the signed file,
 * uint32 index.
 */
const RECORD = 0x01;
const FILE = 0x02;

/** Values in the order of `EVIDENCE_COLUMNS`. */
export function evidenceValues(evidence: StoredEvidence | null): CopyValue[] {
  if (!evidence) return [null, null, null];
  const { publicKey, subjectDigest, arrivedAt } = evidence;
  const bytes =
    evidence.kind === "record"
      ? concatBytes(Uint8Array.of(RECORD), subjectDigest, evidence.signature)
      : concatBytes(Uint8Array.of(FILE), subjectDigest, evidence.file, bigEndian(evidence.index, 4));
  return [publicKey, bytes, arrivedAt];
}

export function evidenceOf({
  signing_key: publicKey,
  evidence,
  arrived_at: arrived,
}: EvidenceRow): StoredEvidence | null {
  if (!publicKey || !evidence || arrived === null) return null;
  const shared = {
    publicKey,
    subjectDigest: evidence.slice(1, 33),
    arrivedAt: Number(arrived) as UnixSeconds,
  };
  if (evidence[0] === RECORD) return { ...shared, kind: "record", signature: evidence.slice(33, 97) };
  const index = new DataView(evidence.buffer, evidence.byteOffset, evidence.length).getUint32(65);
  return { ...shared, kind: "file", file: evidence.slice(33, 65), index };
}
