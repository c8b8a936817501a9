import { describe, expect, it } from "vitest";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import type { Hex } from "../../../../src/base/types/ids.ts";
import type { Day, Milligrams } from "../../../../src/base/types/quantities.ts";
import type { Retirement } from "../../../../src/base/types/retirement.ts";
import {
  batchSlots,
  batchWordSlots,
  provenanceHashOf,
  retirementSlot,
  type BatchTermWords,
} from "../../../../src/format/onchain/storageLayout.ts";
import { NO_STRIKES, strikesHashOf, type Strike } from "../../../../src/format/batch/strikes.ts";
import { CONTRACTS, sampleAddress, sampleWord } from "../support/sampleBatch.ts";
import { actFile, actsPart, ATTESTERS, retirementFile, sampleRetirement } from "../support/sampleProof.ts";
import {
  askedFor,
  batchWords,
  retirementWord,
  sampleState,
  termWords,
  type BatchChange,
} from "../support/sampleState.ts";
import { code } from "../support/verifyFile.ts";
import {
  against,
  batch,
  begins,
  end,
  evidence,
  other,
  ownMethodologies,
  ownTerms,
  parts,
  record,
  trusting,
  verify,
  withEvidence,
} from "../support/blockPlace.ts";

describe("what the chain keeps", () => {
  const total = batch.tree.total as bigint;
  const kept = termWords(batch.manifest) as BatchTermWords;
  const strikes: Strike[] = [{ index: 1, start: begins[1] as Milligrams, end: begins[2] as Milligrams }];

  it.each<[string, BatchChange, string]>([
    ["no such batch", { status: "none" }, "verify.not-committed"],
    ["another batch under the root", { batchOfRoot: other.batchId }, "verify.batch-root"],
    ["no batch under the root", { batchOfRoot: NO_STRIKES }, "verify.batch-root"],
    ["another total", { total: total - 1n }, "verify.batch-total"],
    ["another leaf count", { leafCount: 24 }, "verify.batch-leaves"],
    ["another operator", { operator: sampleAddress("x") }, "verify.batch-operator"],
    ["another first day", { vintageStartDay: 17_419 as Day }, "verify.batch-vintage"],
    ["another last day", { vintageEndDay: 17_441 as Day }, "verify.batch-vintage"],
    ["another region", { region: "WUHAN" }, "verify.batch-region"],
    ["another claim period", { claimPeriodDays: 91 }, "verify.batch-claim-period"],
    ["another buffer", { buffer: 1n }, "verify.batch-buffer"],
    [
      "another verifier behind it",
      { provenanceHash: provenanceHashOf([sampleAddress("x")], ownMethodologies, ownTerms) },
      "verify.provenance",
    ],
    [
      "a verifier less behind it",
      { provenanceHash: provenanceHashOf(ATTESTERS.slice(1), ownMethodologies, ownTerms) },
      "verify.provenance",
    ],
    [
      "other methodologies behind it",
      { provenanceHash: provenanceHashOf(ATTESTERS, toHex(sampleWord("m")), ownTerms) },
      "verify.provenance",
    ],
    [
      "other terms behind it",
      { provenanceHash: provenanceHashOf(ATTESTERS, ownMethodologies, toHex(sampleWord("t"))) },
      "verify.provenance",
    ],
    [
      "no terms behind it, as of the first format",
      { provenanceHash: provenanceHashOf(ATTESTERS, ownMethodologies, null) },
      "verify.provenance",
    ],
    ["another category", { terms: { ...kept, category: "project" } }, "verify.batch-category"],
    ["another host country", { terms: { ...kept, hostCountry: "CN" } }, "verify.batch-host-country"],
    ["a last day for retirement", { terms: { ...kept, useByDay: 17_441 as Day } }, "verify.batch-use-by"],
    ["strikes that the file does not list", { strikesHash: strikesHashOf(strikes) }, "verify.strikes"],
    ["struck grams without strikes", { struck: 5n, minted: total - 5n, retired: end }, "verify.struck"],
    ["books that don't balance", { minted: total + 1n }, "accounts.identity"],
    ["more retired than minted", { minted: end - 1n, retired: end }, "accounts.identity"],
    ["a shortfall without strikes", { shortfall: 1n, retired: end }, "accounts.identity"],
    ["a batch that is not minted", { status: "committed" }, "verify.not-minted"],
    ["a cursor below the range", { retired: end - 1n }, "verify.not-retired"],
  ])("refuses the retirement where it has %s", async (_, change, expected) => {
    await expect(against(change)).rejects.toThrow(code(expected));
  });

  it("lets the country's registry change the adjustment after the closing", async () => {
    expect((await against({ terms: { ...kept, adjustment: "applied" } })).ok).toBe(true);
  });

  it("lets a cursor stand right at the end of the range", async () => {
    expect((await against({ retired: end })).ok).toBe(true);
  });

  it("refuses a batch of a status, or suspended for a cause, that is not known here", async () => {
    const words = batchWords(batch);
    const identity = batchWordSlots(batch.batchId, batch.manifest.format)[1] as Hex;
    for (const [place, byte] of [
      [6, "09"],
      [4, "80"],
    ] as const) {
      const word = words.get(identity) as Hex;
      const changed = await sampleState(
        new Map([
          ...words,
          ...batchWords(other),
          [identity, `0x${word.slice(2, place)}${byte}${word.slice(place + 2)}` as Hex],
        ]),
        retirementWord(record),
      );
      const block = await changed.evidence(askedFor([batch, other], record.retirementId));
      await expect(verify(withEvidence(block), trusting(changed))).rejects.toThrow(code("storage.malformed"));
    }
  });

  it("refuses a batch and a retirement that were never written, with the proof that says so", async () => {
    const empty = await sampleState(new Map(), new Map());
    const block = await empty.evidence(askedFor([batch, other], record.retirementId));
    await expect(verify(withEvidence(block), trusting(empty))).rejects.toThrow(
      code("verify.retirement-unknown"),
    );
    const acts = await empty.evidence(askedFor([batch], null));
    await expect(verify({ ...actFile(actsPart(batch, [1])), block: acts }, trusting(empty))).rejects.toThrow(
      code("verify.not-committed"),
    );
  });

  it.each<[string, Partial<Retirement>]>([
    ["holder", { holder: sampleAddress("x") }],
    ["purpose", { purpose: "compliance-offset" }],
    ["reporting year", { reportingYear: 2024 }],
    ["country", { country: "SG" }],
    ["time", { retiredAt: 1 as never }],
    [
      "line",
      {
        lines: record.lines.map((line) =>
          line.batchId === batch.batchId ? { ...line, end: (line.end - 1n) as Milligrams } : line,
        ),
      },
    ],
  ])("refuses a record with another %s", async (_, change) => {
    const shown = { ...record, ...change };
    await expect(against({}, retirementWord(record), shown)).rejects.toThrow(code("verify.retirement"));
  });

  it("refuses a record with another beneficiary or document that it does not disclose", async () => {
    for (const change of [
      { beneficiaryHash: toHex(sampleWord("b")) },
      { documentHash: toHex(sampleWord("d")) },
    ]) {
      const file = { ...withEvidence(evidence), retirement: { record: { ...record, ...change } } };
      await expect(verify(file)).rejects.toThrow(code("verify.retirement"));
    }
  });

  it("refuses a retirement under the id of another", async () => {
    const second = sampleRetirement([{ batch, start: end, end: end + 5n }], "second");
    const shown = { ...record, retirementId: second.retirementId };
    const changed = await sampleState(
      new Map([...batchWords(batch), ...batchWords(other)]),
      new Map([...retirementWord(record), ...retirementWord(second)]),
    );
    const block = await changed.evidence([
      {
        address: CONTRACTS.BatchRegistry,
        slots: [batch, other].flatMap(({ batchId, manifest }) => batchSlots(batchId, manifest)),
      },
      { address: CONTRACTS.RetirementRegistry, slots: [retirementSlot(second.retirementId)] },
    ]);
    await expect(verify(retirementFile(shown, parts, block), trusting(changed))).rejects.toThrow(
      code("verify.retirement"),
    );
  });
});
