import { describe, expect, it } from "vitest";
import type { BatchId, Hex } from "../../../../src/base/types/ids.ts";
import {
  orderQuorum,
  parseAttestation,
  type Attestation,
} from "../../../../src/stages/attest/attestation.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const batchId = `0x${"11".repeat(32)}` as BatchId;
const FIRMS: Hex[] = ["0x01", "0x02", "0x03", "0x04"];
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
    const quorum = orderQuorum([attestation("cc"), attestation("aa"), attestation("bb")], batchId, 3, FIRMS);
    expect(quorum.signatures.map((one) => one.slice(2, 4))).toEqual(["aa", "bb", "cc"]);
    expect(quorum.deadline).toBe(1_800_000_000n);
  });

  it("is as large as it must be, of the first that were given, each of another firm", () => {
    const given = ["cc", "dd", "aa", "bb"].map((verifier) => attestation(verifier));
    const chosen = (firms: readonly Hex[], threshold = 2) =>
      orderQuorum(given, batchId, threshold, firms).signatures.map((one) => one.slice(2, 4));
    expect(chosen(FIRMS)).toEqual(["cc", "dd"]);
    expect(chosen(["0x01", "0x01", "0x02", "0x03"])).toEqual(["aa", "cc"]);
    expect(chosen(["0x01", "0x01", "0x02", "0x03"], 3)).toEqual(["aa", "bb", "cc"]);
  });

  it("is short where one firm's verifiers attest", () => {
    const given = [attestation("aa"), attestation("bb")];
    expect(() => orderQuorum(given, batchId, 2, ["0x01", "0x01"])).toThrowError(
      expect.objectContaining({ code: "quorum.short" }),
    );
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
    expect(() => orderQuorum(attestations, batchId, 2, FIRMS)).toThrowError(refusedFor(code));
    const says: Record<string, string> = {
      "quorum.short":
        `${String(attestations.length)} of 2 attestations, each of another firm, are there for batch ` +
        `${batchId}.`,
      "quorum.duplicate": `A verifier's attestation of batch ${batchId} was given twice.`,
      "quorum.mixed":
        `The attestations are not all over the same statement of batch ${batchId}. Ask every verifier to ` +
        "sign the same deadline.",
    };
    expect(() => orderQuorum(attestations, batchId, 2, FIRMS)).toThrowError(says[code]);
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
    ...["0x", "0x0", "x0x00", "0x00x", "0X00", "0xAA"].flatMap((hex) =>
      ["batchId", "digest", "verifier", "signature"].map((field) =>
        JSON.stringify({ ...attestation("aa"), [field]: hex }),
      ),
    ),
    ...[31, 33].map((size) => JSON.stringify({ ...attestation("aa"), batchId: `0x${"11".repeat(size)}` })),
    ...[19, 21].map((size) => JSON.stringify({ ...attestation("aa"), verifier: `0x${"11".repeat(size)}` })),
    ...["0", "", "1".repeat(17), "1x", "x1", "-1"].map((deadline) =>
      JSON.stringify({ ...attestation("aa"), deadline }),
    ),
    JSON.stringify({ ...attestation("aa"), format: "microtonne-attestation/2" }),
  ])("refuses %j", (text) => {
    expect(() => parseAttestation(text)).toThrowError(refusedFor("attestation.malformed"));
    expect(() => parseAttestation(text)).toThrowError(
      "The file is no attestation in the format microtonne-attestation/1.",
    );
  });

  it("may have a signature of any length, of a contract's owner", () => {
    for (const signature of ["0x00", `0x${"ab".repeat(500)}`] as Hex[])
      expect(parseAttestation(JSON.stringify(attestation("aa", { signature }))).signature).toBe(signature);
    expect(parseAttestation(JSON.stringify(attestation("aa", { deadline: "9".repeat(16) }))).deadline).toBe(
      "9".repeat(16),
    );
  });
});
