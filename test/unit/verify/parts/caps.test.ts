import { describe, expect, it } from "vitest";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import type { BatchId, SubjectKey } from "../../../../src/base/types/ids.ts";
import type { Methodology1, Methodology2 } from "../../../../src/base/types/methodology.ts";
import { holderCommitment, decodeLeaf } from "../../../../src/format/batch/leaf.ts";
import { methodologyIdOf, parseMethodology } from "../../../../src/format/batch/methodology.ts";
import { checkPart } from "../../../../src/verify/parts/checkPart.ts";
import { verifyProof } from "../../../../src/verify/verifyProof.ts";
import { encodeProofFile } from "../../../../src/format/proofs/proofFile.ts";
import { PLAIN_TERMS } from "../../../support/plainTerms.ts";
import { sampleArchive } from "../support/sampleArchive.ts";
import {
  METHODOLOGIES,
  sampleAddress,
  sampleBatch,
  sampleWord,
  type SampleBatch,
} from "../support/sampleBatch.ts";
import { actFile, actsPart, retirementFile, sampleRetirement, spanPart } from "../support/sampleProof.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const PERSON = sampleWord("one person") as SubjectKey;
const bike = METHODOLOGIES.find(({ code }) => code === "TEST-BIKE") as Methodology1;
const plain = sampleBatch("caps", 12);
const isRide = (bytes: Uint8Array): boolean => decodeLeaf(bytes).methodologyId === methodologyIdOf(bike);
const rides = plain.leaves.flatMap((bytes, index) => (isRide(bytes) ? [index] : [])).slice(0, 3);
const weightOf = (index: number): bigint => decodeLeaf(plain.leaves[index] as Uint8Array).milligrams;
const sum = rides.reduce((all, index) => all + weightOf(index), 0n);
const most = rides.reduce((least, index) => (weightOf(index) > least ? weightOf(index) : least), 0n);
const gramsOf = (milligrams: bigint): string =>
  `${String(milligrams / 1000n)}.${String(milligrams % 1000n).padStart(3, "0")}`.replace(/\.?0+$/, "");

/** The batch with three rides of one person, under a cap. */
function capped(
  caps: Partial<Methodology2["caps"]>,
  manifest: Partial<SampleBatch["manifest"]> = {},
): SampleBatch {
  const { gramsPerUnit, ...named } = bike;
  const methodology = parseMethodology({
    ...named,
    ...PLAIN_TERMS,
    schema: "microtonne-methodology/2",
    category: "act",
    validFrom: "2016-12-31T16:00Z",
    validTo: "2017-12-31T16:00Z",
    days: { first: "2017-01-01", last: "2017-12-31" },
    rule: { kind: "linear", gramsPerUnit },
    caps: { ...PLAIN_TERMS.caps, ...caps },
  });
  const id = methodologyIdOf(methodology);
  const others = METHODOLOGIES.filter((other) => other !== bike);
  return sampleBatch("caps", 12, {
    leaf: (leaf, index) => ({
      ...leaf,
      ...(leaf.methodologyId === methodologyIdOf(bike) && { methodologyId: id }),
      ...(rides.includes(index) && {
        holderCommitment: holderCommitment(PERSON, plain.acts[index]?.salt as Uint8Array),
      }),
    }),
    manifest: {
      methodologies: [...others, methodology].toSorted((a, b) =>
        methodologyIdOf(a) < methodologyIdOf(b) ? -1 : 1,
      ),
      ...manifest,
    },
  });
}
const checked = (caps: Partial<Methodology2["caps"]>, subjectKey: SubjectKey | null) => () =>
  checkPart(actsPart(capped(caps), rides), subjectKey);

describe("leaves of a proof under caps", () => {
  it("are held together where the subject's key opens them, else each by itself", () => {
    const fault = refusedFor("verify.cap");
    for (const name of ["gramsPerSubjectDay", "gramsPerSubjectYear"] as const) {
      expect(checked({ [name]: gramsOf(sum) }, PERSON)).not.toThrow();
      expect(checked({ [name]: gramsOf(sum - 1n) }, PERSON)).toThrow(fault);
      expect(checked({ [name]: gramsOf(sum - 1n) }, null)).not.toThrow();
      expect(checked({ [name]: gramsOf(most) }, null)).not.toThrow();
      expect(checked({ [name]: gramsOf(most - 1n) }, null)).toThrow(fault);
    }
    expect(checked({ gramsPerProgrammeYear: gramsOf(sum) }, null)).not.toThrow();
    expect(checked({ gramsPerProgrammeYear: gramsOf(sum - 1n) }, null)).toThrow(fault);
  });

  /** Of one operator, with the same rides each. */
  const pair = (caps: Partial<Methodology2["caps"]>, more: Partial<SampleBatch["manifest"]> = {}) =>
    [
      capped(caps),
      capped(caps, { previousBatchId: toHex(sampleWord("before")) as BatchId, ...more }),
    ] as const;

  it("are held together over all batches of one operator that a file shows", async () => {
    const shown = async (batches: readonly SampleBatch[]): Promise<unknown> =>
      verifyProof(encodeProofFile(actFile(...batches.map((one) => actsPart(one, rides)))), null, PERSON);
    const refused = { code: "verify.cap" };
    for (const name of ["gramsPerProgrammeYear", "gramsPerSubjectYear", "gramsPerSubjectDay"] as const) {
      await expect(shown(pair({ [name]: gramsOf(2n * sum) })), name).resolves.toMatchObject({ ok: true });
      const under = { [name]: gramsOf(2n * sum - 1n) };
      await expect(shown(pair(under)), name).rejects.toMatchObject(refused);
      const others = pair(under, { operator: sampleAddress("another operator") });
      await expect(shown(others), name).resolves.toMatchObject({ ok: true });
    }
  });

  it("are held together over batches where archives are read between a span's ends", async () => {
    const whole = plain.leaves.reduce((all, bytes, at) => (isRide(bytes) ? all + weightOf(at) : all), 0n);
    const read = async (grams: string): Promise<unknown> => {
      const batches = pair({ gramsPerProgrammeYear: grams });
      const lines = batches.map((one) => ({ batch: one, start: 0n, end: one.manifest.totalMilligrams }));
      const parts = lines.map(({ batch, start, end }) => spanPart(batch, start, end));
      const archives = await Promise.all(batches.map((one) => sampleArchive(one)));
      const file = encodeProofFile(retirementFile(sampleRetirement(lines), parts));
      return verifyProof(file, null, null, (id) => {
        return archives[batches.findIndex(({ batchId }) => batchId === id)]?.source ?? null;
      });
    };
    await expect(read(gramsOf(2n * whole))).resolves.toMatchObject({ ok: true });
    await expect(read(gramsOf(2n * whole - 1n))).rejects.toMatchObject({ code: "verify.cap" });
  });

  it("are told of as far as they were seen", async () => {
    const file = encodeProofFile(actFile(actsPart(capped({ gramsPerSubjectDay: gramsOf(sum) }), rides)));
    const own = await verifyProof(file, null, PERSON);
    const together = "Those among them that the subject key opens keep to these caps together.";
    expect(own.checked).toContain(together);
    const strange = await verifyProof(file, null);
    expect(strange.checked).not.toContain(together);
    expect(strange.checked.join(" ")).toContain("keep, each by itself, to the caps of their methodologies");
    expect(strange.notChecked.join(" ")).toContain("That leaves of one subject keep together");
    const none = await verifyProof(encodeProofFile(actFile(actsPart(plain, rides))), null);
    expect([...none.checked, ...none.notChecked].join(" ")).not.toContain(" cap");
  });
});
