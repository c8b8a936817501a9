import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeProofFile } from "../../../src/format/proofs/proofFile.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { sampleBatch } from "./support/sampleBatch.ts";
import {
  actFile,
  actsPart,
  partUnder,
  retirementFile,
  sampleRetirement,
  starts,
} from "./support/sampleProof.ts";
import { code, verifyFile } from "./support/verifyFile.ts";

const batch = sampleBatch("proof", 23);
const begins = starts(batch);
const [start, end] = [(begins[3] as bigint) + 5n, (begins[9] as bigint) - 7n];
const record = sampleRetirement([{ batch, start, end }]);
const retirement = retirementFile(record, [partUnder(batch, start, end)]);
const act = actFile(actsPart(batch, [4]));

describe("without a trust input", () => {
  it("a consistent file passes, and the verdict says that nothing was anchored", async () => {
    const verdict = await verifyFile(retirement);
    expect(verdict).toMatchObject({ ok: true, mode: "none", facts: { kind: "retirement", block: null } });
    expect(verdict.notChecked[0]).toMatch(/^Nothing was anchored/);
    expect(verdict.notChecked[0]).toContain("NOT checked");
  });

  it("the facts name serials, masses, methodologies and providers", async () => {
    const { facts } = await verifyFile(retirement);
    expect(facts.retirement).toMatchObject({
      milligrams: (end - start).toString(),
      purpose: "event-neutrality",
      use: "Meeting of May",
    });
    expect(facts.batches[0]).toMatchObject({
      vintage: 2017,
      firstDay: "2017-09-11",
      leaves: 6,
      leafCount: 23,
      onChain: null,
    });
    expect(facts.batches[0]?.serials).toEqual([
      `MT-SGP-2017-${batch.batchId.slice(2, 34)}-${start.toString()}-${(end - 1n).toString()}`,
    ]);
    expect(facts.batches[0]?.methodologies.reduce((sum, { leaves }) => sum + (leaves ?? 0), 0)).toBe(6);
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });

  it("a leaf that is used in part is said to be", async () => {
    const { checked } = await verifyFile(retirement);
    expect(checked.filter((sentence) => sentence.includes("used in part"))).toHaveLength(2);
    const whole = sampleRetirement([{ batch, start: begins[3] as bigint, end: begins[9] as bigint }]);
    const exact = await verifyFile(
      retirementFile(whole, [partUnder(batch, begins[3] as bigint, begins[9] as bigint)]),
    );
    expect(exact.checked.join(" ")).not.toContain("used in part");
  });

  it("any changed byte of a file is noticed", async () => {
    const bytes = encodeProofFile(act);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const changed = bytes.slice();
        changed[at] = (changed[at] as number) ^ mask;
        await expect(verifyProof(changed, null)).rejects.toThrow(code(/^(?:json|proof-file)\./));
      }),
      { numRuns: 400 },
    );
  });

  it("bytes that are no proof file are refused", async () => {
    for (const text of ["", "{}", "[]", "null", "\u0000"]) {
      await expect(verifyProof(new TextEncoder().encode(text), null)).rejects.toThrow(
        code(/^(?:json|proof-file)\./),
      );
    }
  });
});
