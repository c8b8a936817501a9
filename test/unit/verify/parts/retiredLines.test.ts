import { describe, expect, it } from "vitest";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import type { ProofFile } from "../../../../src/format/proofs/proofFile.ts";
import type { Trust } from "../../../../src/verify/trust.ts";
import { sampleAddress, sampleBatch, sampleWord } from "../support/sampleBatch.ts";
import { partUnder, rangePart, retirementFile, sampleRetirement, starts } from "../support/sampleProof.ts";
import { code, verifyFile, type Disclosed } from "../support/verifyFile.ts";

const batch = sampleBatch("proof", 23);
const begins = starts(batch);
const [start, end] = [(begins[3] as bigint) + 5n, (begins[9] as bigint) - 7n];
const record = sampleRetirement([{ batch, start, end }]);
const retirement = retirementFile(record, [partUnder(batch, start, end)]);

describe("a retirement", () => {
  const lines = (from: bigint, to: bigint) => sampleRetirement([{ batch, start: from, end: to }]);
  const part = partUnder(batch, start, end);
  const other = sampleBatch("other", 8);

  it.each<[string, ProofFile, string]>([
    ["leaves that end too early", retirementFile(record, [rangePart(batch, 3, 7)]), "verify.range-uncovered"],
    [
      "leaves that begin too late",
      retirementFile(record, [rangePart(batch, 4, 8)]),
      "verify.range-uncovered",
    ],
    [
      "a gap in its leaves",
      retirementFile(record, [
        {
          ...part,
          ranges: [...(rangePart(batch, 3, 4).ranges ?? []), ...(rangePart(batch, 6, 8).ranges ?? [])],
        },
      ]),
      "verify.range-uncovered",
    ],
    ["a leaf too many before it", retirementFile(record, [rangePart(batch, 2, 8)]), "verify.range-excess"],
    ["a leaf too many behind it", retirementFile(record, [rangePart(batch, 3, 9)]), "verify.range-excess"],
    [
      "a range beyond the batch",
      retirementFile(lines(start, batch.tree.total + 1n), [rangePart(batch, 3, 22)]),
      "verify.lines",
    ],
    ["an empty range", retirementFile(lines(start, start), [part]), "verify.lines"],
    [
      "a batch that the file does not show",
      retirementFile(
        sampleRetirement([
          { batch, start, end },
          { batch: other, start: 0n, end: 5n },
        ]),
        [part],
      ),
      "verify.lines",
    ],
    [
      "leaves of another batch",
      retirementFile(sampleRetirement([{ batch: other, start: 0n, end: 5n }]), [part]),
      "verify.lines",
    ],
    [
      "a part about a batch that it does not take from",
      retirementFile(record, [part, partUnder(other, 0n, 5n)]),
      "verify.lines",
    ],
    [
      "a batch twice",
      retirementFile(
        sampleRetirement([
          { batch, start, end },
          { batch, start: end, end: end + 1n },
        ]),
        [part, partUnder(other, 0n, 5n)],
      ),
      "verify.lines",
    ],
  ])("with %s is refused", async (_, file, expected) => {
    await expect(verifyFile(file)).rejects.toThrow(code(expected));
  });

  it("that discloses another beneficiary or use is refused", async () => {
    const disclosed = retirement.retirement?.disclosed as Disclosed;
    const changed = (change: Partial<typeof disclosed>): ProofFile => ({
      ...retirement,
      retirement: { record, disclosed: { ...disclosed, ...change } },
    });
    await expect(verifyFile(changed({ beneficiary: { name: "Another bank" } }))).rejects.toThrow(
      code("verify.beneficiary"),
    );
    await expect(verifyFile(changed({ salt: toHex(sampleWord("salt")) }))).rejects.toThrow(
      code("verify.beneficiary"),
    );
    await expect(verifyFile(changed({ use: "Meeting of June" }))).rejects.toThrow(code("verify.document"));
    await expect(verifyFile(changed({ use: "" }))).rejects.toThrow(code("verify.document"));
  });

  it("may keep beneficiary and use to itself, and have no document", async () => {
    expect((await verifyFile({ ...retirement, retirement: { record } })).notChecked.join(" ")).toContain(
      "only the hashes",
    );
    const none = { ...record, documentHash: toHex(new Uint8Array(32)) };
    const disclosed = { ...(retirement.retirement?.disclosed as Disclosed), use: "" };
    expect((await verifyFile({ ...retirement, retirement: { record: none, disclosed } })).ok).toBe(true);
  });

  it("of a struck batch is not held against its leaves with no chain in view, and is told", async () => {
    const strike = { index: 5, start: begins[5] as Milligrams, end: begins[6] as Milligrams };
    const file = retirementFile(record, [{ ...rangePart(batch, 3, 4), strikes: [strike] }]);
    for (const trust of [
      null,
      { mode: "root", batches: [{ batchId: batch.batchId }] },
    ] satisfies (Trust | null)[]) {
      const verdict = await verifyFile(file, trust);
      expect(verdict.facts.retirement?.unbackedMilligrams).toBeNull();
      expect(verdict.checked.join("\n")).not.toContain("all of the retired milligrams");
      expect(verdict.notChecked[0]).toContain(
        "The file lists 1 struck leaf; only a chain shows whether that is so",
      );
    }
    await expect(verifyFile(retirementFile(record, [rangePart(batch, 3, 4)]))).rejects.toThrow(
      code("verify.range-uncovered"),
    );
    expect((await verifyFile(retirement)).facts.retirement?.unbackedMilligrams).toBe("0");
  });

  it("over several batches pairs each line with its batch", async () => {
    const both = sampleRetirement([
      { batch, start, end },
      { batch: other, start: 0n, end: other.tree.total },
    ]);
    const { facts } = await verifyFile(retirementFile(both, [part, partUnder(other, 0n, other.tree.total)]));
    expect(facts.batches).toHaveLength(2);
    expect(facts.retirement?.milligrams).toBe((end - start + other.tree.total).toString());
  });

  it("over batches of two deployments is refused", async () => {
    const elsewhere = sampleBatch("elsewhere", 8, {
      manifest: { contracts: { ...batch.manifest.contracts, CarbonCredit: sampleAddress("x") } },
    });
    const both = sampleRetirement([
      { batch, start, end },
      { batch: elsewhere, start: 0n, end: 5n },
    ]);
    await expect(verifyFile(retirementFile(both, [part, partUnder(elsewhere, 0n, 5n)]))).rejects.toThrow(
      code("verify.contracts"),
    );
  });
});
