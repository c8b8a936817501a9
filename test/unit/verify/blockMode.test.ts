import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { Hex } from "../../../src/base/types/ids.ts";
import {
  encodeProofFile,
  type AccountProof,
  type BlockEvidence,
  type ProofFile,
} from "../../../src/format/proofs/proofFile.ts";
import { verdictText } from "../../../src/verify/sentences/verdictText.ts";
import { CONTRACTS, sampleAddress, sampleWord } from "./support/sampleBatch.ts";
import { actFile, actsPart, ATTESTERS, retirementFile } from "./support/sampleProof.ts";
import { askedFor, batchWords, retirementWord, sampleState } from "./support/sampleState.ts";
import { code } from "./support/verifyFile.ts";
import {
  against,
  batch,
  end,
  evidence,
  other,
  parts,
  record,
  state,
  trust,
  trusting,
  verify,
  withEvidence,
} from "./support/blockPlace.ts";

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

  it("a retirement from a batch with its rest minted, or suspended with causes, is verified", async () => {
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
