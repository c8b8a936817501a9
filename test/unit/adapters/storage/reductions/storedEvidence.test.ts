import { describe, expect, it } from "vitest";
import {
  evidenceOf,
  storedEvidenceBytes,
} from "../../../../../src/adapters/storage/reductions/storedEvidence.ts";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import type { StoredEvidence } from "../../../../../src/base/types/storedEvidence.ts";

const filled = (length: number, first: number) => Uint8Array.from({ length }, (_, i) => (first + i) % 256);
const shared = {
  publicKey: filled(32, 1),
  subjectDigest: filled(32, 50),
  arrivedAt: 1_740_787_200 as UnixSeconds,
};
const SIGNED: StoredEvidence = { ...shared, kind: "record", signature: filled(64, 100) };
const LISTED: StoredEvidence = { ...shared, kind: "file", file: filled(32, 200), index: 0xfedcba98 };

/** As the view `reductions` tells the column: the arrival apart from the rest. */
const read = (bytes: Uint8Array) =>
  evidenceOf({
    signing_key: shared.publicKey,
    arrived_at: Buffer.from(bytes).readBigInt64BE(0),
    evidence: bytes.slice(8),
  });

describe("evidence of a record", () => {
  it("comes back as it was stored, of a signature and of a signed file", () => {
    for (const evidence of [SIGNED, LISTED]) expect(read(storedEvidenceBytes(evidence))).toEqual(evidence);
  });

  it("is arrival, kind, digest, and signature or place in the file", () => {
    expect([storedEvidenceBytes(SIGNED).length, storedEvidenceBytes(LISTED).length]).toEqual([105, 77]);
    expect([storedEvidenceBytes(SIGNED)[8], storedEvidenceBytes(LISTED)[8]]).toEqual([1, 2]);
  });

  it("is none where a part of it is missing", () => {
    const row = {
      signing_key: shared.publicKey,
      evidence: storedEvidenceBytes(SIGNED).slice(8),
      arrived_at: 1n,
    };
    expect(evidenceOf(row)).not.toBeNull();
    for (const part of ["signing_key", "evidence", "arrived_at"] as const)
      expect(evidenceOf({ ...row, [part]: null })).toBeNull();
  });
});
