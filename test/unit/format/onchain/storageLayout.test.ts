import { AbiCoder, keccak256 as ethersKeccak, solidityPackedKeccak256, zeroPadValue } from "ethers";
import fc from "fast-check";
import { keccak256, stringToHex, toHex as viemHex } from "viem";
import { describe, expect, it } from "vitest";
import { encodeBatchWords } from "../../../../scripts/generate/vectors/encodeBatchWords.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../../../src/base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import * as storage from "../../../../src/format/onchain/storageLayout.ts";
import { codeOf, vectors } from "../support/vectors.ts";
import { bytes } from "./support/arbitraries.ts";

/** Our own encodings against viem and ethers, which the format itself does not import. */

interface StorageVector {
  namespaces: { name: string; slot: Hex }[];
  batches: { batchId: BatchId; slots: Hex[] }[];
  roots: { root: Hex; slot: Hex }[];
  retirements: { retirementId: RetirementId; slot: Hex }[];
  words: Hex[];
  batch: Record<string, unknown>;
  attesters: Address[];
  attestersHash: Hex;
  methodologiesHash: Hex;
}

describe("storage layout", () => {
  const file = vectors("storage") as StorageVector;

  it("has the slots of the vectors, as ethers computes them", () => {
    for (const { name, slot } of file.namespaces) {
      expect(storage.namespaceSlot(name)).toBe(slot);
      const before = BigInt(keccak256(stringToHex(name))) - 1n;
      const hash = BigInt(keccak256(viemHex(before, { size: 32 })));
      expect(BigInt(slot)).toBe(hash - (hash % 256n));
    }
    const [batchBase, retirementBase] = file.namespaces.map(({ slot }) => slot) as [Hex, Hex];
    for (const { batchId, slots } of file.batches) {
      const first = BigInt(solidityPackedKeccak256(["bytes32", "bytes32"], [batchId, batchBase]));
      expect(storage.batchWordSlots(batchId)).toEqual(slots);
      expect(slots.map(BigInt)).toEqual([0n, 1n, 2n, 3n, 4n, 5n].map((offset) => first + offset));
      expect(storage.batchSlots(batchId, batchId)).toEqual([...slots, storage.rootSlot(batchId)]);
    }
    for (const { root, slot } of file.roots) {
      expect(storage.rootSlot(root)).toBe(slot);
      expect(slot).toBe(solidityPackedKeccak256(["bytes32", "uint256"], [root, BigInt(batchBase) + 1n]));
    }
    for (const { retirementId, slot } of file.retirements) {
      expect(storage.retirementSlot(retirementId)).toBe(slot);
      expect(slot).toBe(solidityPackedKeccak256(["bytes32", "bytes32"], [retirementId, retirementBase]));
    }
  });

  it("reads packed words from their lowest byte up", () => {
    const batch = storage.decodeBatchWords(file.words);
    expect(
      JSON.parse(
        JSON.stringify(batch, (_, one: unknown) => (typeof one === "bigint" ? one.toString() : one)),
      ),
    ).toEqual(file.batch);
    expect(batch).toMatchObject({
      total: 1000n,
      minted: 900n,
      unminted: 40n,
      struck: 110n,
      shortfall: 30n,
      replaced: 20n,
      retired: 500n,
      buffer: 100n,
    });
    expect(batch).toMatchObject({
      leafCount: 5,
      status: "minted",
      suspension: ["shortfall", "order"],
      openDisputes: 3,
      region: "WUHAN",
      vintageStartDay: 20_454,
      vintageEndDay: 20_818,
      claimPeriodDays: 90,
      challengeWindowSeconds: 259_200,
    });
    expect(batch.operator).toBe(`0x${"ab".repeat(20)}`);
    expect([batch.provenanceHash, batch.strikesHash]).toEqual([file.words[2], file.words[5]]);
  });

  it("reads every field of any batch back, whatever the others hold", () => {
    const wide = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
    const stored = wide(64) as fc.Arbitrary<Milligrams>;
    const number = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
    const batches = fc.record({
      total: stored,
      minted: stored,
      struck: stored,
      retired: stored,
      shortfall: stored,
      replaced: stored,
      operator: bytes(20),
      committedAt: number(40) as fc.Arbitrary<UnixSeconds>,
      leafCount: number(32),
      status: fc.constantFrom(...storage.BATCH_STATUSES),
      suspension: fc.subarray([...storage.SUSPENSION_CAUSES]),
      openDisputes: number(8),
      provenanceHash: bytes(32),
      vintageStartDay: number(32) as fc.Arbitrary<Day>,
      vintageEndDay: number(32) as fc.Arbitrary<Day>,
      claimPeriodDays: number(32),
      region: fc.stringMatching(/^[A-Z0-9]{0,8}$/),
      buffer: stored,
      challengeWindowSeconds: number(32),
      strikesHash: bytes(32),
    });
    fc.assert(
      fc.property(batches, (batch) => {
        const { total, shortfall, replaced, minted, struck } = batch;
        const unminted = total + shortfall + replaced - minted - struck;
        expect(storage.decodeBatchWords(encodeBatchWords(batch))).toEqual({ ...batch, unminted });
      }),
      { numRuns: 500 },
    );
  });

  it("finds nothing in empty words, and refuses others", () => {
    const zero = zeroPadValue("0x", 32) as Hex;
    const empty = Array.from({ length: 6 }, () => zero);
    expect(storage.decodeBatchWords(empty)).toMatchObject({
      status: "none",
      total: 0n,
      unminted: 0n,
      suspension: [],
      region: "",
    });
    expect(codeOf(() => storage.decodeBatchWords(empty.slice(1)))).toBe("storage.malformed");
    expect(codeOf(() => storage.decodeBatchWords(empty.with(1, `0x000004${"00".repeat(29)}`)))).toBe(
      "storage.malformed",
    );
    expect(codeOf(() => storage.decodeBatchWords(empty.with(1, `0x004001${"00".repeat(29)}`)))).toBe(
      "storage.malformed",
    );
    expect(codeOf(() => storage.decodeBatchWords([...empty, zero]))).toBe("storage.malformed");
    expect(codeOf(() => storage.decodeBatchWords(empty.with(0, "0x00")))).toBe("hex.malformed");
  });

  it("hashes attesters ascending, in any spelling and order", () => {
    const hash = storage.attestersHashOf(file.attesters);
    const ascending = file.attesters.map((one) => one.toLowerCase()).toSorted();
    expect(hash).toBe(keccak256(`0x${ascending.map((one) => one.slice(2)).join("")}`));
    expect(storage.attestersHashOf(file.attesters.toReversed())).toBe(hash);
    expect(hash).toBe(file.attestersHash);
  });

  it("hashes attesters and methodologies to one provenance, as the contract does", () => {
    const { attesters, attestersHash, methodologiesHash, words } = file;
    const hash = storage.provenanceHashOf(attesters, methodologiesHash);
    expect(hash).toBe(
      ethersKeccak(
        AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32"], [attestersHash, methodologiesHash]),
      ),
    );
    expect(words[2]).toBe(hash);
    expect(storage.provenanceHashOf(attesters.slice(1), methodologiesHash)).not.toBe(hash);
    expect(storage.provenanceHashOf(attesters, attestersHash)).not.toBe(hash);
  });
});
