import { describe, expect, it } from "vitest";
import type { BatchId } from "../../../../src/base/types/ids.ts";
import {
  orderQuorum,
  parseAttestation,
  type Attestation,
} from "../../../../src/stages/attest/attestation.ts";

const batchId = `0x${"11".repeat(32)}` as BatchId;
const attestation = (verifier: string, more: Partial<Attestation> = {}): Attestation => ({
  format: "microtonne-attestation/1",
  batchId,
  deadline: "1800000000",
  digest: `0x${"22".repeat(32)}`,
  verifier: `0x${verifier.repeat(20)}`,
  signature: `0x${verifier.repeat(65)}`,
  ...more,
});

describe("a quorum", () => {
  it("orders signatures by verifier", () => {
    const quorum = orderQuorum([attestation("cc"), attestation("aa"), attestation("bb")], batchId, 2);
    expect(quorum.signatures.map((one) => one.slice(2, 4))).toEqual(["aa", "bb", "cc"]);
    expect(quorum.deadline).toBe(1_800_000_000n);
  });
  it.each([
    ["too few verifiers", [attestation("aa")], "quorum.short"],
    ["nobody", [], "quorum.short"],
    ["one verifier twice", [attestation("aa"), attestation("aa")], "quorum.duplicate"],
    ["another deadline", [attestation("aa"), attestation("bb", { deadline: "1800000001" })], "quorum.mixed"],
    [
      "another batch",
      [attestation("aa"), attestation("bb", { batchId: `0x${"33".repeat(32)}` as BatchId })],
      "quorum.mixed",
    ],
    [
      "another statement",
      [attestation("aa"), attestation("bb", { digest: `0x${"44".repeat(32)}` })],
      "quorum.mixed",
    ],
  ])("refuses %s", (_, attestations, code) => {
    expect(() => orderQuorum(attestations, batchId, 2)).toThrowError(expect.objectContaining({ code }));
  });
});

describe("an attestation file", () => {
  it("comes back as it was written", () => {
    expect(parseAttestation(JSON.stringify(attestation("aa")))).toEqual(attestation("aa"));
  });
  it.each([
    "",
    "{}",
    JSON.stringify({ ...attestation("aa"), extra: 1 }),
    JSON.stringify({ ...attestation("aa"), deadline: "007" }),
  ])("refuses %j", (text) => {
    expect(() => parseAttestation(text)).toThrowError(
      expect.objectContaining({ code: "attestation.malformed" }),
    );
  });
});
