import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { Hex } from "../../../src/base/types/ids.ts";
import type { Day, Milligrams } from "../../../src/base/types/quantities.ts";
import type { Retirement } from "../../../src/base/types/retirement.ts";
import { methodologiesHash } from "../../../src/format/onchain/batchStatement.ts";
import {
  encodeProofFile,
  type AccountProof,
  type BlockEvidence,
  type ProofFile,
} from "../../../src/format/proofs/proofFile.ts";
import {
  batchSlots,
  batchWordSlots,
  provenanceHashOf,
  retirementSlot,
} from "../../../src/format/onchain/storageLayout.ts";
import { NO_STRIKES, strikesHashOf, type Strike } from "../../../src/format/batch/strikes.ts";
import { verdictText } from "../../../src/verify/verdictText.ts";
import type { Trust } from "../../../src/verify/trust.ts";
import { CHAIN_ID, CONTRACTS, sampleAddress, sampleBatch, sampleWord } from "./support/sampleBatch.ts";
import {
  actFile,
  actsPart,
  ATTESTERS,
  partUnder,
  rangePart,
  retirementFile,
  sampleRetirement,
  starts,
} from "./support/sampleProof.ts";
import {
  askedFor,
  batchWords,
  retirementWord,
  sampleState,
  type BatchChange,
  type SampleState,
} from "./support/sampleState.ts";
import { code, verifyFile } from "./support/verifyFile.ts";

const batch = sampleBatch("block", 23);
const other = sampleBatch("second", 6);
const begins = starts(batch);
const [start, end] = [(begins[3] as bigint) + 5n, (begins[9] as bigint) - 7n];
const record = sampleRetirement([
  { batch, start, end },
  { batch: other, start: 0n, end: 9n },
]);
const parts = [partUnder(batch, start, end), partUnder(other, 0n, 9n)];

const ownMethodologies = methodologiesHash(batch.manifest);

const state = await sampleState(
  new Map([...batchWords(batch), ...batchWords(other)]),
  retirementWord(record),
);
const evidence = await state.evidence(askedFor([batch, other], record.retirementId));
const trusting = ({ blockHash }: SampleState): Trust & { mode: "block" } => ({
  mode: "block",
  chainId: CHAIN_ID,
  blockHash,
  contracts: CONTRACTS,
});
const trust = trusting(state);

const verify = async (file: ProofFile, held: Trust = trust) => verifyFile(file, held);
const withEvidence = (block: BlockEvidence) => retirementFile(record, parts, block);

/** The whole retirement against a state in which one batch or the retirement's word is otherwise. */
async function against(
  change: BatchChange,
  retirement: ReadonlyMap<Hex, Hex> = retirementWord(record),
  shown: Retirement = record,
) {
  const changed = await sampleState(
    new Map([...batchWords(batch, change), ...batchWords(other)]),
    retirement,
  );
  return verify(
    retirementFile(shown, parts, await changed.evidence(askedFor([batch, other], record.retirementId))),
    trusting(changed),
  );
}

describe("against a trusted block", () => {
  it("a retirement is verified offline, with its block, batches and books", async () => {
    const verdict = await verify(withEvidence(evidence));
    expect(verdict).toMatchObject({ ok: true, mode: "block" });
    expect(verdict.facts.block).toEqual({
      number: "1234",
      hash: state.blockHash,
      time: "2017-09-15T18:26:40Z",
    });
    expect(verdict.facts.batches.map(({ onChain }) => onChain)).toEqual(
      verdict.facts.batches.map(
        () => expect.objectContaining({ status: "minted", attesters: ATTESTERS, suspension: [] }) as unknown,
      ),
    );
    expect(verdict.checked.join("\n")).toContain(
      "As of block 1234, the retirement registry keeps this whole retirement",
    );
    expect(verdict.notChecked.join("\n")).not.toContain("NOT checked");
    expect(verdict.notChecked.join("\n")).toContain("What happened after it was not looked at");
  });

  it("an act is verified without the retirement registry", async () => {
    const block = await state.evidence(askedFor([batch], null));
    const verdict = await verify({ ...actFile(actsPart(batch, [2, 7])), block });
    expect(verdict.checked.join("\n")).toContain("keeps batch");
    expect(verdict.facts.batches[0]?.serials).toHaveLength(2);
  });

  it("an act of a batch that is committed and not minted is verified as that", async () => {
    const committed = await sampleState(
      batchWords(batch, { status: "committed", minted: 0n, retired: 0n }),
      new Map(),
    );
    const block = await committed.evidence(askedFor([batch], null));
    const { facts } = await verify({ ...actFile(actsPart(batch, [2])), block }, trusting(committed));
    expect(facts.batches[0]?.onChain?.status).toBe("committed");
  });

  it("a retirement from a batch whose rest is minted too is verified, and one that is suspended with its causes", async () => {
    const completed = await against({ status: "completed", minted: batch.tree.total, retired: end });
    expect(new Set(completed.facts.batches.map(({ onChain }) => onChain?.status))).toEqual(
      new Set(["completed", "minted"]),
    );
    const suspended = await against({ suspension: ["unopened-gram", "quorum"], openDisputes: 1 });
    expect(suspended.checked.join("\n")).toMatch(
      /WARNING: the batch is suspended: unopened-gram \(.*\), quorum \(.*\)\./,
    );
    expect(suspended.checked.join("\n")).toContain("WARNING: 1 of the disputes about the batch is open.");
    expect(verdictText(suspended)).toContain("\nSUSPENDED   unopened-gram, quorum\n");
    expect(verdictText(completed)).not.toContain("SUSPENDED");
  });

  it("a retirement that makes a shortfall good is verified as that", async () => {
    const replacement = { ...record, purpose: "replacement" as const };
    const { facts, notChecked } = await against({}, retirementWord(replacement), replacement);
    expect(facts.retirement?.purpose).toBe("replacement");
    expect(notChecked.join("\n")).toContain(
      "Which batch's shortfall the retirement makes good: its record does not say.",
    );
  });

  it("a file without attesters, as older ones are, is verified but for them", async () => {
    const bare = parts.map(({ batchId, manifest, ranges = [], strikes }) => ({
      batchId,
      manifest,
      ranges,
      strikes,
    }));
    const verdict = await verify(retirementFile(record, bare, evidence));
    expect(verdict.facts.batches.map(({ onChain }) => onChain?.attesters)).toEqual([null, null]);
    expect(
      verdict.notChecked.filter((sentence) => sentence.includes("does not name the attesters")),
    ).toHaveLength(2);
    const named = await verify(withEvidence(evidence));
    expect(named.notChecked.join("\n")).not.toContain("does not name the attesters");
    expect(named.checked.join("\n")).toContain(
      `2 verifiers attested to it, under the methodologies of its manifest: ${ATTESTERS.join(", ")}.`,
    );
  });

  it("a file without a block proof is refused", async () => {
    await expect(verify(retirementFile(record, parts))).rejects.toThrow(code("verify.block-missing"));
  });

  it("another trusted block refuses the same file, and the same block under another header too", async () => {
    await expect(
      verify(withEvidence(evidence), { ...trust, blockHash: toHex(sampleWord("block")) }),
    ).rejects.toThrow(code("verify.block-hash"));
    const later = await sampleState(new Map(), new Map(), { blockNumber: 1235 });
    await expect(verify(withEvidence({ ...evidence, header: toHex(later.header) }))).rejects.toThrow(
      code("verify.block-hash"),
    );
    await expect(
      verify(withEvidence({ ...evidence, header: toHex(later.header) }), trusting(later)),
    ).rejects.toThrow(code("verify.account"));
  });

  it("another kind of header is refused when the file is read", () => {
    expect(() => encodeProofFile(withEvidence({ ...evidence, headerScheme: "qbft" as never }))).toThrow(
      code("proof-file.malformed"),
    );
  });

  it("another chain or contract is refused in a proof of one batch too", async () => {
    const block = await state.evidence(askedFor([batch], null));
    const file = { ...actFile(actsPart(batch, [2])), block };
    await expect(verify(file, { ...trust, chainId: 1 })).rejects.toThrow(code("verify.chain"));
    const contracts = { ...CONTRACTS, CarbonCredit: sampleAddress("impostor") };
    await expect(verify(file, { ...trust, contracts })).rejects.toThrow(code("verify.contracts"));
  });

  it("another chain is refused", async () => {
    await expect(verify(withEvidence(evidence), { ...trust, chainId: 1 })).rejects.toThrow(
      code("verify.chain"),
    );
  });

  it.each([
    "AccessManager",
    "ParticipantRegistry",
    "MethodologyRegistry",
    "BatchRegistry",
    "CarbonCredit",
    "RetirementRegistry",
  ])("a manifest that names another %s is refused", async (name) => {
    const contracts = { ...CONTRACTS, [name]: sampleAddress("impostor") };
    await expect(verify(withEvidence(evidence), { ...trust, contracts })).rejects.toThrow(
      code("verify.contracts"),
    );
  });

  it("contracts are the same in any spelling", async () => {
    const spelt = Object.fromEntries(
      Object.entries(CONTRACTS).map(([name, address]) => [name, `0x${address.slice(2).toUpperCase()}`]),
    );
    expect((await verify(withEvidence(evidence), { ...trust, contracts: spelt as never })).ok).toBe(true);
  });

  it("a prover's own contracts with the right words in them are refused", async () => {
    const contracts = { ...CONTRACTS, BatchRegistry: sampleAddress("impostor") };
    const theirs = await sampleState(
      new Map([...batchWords(batch), ...batchWords(other)]),
      retirementWord(record),
      { contracts },
    );
    const block = await theirs.evidence(askedFor([batch, other], record.retirementId, contracts));
    await expect(verify(withEvidence(block), trusting(theirs))).rejects.toThrow(code("verify.account"));
  });
});

describe("a block proof", () => {
  const [batches, retirements] = evidence.accounts as [AccountProof, AccountProof];
  const words = batches.storage;
  const withBatches = (change: Partial<AccountProof>) =>
    withEvidence({ ...evidence, accounts: [{ ...batches, ...change }, retirements] });

  it.each<[string, ProofFile, string]>([
    ["without the batch registry", withEvidence({ ...evidence, accounts: [retirements] }), "verify.account"],
    ["without the retirement registry", withEvidence({ ...evidence, accounts: [batches] }), "verify.account"],
    [
      "with an account twice",
      withEvidence({ ...evidence, accounts: [batches, retirements, batches] }),
      "verify.account",
    ],
    [
      "with an account that nothing rests on",
      withEvidence({
        ...evidence,
        accounts: [batches, retirements, { ...batches, address: sampleAddress("x") }],
      }),
      "verify.account",
    ],
    [
      "with one account's proof for the other",
      withBatches({ accountProof: retirements.accountProof }),
      "verify.account",
    ],
    ["with nodes missing", withBatches({ accountProof: batches.accountProof.slice(1) }), "verify.account"],
    ["without a word", withBatches({ storage: words.slice(1) }), "verify.storage"],
    [
      "with a word twice",
      withBatches({ storage: [...words, words[0] as (typeof words)[number]] }),
      "verify.storage",
    ],
    [
      "with a word that nothing rests on",
      withBatches({
        storage: [...words, { ...(words[0] as (typeof words)[number]), slot: toHex(sampleWord("s")) }],
      }),
      "verify.storage",
    ],
    [
      "with another value than the proven one",
      withBatches({
        storage: words.map((word, i) => (i === 1 ? { ...word, value: toHex(sampleWord("v")) } : word)),
      }),
      "verify.storage",
    ],
    [
      "with two words' proofs exchanged",
      withBatches({
        storage: words.map((word, i) => ({ ...word, proof: words[i < 2 ? 1 - i : i]?.proof ?? [] })),
      }),
      "verify.storage",
    ],
    ["with the other registry's storage", withBatches({ storage: retirements.storage }), "verify.storage"],
    [
      "with nodes of storage missing",
      withBatches({ storage: words.map((word) => ({ ...word, proof: word.proof.slice(0, -1) })) }),
      "verify.storage",
    ],
  ])("%s is refused", async (_, file, expected) => {
    await expect(verify(file)).rejects.toThrow(code(expected));
  });

  it("with any byte of any node changed is refused", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1),
        fc.nat(20),
        fc.nat(10),
        fc.nat(10_000),
        fc.integer({ min: 1, max: 255 }),
        async (account, place, node, at, mask) => {
          const changed = structuredClone(evidence) as {
            accounts: { accountProof: Hex[]; storage: { proof: Hex[] }[] }[];
          } & BlockEvidence;
          const one = changed.accounts[account] as (typeof changed.accounts)[number];
          const nodes =
            place === 0 ? one.accountProof : (one.storage[place % one.storage.length]?.proof as Hex[]);
          const bytes = Buffer.from((nodes[node % nodes.length] as Hex).slice(2), "hex");
          bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ mask;
          nodes[node % nodes.length] = `0x${bytes.toString("hex")}`;
          await expect(verify(withEvidence(changed))).rejects.toThrow(code(/^verify\.(?:account|storage)$/));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("what the chain keeps", () => {
  const total = batch.tree.total as bigint;
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
      { provenanceHash: provenanceHashOf([sampleAddress("x")], ownMethodologies) },
      "verify.provenance",
    ],
    [
      "a verifier less behind it",
      { provenanceHash: provenanceHashOf(ATTESTERS.slice(1), ownMethodologies) },
      "verify.provenance",
    ],
    [
      "other methodologies behind it",
      { provenanceHash: provenanceHashOf(ATTESTERS, toHex(sampleWord("m"))) },
      "verify.provenance",
    ],
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

  it("lets a cursor stand right at the end of the range", async () => {
    expect((await against({ retired: end })).ok).toBe(true);
  });

  it("refuses a batch of a status, or suspended for a cause, that is not known here", async () => {
    const words = batchWords(batch);
    const identity = batchWordSlots(batch.batchId)[1] as Hex;
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
        slots: [batch, other].flatMap(({ batchId, manifest }) => batchSlots(batchId, manifest.root)),
      },
      { address: CONTRACTS.RetirementRegistry, slots: [retirementSlot(second.retirementId)] },
    ]);
    await expect(verify(retirementFile(shown, parts, block), trusting(changed))).rejects.toThrow(
      code("verify.retirement"),
    );
  });
});

describe("strikes", () => {
  const total = batch.tree.total as bigint;
  const strikeOf = (index: number): Strike => ({
    index,
    start: begins[index] as Milligrams,
    end: begins[index + 1] as Milligrams,
  });
  const sizeOf = (index: number) => (begins[index + 1] as bigint) - (begins[index] as bigint);

  async function struck(list: readonly Strike[], books: BatchChange, shown: ReturnType<typeof partUnder>) {
    const only = sampleRetirement([{ batch, start, end }]);
    const changed = await sampleState(
      batchWords(batch, { strikesHash: strikesHashOf(list), ...books }),
      retirementWord(only),
    );
    const block = await changed.evidence(askedFor([batch], only.retirementId));
    return verify(retirementFile(only, [{ ...shown, strikes: list }], block), trusting(changed));
  }

  it("outside of the range change nothing about it", async () => {
    const books = { struck: sizeOf(15), minted: total - sizeOf(15), retired: end };
    const verdict = await struck([strikeOf(15)], books, partUnder(batch, start, end));
    expect(verdict.checked.join("\n")).toContain("1 leaf of the batch");
    expect(verdict.checked.join("\n")).not.toContain("in place of struck ones");
  });

  it("that are made good put other leaves behind the range, and those must be shown", async () => {
    const size = sizeOf(5);
    const books = { struck: size, minted: total - size, retired: end };
    await expect(struck([strikeOf(5)], books, partUnder(batch, start, end))).rejects.toThrow(
      code("verify.range-uncovered"),
    );
    const tail = partUnder(batch, total - size, total);
    const shown = {
      ...rangePart(batch, 3, 4),
      ranges: [
        ...(rangePart(batch, 3, 4).ranges ?? []),
        ...(rangePart(batch, 6, 8).ranges ?? []),
        ...(tail.ranges ?? []),
      ],
    };
    const verdict = await struck([strikeOf(5)], books, shown);
    expect(verdict.checked.join("\n")).toContain(`${size.toString()} mg of the range stand on other leaves`);
  });

  it("that are not made good leave positions without anything behind them, and the verdict warns", async () => {
    const size = sizeOf(5);
    const books = { struck: size, minted: total, shortfall: size, retired: end };
    const shown = {
      ...rangePart(batch, 3, 4),
      ranges: [...(rangePart(batch, 3, 4).ranges ?? []), ...(rangePart(batch, 6, 8).ranges ?? [])],
    };
    const verdict = await struck([strikeOf(5)], books, shown);
    expect(verdict.facts.retirement?.unbackedMilligrams).toBe(size.toString());
    expect(verdict.checked.join("\n")).toMatch(
      /WARNING: nothing stands behind .*\n.*WARNING: its operator owes/,
    );
    await expect(struck([strikeOf(5)], books, partUnder(batch, start, end))).rejects.toThrow(
      code("verify.range-excess"),
    );
  });

  it("of all leaves of a range leave none to show, and the verdict says that nothing is behind it", async () => {
    const only = sampleRetirement([{ batch, start: begins[5] as bigint, end: begins[6] as bigint }]);
    const books = {
      strikesHash: strikesHashOf([strikeOf(5)]),
      struck: sizeOf(5),
      shortfall: sizeOf(5),
      minted: total,
      retired: end,
    };
    const changed = await sampleState(batchWords(batch, books), retirementWord(only));
    const block = await changed.evidence(askedFor([batch], only.retirementId));
    const shown = { ...partUnder(batch, start, end), ranges: [], strikes: [strikeOf(5)] };
    const verdict = await verify(retirementFile(only, [shown], block), trusting(changed));
    expect(verdict.facts.retirement?.unbackedMilligrams).toBe(sizeOf(5).toString());
    expect(verdict.checked.join("\n")).toContain("No leaf of the batch is shown.");
    await expect(
      verify(
        retirementFile(only, [{ ...shown, ranges: partUnder(batch, start, end).ranges ?? [] }], block),
        trusting(changed),
      ),
    ).rejects.toThrow(code("verify.range-excess"));
  });

  it("of an act that is shown are warned of", async () => {
    const size = sizeOf(5);
    const list = [strikeOf(5)];
    const books = { strikesHash: strikesHashOf(list), struck: size, minted: total - size, retired: 0n };
    const changed = await sampleState(batchWords(batch, books), new Map());
    const block = await changed.evidence(askedFor([batch], null));
    const verdict = await verify(
      { ...actFile({ ...actsPart(batch, [4, 5]), strikes: list }), block },
      trusting(changed),
    );
    expect(verdict.checked.join("\n")).toContain("WARNING: of the leaves shown, these are struck: 5.");
  });

  it("in another order than the registry's are refused", async () => {
    const [one, two] = [strikeOf(15), strikeOf(17)];
    const size = sizeOf(15) + sizeOf(17);
    const books = {
      strikesHash: strikesHashOf([one, two]),
      struck: size,
      minted: total - size,
      retired: end,
    };
    await expect(struck([two, one], books, partUnder(batch, start, end))).rejects.toThrow(
      code("verify.strikes"),
    );
    expect((await struck([one, two], books, partUnder(batch, start, end))).ok).toBe(true);
  });
});
