import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { RegionCode } from "../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../src/base/types/quantities.ts";
import { recogniseDown } from "../../../src/format/batch/recogniseDown.ts";
import { documentHash, type RetirementRecognition } from "../../../src/format/onchain/retirementRecord.ts";
import { decodeProofFile, encodeProofFile, type ProofFile } from "../../../src/format/proofs/proofFile.ts";
import { sampleBatch } from "./support/sampleBatch.ts";
import {
  BENEFICIARY,
  partUnder,
  retirementFile,
  sampleRetirement,
  USE,
  USE_SALT,
} from "./support/sampleProof.ts";
import { code, verifyFile } from "./support/verifyFile.ts";

const batch = sampleBatch("recognition", 9);
const end = 1000n;
const RECOGNISED: RetirementRecognition = {
  authority: "GD" as RegionCode,
  rulesHash: toHex(new Uint8Array(32).fill(7)),
  claim: 900n as Milligrams,
  lines: [
    {
      batchId: batch.batchId,
      rule: "r-1",
      discountBps: 1000,
      recognised: recogniseDown(end as Milligrams, 1000),
    },
  ],
};

/** A file whose record has the hash of this recognition. */
function fileWith(recognition: RetirementRecognition): ProofFile {
  const record = {
    ...sampleRetirement([{ batch, start: 0n, end }]),
    documentHash: documentHash(USE_SALT, USE, recognition),
  };
  const plain = retirementFile(record, [partUnder(batch, 0n, end)]);
  return {
    ...plain,
    format: "microtonne-proof/2",
    retirement: {
      record,
      disclosed: { beneficiary: BENEFICIARY, salt: toHex(USE_SALT), use: USE, recognition },
    },
  };
}

describe("a retirement that an authority recognises", () => {
  it("says how much and by which rules, and whose the rules are to know", async () => {
    const verdict = await verifyFile(fileWith(RECOGNISED));
    expect(verdict.facts.retirement?.recognition).toEqual({
      authority: "GD",
      rulesHash: RECOGNISED.rulesHash,
      claimMilligrams: "900",
      recognisedMilligrams: "900",
    });
    expect(verdict.checked.join(" ")).toContain("900 mg of it are recognised by GD");
    expect(verdict.notChecked.join(" ")).toContain(RECOGNISED.rulesHash);
  });

  it("comes back from its bytes as it was", () => {
    const file = fileWith(RECOGNISED);
    expect(decodeProofFile(encodeProofFile(file)).retirement).toEqual(file.retirement);
  });

  const [line] = RECOGNISED.lines as [RetirementRecognition["lines"][number]];
  it.each<[string, Partial<RetirementRecognition>]>([
    ["more than the discount leaves", { lines: [{ ...line, recognised: 901n as Milligrams }] }],
    ["less than the discount leaves", { lines: [{ ...line, recognised: 899n as Milligrams }] }],
    ["another batch", { lines: [{ ...line, batchId: `0x${"1".repeat(64)}` as never }] }],
    ["a line too many", { lines: [line, line] }],
    ["a claim above it", { claim: 901n as Milligrams }],
  ])("is refused where its record states %s", async (_what, change) => {
    await expect(verifyFile(fileWith({ ...RECOGNISED, ...change }))).rejects.toThrow(
      code("verify.recognition"),
    );
  });

  const whole = { ...line, rule: null, discountBps: 0, recognised: end as Milligrams };
  const GUANGDONG = "GD" as RegionCode;
  const OWN = "SGP" as RegionCode;
  it.each<[string, string, Partial<RetirementRecognition>]>([
    ["another region without a rule", "region", { authority: GUANGDONG, lines: [whole] }],
    ["another region without rules", "region", { authority: GUANGDONG, rulesHash: null, lines: [whole] }],
    ["its own at a discount without a rule", "region", { authority: OWN, lines: [{ ...line, rule: null }] }],
    ["a rule of no rules", "rules", { rulesHash: null }],
    ["a rule of no rules for its own region", "rules", { authority: OWN, rulesHash: null }],
  ])("is refused where an authority recognises %s", async (_what, refusal, change) => {
    await expect(verifyFile(fileWith({ ...RECOGNISED, ...change }))).rejects.toThrow(
      code(`verify.recognition-${refusal}`),
    );
  });

  it("needs no rules where the authority's own rules counted the acts", async () => {
    const own = { ...RECOGNISED, authority: OWN, rulesHash: null, lines: [whole] };
    const verdict = await verifyFile(fileWith(own));
    expect(verdict.checked.join(" ")).toContain(
      "The record states that by its discounts 1000 mg of it are recognised by SGP, and that 900 mg",
    );
    expect(verdict.notChecked.join(" ")).not.toContain("SGP");
  });

  it("is refused where another recognition is behind the record, or none", async () => {
    const file = fileWith(RECOGNISED);
    const other = { ...RECOGNISED, claim: 800n as Milligrams };
    const disclosed = { ...file.retirement?.disclosed, recognition: other } as never;
    const changed = { ...file, retirement: { ...file.retirement, disclosed } } as ProofFile;
    await expect(verifyFile(changed)).rejects.toThrow(code("verify.document"));
    const bare = { beneficiary: BENEFICIARY, salt: toHex(USE_SALT), use: USE };
    const without = {
      ...file,
      format: "microtonne-proof/1",
      retirement: { ...file.retirement, disclosed: bare },
    };
    await expect(verifyFile(without as ProofFile)).rejects.toThrow(code("verify.document"));
  });

  it("is no part of microtonne-proof/1, and without spans or recognition there is no /2", () => {
    expect(() => encodeProofFile({ ...fileWith(RECOGNISED), format: "microtonne-proof/1" })).toThrow(
      code("proof-file.malformed"),
    );
    const record = sampleRetirement([{ batch, start: 0n, end }]);
    const plain = retirementFile(record, [partUnder(batch, 0n, end)]);
    expect(() => encodeProofFile({ ...plain, format: "microtonne-proof/2" })).toThrow(
      code("proof-file.malformed"),
    );
  });
});
