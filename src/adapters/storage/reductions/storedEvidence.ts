import { bigEndian, concatBytes } from "../../../base/lib/bytes.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { StoredEvidence } from "../../../base/types/storedEvidence.ts";

/** Columns of the view `reductions` that tell evidence. */
export interface EvidenceRow {
  readonly signing_key: Uint8Array | null;
  readonly evidence: Uint8Array | null;
  readonly arrived_at: bigint | null;
}

/**
 * `facts.evidence` is the arrival (int8) and what the view calls evidence. First byte of that: 01, subject
 * digest, signature; or 02, subject digest, id of the signed file, uint32 index.
 */
const RECORD = 0x01;
const FILE = 0x02;

/** As `facts.evidence` holds it. */
export function storedEvidenceBytes(evidence: StoredEvidence): Uint8Array {
  const { subjectDigest, arrivedAt } = evidence;
  const arrival = bigEndian(arrivedAt, 8);
  return evidence.kind === "record"
    ? concatBytes(arrival, Uint8Array.of(RECORD), subjectDigest, evidence.signature)
    : concatBytes(arrival, Uint8Array.of(FILE), subjectDigest, evidence.file, bigEndian(evidence.index, 4));
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
