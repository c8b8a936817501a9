import { describe, expect, it } from "vitest";
import { encodeProofFile, type ProofFile } from "../../../../src/format/proofs/proofFile.ts";
import { beneficiaryHash } from "../../../../src/format/onchain/retirementRecord.ts";
import { verdictText } from "../../../../src/verify/sentences/verdictText.ts";
import { verifyProof } from "../../../../src/verify/verifyProof.ts";
import { sampleBatch } from "../support/sampleBatch.ts";
import {
  actFile,
  actsPart,
  partUnder,
  retirementFile,
  sampleRetirement,
  USE_SALT,
} from "../support/sampleProof.ts";

const batch = sampleBatch("text", 12);
const record = sampleRetirement([{ batch, start: 0n, end: 5_000_000n }]);
const file = retirementFile(record, [partUnder(batch, 0n, 5_000_000n)]);
const textOf = async (proof: ProofFile, named = false) =>
  verdictText(
    await verifyProof(
      encodeProofFile(proof),
      named ? { mode: "root", batches: [{ batchId: batch.batchId }] } : null,
    ),
  );

describe("a verdict in words", () => {
  it("leads with what it is worth", async () => {
    expect(await textOf(file)).toMatch(/^CONSISTENT IN ITSELF, NOT ANCHORED\n/);
    expect(await textOf(file, true)).toMatch(/^VERIFIED against the batches that you named\n/);
  });

  it("never shows a retirement that was not checked as if it had been", async () => {
    expect(await textOf(file, true)).toContain(
      `retirement  ${record.retirementId} (as the file says, NOT checked)`,
    );
  });

  it("names amount, purpose, beneficiary and serials, then what was checked and what was not", async () => {
    const text = await textOf(file);
    expect(text).toContain('amount      0.005 t, event-neutrality, 2025 for "A bank branch"');
    expect(text).toContain(`serial      MT-SGP-2017-${batch.batchId.slice(2, 34)}-0-4999999`);
    expect(text).toMatch(/\nChecked:\n- [^]*\nNot checked:\n- /);
  });

  it("shortens a long list of acts", async () => {
    expect(await textOf(actFile(actsPart(batch, [0, 1, 2, 3, 4, 5, 6])))).toContain("            and 2 more");
  });

  it("does not let a name steer the terminal or turn the line around", async () => {
    const beneficiary = { name: "Bank\u001b[2J\u009b2J\u202efdp.exe\u2028x" };
    const hostile = { ...record, beneficiaryHash: beneficiaryHash(USE_SALT, beneficiary) };
    const disclosed = {
      ...(file.retirement?.disclosed as NonNullable<NonNullable<ProofFile["retirement"]>["disclosed"]>),
      beneficiary,
    };
    const text = await textOf({ ...file, retirement: { record: hostile, disclosed } });
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});
