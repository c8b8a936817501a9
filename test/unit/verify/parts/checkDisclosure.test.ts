import { describe, expect, it } from "vitest";
import { dayText } from "../../../../src/base/lib/time/calendar.ts";
import { localDay } from "../../../../src/base/lib/time/zone.ts";
import type { Methodology, Methodology2 } from "../../../../src/base/types/methodology.ts";
import type { SubjectKey } from "../../../../src/base/types/ids.ts";
import type { Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { decodeLeaf } from "../../../../src/format/batch/leaf.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import type { ActProof, ProofFile } from "../../../../src/format/proofs/proofFile.ts";
import { methodology2 } from "../../stages/quantify/support/helpers.ts";
import { METHODOLOGIES, sampleBatch, sampleWord, type SampleBatch } from "../support/sampleBatch.ts";
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

describe("disclosed records under a methodology of the second form", () => {
  /** Bikes as in the sample, by one valid in 2017 unless said otherwise. */
  const underSecond = (change: Partial<Methodology2>): SampleBatch => {
    const [bike, metro] = ["bike", "metro"].map((name) =>
      METHODOLOGIES.find(({ scenario }) => scenario === name),
    ) as [Methodology, Methodology];
    const second = methodology2({
      region: bike.region,
      timeZone: bike.timeZone,
      scenario: bike.scenario,
      unit: bike.unit,
      validFrom: "2016-12-31T16:00Z",
      validTo: "2017-12-31T16:00Z",
      days: { first: "2017-01-01", last: "2017-12-31" },
      rule: { kind: "linear", gramsPerUnit: "93.3" },
      ...change,
    });
    const id = methodologyIdOf(second);
    const replaced = methodologyIdOf(bike);
    return sampleBatch("second", 4, {
      leaf: (leaf) => (leaf.methodologyId === replaced ? { ...leaf, methodologyId: id } : leaf),
      manifest: {
        methodologies: [second, metro].toSorted((a, b) => (methodologyIdOf(a) < methodologyIdOf(b) ? -1 : 1)),
      },
    });
  };
  const verdictOf = (source: SampleBatch) => verifyFile(actFile(actsPart(source, [0, 1, 2, 3])));

  it("are refused where the act started on a valid day and after its last minute", async () => {
    await expect(verdictOf(underSecond({}))).resolves.toBeDefined();
    const starts = underSecond({})
      .acts.flatMap(({ records }) => records)
      .filter(({ scenario }) => scenario === "bike")
      .map(({ startedAt }) => startedAt);
    // Over before the last ride's minute, on a day of the zone that stays valid to its end.
    const last = Math.max(...starts) as UnixSeconds;
    const cut = {
      validTo: `${new Date(last * 1000).toISOString().slice(0, 16)}Z`,
      days: { first: "2017-01-01", last: dayText(localDay("Asia/Singapore", last)) },
    };
    await expect(verdictOf(underSecond(cut))).rejects.toThrow(code("verify.quantity"));
  });

  it("tell that nobody counted the signatures which it asks for", async () => {
    const asked = await verdictOf(underSecond({ signatures: { least: 2, of: null } }));
    expect(asked.notChecked).toContain(
      "That as many attestors signed the records of 2 disclosed leaves as their methodologies ask for; " +
        "with fewer they count nothing. The batch's verifiers attest to that.",
    );
    const free = await verdictOf(underSecond({}));
    expect(free.notChecked.join(" ")).not.toContain("as many attestors");
  });
});

function swapMethodology(leaf: ReturnType<typeof decodeLeaf>): ReturnType<typeof decodeLeaf> {
  const other = batch.leaves
    .map(decodeLeaf)
    .find(({ methodologyId }) => methodologyId !== leaf.methodologyId) as typeof leaf;
  return { ...leaf, methodologyId: other.methodologyId, scenarioClass: other.scenarioClass };
}
