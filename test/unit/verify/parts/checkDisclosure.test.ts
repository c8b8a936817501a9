import { describe, expect, it } from "vitest";
import type { SubjectKey } from "../../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { decodeLeaf } from "../../../../src/format/batch/leaf.ts";
import type { ActProof, ProofFile } from "../../../../src/format/proofs/proofFile.ts";
import { sampleBatch, sampleWord, type SampleBatch } from "../support/sampleBatch.ts";
import { actFile, actsPart } from "../support/sampleProof.ts";
import { code, verifyFile } from "../support/verifyFile.ts";

const batch = sampleBatch("proof", 23);

function disclosing(
  source: SampleBatch,
  index: number,
  change: Partial<NonNullable<ActProof["disclosed"]>> = {},
): ProofFile {
  const part = actsPart(source, [index]);
  const [only] = part.acts as [ActProof];
  return actFile({
    ...part,
    acts: [{ ...only, disclosed: { ...(only.disclosed as NonNullable<ActProof["disclosed"]>), ...change } }],
  });
}

describe("disclosed records", () => {
  it("open every leaf's hash and mass, counted anew", async () => {
    const indexes = batch.leaves.map((_, i) => i);
    const verdict = await verifyFile(actFile(actsPart(batch, indexes)));
    expect(verdict.checked.join(" ")).toMatch(/\d+ records of 23 leaves are disclosed/);
    expect(verdict.notChecked.join(" ")).not.toContain("not counted anew");
  });

  it("of an act without a subject show that nobody was named; else the commitment stays closed", async () => {
    const subjectless = batch.acts.findIndex(({ subjectKey }) => subjectKey === null);
    const someone = batch.acts.findIndex(({ subjectKey }) => subjectKey !== null);
    expect((await verifyFile(disclosing(batch, subjectless))).checked.join(" ")).toContain(
      "without a named subject",
    );
    expect((await verifyFile(disclosing(batch, someone))).notChecked.join(" ")).toContain(
      "does not open the holder's commitment",
    );
  });

  it("open the holder's commitment with the holder's own key and with no other", async () => {
    const index = batch.acts.findIndex(({ subjectKey }) => subjectKey !== null);
    const key = batch.acts[index]?.subjectKey as SubjectKey;
    expect((await verifyFile(disclosing(batch, index), null, key)).checked.join(" ")).toContain(
      "opens the holder's commitment",
    );
    await expect(verifyFile(disclosing(batch, index), null, sampleWord("me") as SubjectKey)).rejects.toThrow(
      code("verify.holder"),
    );
  });

  const records = batch.acts[4]?.records ?? [];
  it.each<[string, Partial<NonNullable<ActProof["disclosed"]>>, string]>([
    ["another salt", { salt: sampleWord("s") }, "verify.record-hash"],
    [
      "another quantity",
      { records: records.map((one) => ({ ...one, quantity: (one.quantity + 1n) as never })) },
      "verify.record-hash",
    ],
    ["another id", { records: records.map((one) => ({ ...one, recordId: "x" })) }, "verify.record-hash"],
    ["a signature that nothing can check", { signatures: ["0x00"] }, "verify.signatures"],
  ])("with %s are refused", async (_, change, expected) => {
    await expect(verifyFile(disclosing(batch, 4, change))).rejects.toThrow(code(expected));
  });

  it.each<[string, Parameters<typeof sampleBatch>[2], string]>([
    [
      "more mass than the records come to",
      { leaf: (leaf) => ({ ...leaf, milligrams: (leaf.milligrams + 1n) as Milligrams }) },
      "verify.quantity",
    ],
    [
      "less mass than the records come to",
      { leaf: (leaf) => ({ ...leaf, milligrams: (leaf.milligrams - 1n) as Milligrams }) },
      "verify.quantity",
    ],
    [
      "another day than the records",
      { leaf: (leaf) => ({ ...leaf, day: (leaf.day === 17_420 ? 17_421 : leaf.day - 1) as never }) },
      "verify.record-day",
    ],
    [
      "another provider than the records",
      { leaf: (leaf) => ({ ...leaf, providerIndex: 1 - leaf.providerIndex }) },
      "verify.record-provider",
    ],
    ["another methodology than the records call for", { leaf: swapMethodology }, "verify.record-scenario"],
  ])("show a well-proven leaf that has %s", async (_, change, expected) => {
    await expect(verifyFile(disclosing(sampleBatch("false", 9, change), 3))).rejects.toThrow(code(expected));
  });
});

function swapMethodology(leaf: ReturnType<typeof decodeLeaf>): ReturnType<typeof decodeLeaf> {
  const other = batch.leaves
    .map(decodeLeaf)
    .find(({ methodologyId }) => methodologyId !== leaf.methodologyId) as typeof leaf;
  return { ...leaf, methodologyId: other.methodologyId, scenarioClass: other.scenarioClass };
}
