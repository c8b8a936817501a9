import { IMPLAUSIBLE_DAY_CODES } from "../../../base/types/plausibility.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import {
  CAP_CODES,
  CLAIM_CODES,
  DUPLICATE_CODES,
  type AdmissionOutcome,
  type ChunkResult,
  type DuplicateCode,
} from "../../../stages/dedupe/ports.ts";

/** Outcomes in the order of their byte in `ingest_chunks.outcomes`; append only. */
const OUTCOMES: readonly AdmissionOutcome[] = [
  "accepted",
  ...DUPLICATE_CODES,
  ...IMPLAUSIBLE_DAY_CODES,
  ...CLAIM_CODES,
  ...CAP_CODES,
];

/** Columns of `ingest_chunks` that a `ChunkResult` is made of. */
export const CHUNK_COLUMNS = `chunk, chain_digest, rows_read, accepted, rejected, duplicate_record_id,
  duplicate_same_content,
  duplicate_activity_key, duplicate_closed, implausible, milligrams`;

export interface ChunkRow {
  readonly chunk: number;
  readonly chain_digest: Uint8Array;
  readonly rows_read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicate_record_id: number;
  readonly duplicate_same_content: number;
  readonly duplicate_activity_key: number;
  readonly duplicate_closed: number;
  readonly implausible: number;
  readonly milligrams: bigint;
}

/** What all chunks of an ingest came to; read = accepted + rejected + implausible + duplicate. */
export type IngestTotals = Omit<ChunkResult, "chunk" | "chainDigest">;

type DuplicateReasons = Partial<Record<DuplicateCode, number>>;

export function chunkResult(row: ChunkRow): ChunkResult {
  const counted: [DuplicateCode, number][] = [
    ["duplicate.record-id", row.duplicate_record_id],
    ["duplicate.same-content", row.duplicate_same_content],
    ["duplicate.activity-key", row.duplicate_activity_key],
    ["duplicate.closed", row.duplicate_closed],
  ];
  return {
    chunk: row.chunk,
    chainDigest: row.chain_digest,
    rowsRead: row.rows_read,
    accepted: row.accepted,
    rejected: row.rejected,
    implausible: row.implausible,
    duplicate: counted.reduce((sum, [, count]) => sum + count, 0),
    milligrams: row.milligrams,
    duplicateReasons: Object.fromEntries(counted.filter(([, count]) => count > 0)),
  };
}

export function sumOfChunks(chunks: readonly ChunkResult[]): IngestTotals {
  const reasons: DuplicateReasons = {};
  for (const chunk of chunks) {
    for (const [code, count] of Object.entries(chunk.duplicateReasons) as [DuplicateCode, number][]) {
      reasons[code] = (reasons[code] ?? 0) + count;
    }
  }
  const sum = (count: (chunk: ChunkResult) => number): number =>
    chunks.reduce((total, chunk) => total + count(chunk), 0);
  return {
    rowsRead: sum((chunk) => chunk.rowsRead),
    accepted: sum((chunk) => chunk.accepted),
    rejected: sum((chunk) => chunk.rejected),
    implausible: sum((chunk) => chunk.implausible),
    duplicate: sum((chunk) => chunk.duplicate),
    milligrams: chunks.reduce((total, chunk) => total + chunk.milligrams, 0n),
    duplicateReasons: reasons,
  };
}

export function encodeOutcomes(outcomes: readonly AdmissionOutcome[]): Uint8Array {
  return Uint8Array.from(outcomes, (outcome) => OUTCOMES.indexOf(outcome));
}

export function decodeOutcomes(bytes: Uint8Array): AdmissionOutcome[] {
  return Array.from(bytes, (byte) => OUTCOMES[byte] as AdmissionOutcome);
}

/** A place in the chunk (int4) and what the caps left (int8) each. */
const CUT_BYTES = 12;

export function encodeCuts(cuts: ReadonlyMap<number, Milligrams>): Uint8Array {
  const bytes = new Uint8Array(cuts.size * CUT_BYTES);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [place, milligrams] of cuts) {
    view.setUint32(at, place);
    view.setBigUint64(at + 4, milligrams);
    at += CUT_BYTES;
  }
  return bytes;
}

export function decodeCuts(bytes: Uint8Array): Map<number, Milligrams> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const cuts = new Map<number, Milligrams>();
  for (let at = 0; at < bytes.length; at += CUT_BYTES)
    cuts.set(view.getUint32(at), view.getBigUint64(at + 4) as Milligrams);
  return cuts;
}
