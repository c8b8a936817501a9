import { AbiCoder, keccak256 as ethersKeccak, solidityPackedKeccak256, zeroPadValue } from "ethers";
import fc from "fast-check";
import { keccak256, stringToHex, toHex as viemHex } from "viem";
import { describe, expect, it } from "vitest";
import { encodeBatchWords } from "../../../../scripts/generate/vectors/encodeBatchWords.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../../../src/base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { ADJUSTMENTS, COMMITTED_CATEGORIES } from "../../../../src/format/onchain/batchStatement.ts";
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
  /** The first layout has none. */
  termsHash?: Hex;
}

describe.each([
  { format: "microtonne-batch/1", name: "v1/storage", count: 6 },
  { format: "microtonne-batch/2", name: "storage", count: 7 },
] as const)("storage layout of $format", ({ format, name, count }) => {
  const file = vectors(name) as StorageVector;

  it("has the slots of the vectors, as ethers computes them", () => {
    for (const { name: namespace, slot } of file.namespaces) {
      expect(storage.namespaceSlot(namespace)).toBe(slot);
      const before = BigInt(keccak256(stringToHex(namespace))) - 1n;
      const hash = BigInt(keccak256(viemHex(before, { size: 32 })));
      expect(BigInt(slot)).toBe(hash - (hash % 256n));
    }
    const [batchBase, retirementBase] = file.namespaces.map(({ slot }) => slot) as [Hex, Hex];
    for (const { batchId, slots } of file.batches) {
      const first = BigInt(solidityPackedKeccak256(["bytes32", "bytes32"], [batchId, batchBase]));
      expect(storage.batchWordSlots(batchId, format)).toEqual(slots);
      expect(slots.map(BigInt)).toEqual(Array.from({ length: count }, (_, word) => first + BigInt(word)));
      const place = { root: batchId, format };
      expect(storage.batchSlots(batchId, place)).toEqual([...slots, storage.rootSlot(batchId)]);
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
    ).toEqual(format === "microtonne-batch/1" ? { ...file.batch, terms: null } : file.batch);
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
      openDisputes: format === "microtonne-batch/1" ? 3 : 261,
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
    const [days, claimDays, window] = format === "microtonne-batch/1" ? [32, 32, 32] : [24, 16, 24];
    const terms = fc.record({
      category: fc.constantFrom(null, ...COMMITTED_CATEGORIES),
      hostCountry: fc.stringMatching(/^([A-Z]{2})?$/),
      adjustment: fc.constantFrom(...ADJUSTMENTS),
      useByDay: number(24).map((day) => (day === 0 ? null : (day as Day))),
      openClaims: number(16),
      openGrams: number(16),
      contested: stored,
      impositions: number(16),
      writeOff: fc.record({ circulating: stored, shortfall: stored, retired: stored, counted: stored }),
    });
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
      vintageStartDay: number(days) as fc.Arbitrary<Day>,
      vintageEndDay: number(days) as fc.Arbitrary<Day>,
      claimPeriodDays: number(claimDays),
      region: fc.stringMatching(/^[A-Z0-9]{0,8}$/),
      buffer: stored,
      challengeWindowSeconds: number(window),
      strikesHash: bytes(32),
      terms: format === "microtonne-batch/1" ? fc.constant(null) : terms,
    });
    fc.assert(
      fc.property(batches, (any) => {
        const { openClaims, openGrams } = any.terms ?? { openClaims: any.openDisputes, openGrams: 0 };
        const batch = { ...any, openDisputes: openClaims + openGrams };
        const { total, shortfall, replaced, minted, struck } = batch;
        const unminted = total + shortfall + replaced - minted - struck;
        const words = encodeBatchWords(batch);
        expect(words).toHaveLength(count);
        expect(storage.decodeBatchWords(words)).toEqual({ ...batch, unminted });
      }),
      { numRuns: 500 },
    );
  });

  it("finds nothing in empty words, and refuses others", () => {
    const zero = zeroPadValue("0x", 32) as Hex;
    const empty = Array.from({ length: count }, () => zero);
    expect(storage.decodeBatchWords(empty)).toMatchObject({
      status: "none",
      total: 0n,
      unminted: 0n,
      suspension: [],
      region: "",
    });
    for (const words of [5, 8])
      expect(codeOf(() => storage.decodeBatchWords(Array.from({ length: words }, () => zero)))).toBe(
        "storage.malformed",
      );
    expect(codeOf(() => storage.decodeBatchWords(empty.with(1, `0x000004${"00".repeat(29)}`)))).toBe(
      "storage.malformed",
    );
    expect(codeOf(() => storage.decodeBatchWords(empty.with(1, `0x004001${"00".repeat(29)}`)))).toBe(
      "storage.malformed",
    );
    expect(codeOf(() => storage.decodeBatchWords(empty.with(0, "0x00")))).toBe("hex.malformed");
  });

  it("hashes attesters ascending, in any spelling and order", () => {
    const hash = storage.attestersHashOf(file.attesters);
    const ascending = file.attesters.map((one) => one.toLowerCase()).toSorted();
    expect(hash).toBe(keccak256(`0x${ascending.map((one) => one.slice(2)).join("")}`));
    expect(storage.attestersHashOf(file.attesters.toReversed())).toBe(hash);
    expect(hash).toBe(file.attestersHash);
  });

  it("hashes attesters, methodologies and any terms to one provenance, as the contract does", () => {
    const { attesters, attestersHash, methodologiesHash, termsHash = null, words } = file;
    const hash = storage.provenanceHashOf(attesters, methodologiesHash, termsHash);
    const parts = [attestersHash, methodologiesHash, ...(termsHash === null ? [] : [termsHash])];
    const types = parts.map(() => "bytes32");
    expect(hash).toBe(ethersKeccak(AbiCoder.defaultAbiCoder().encode(types, parts)));
    expect(words[2]).toBe(hash);
    expect(storage.provenanceHashOf(attesters.slice(1), methodologiesHash, termsHash)).not.toBe(hash);
    expect(storage.provenanceHashOf(attesters, attestersHash, termsHash)).not.toBe(hash);
    expect(storage.provenanceHashOf(attesters, methodologiesHash, attestersHash)).not.toBe(hash);
  });
});

describe("the second layout", () => {
  const { words } = vectors("storage") as StorageVector;
  const changed = (word: number, byte: number, value: string) =>
    words.map(
      (one, i) =>
        (i === word ? `${one.slice(0, 2 + 2 * byte)}${value}${one.slice(4 + 2 * byte)}` : one) as Hex,
    );

  it("has the terms of the vectors", () => {
    expect(storage.decodeBatchWords(words).terms).toEqual({
      category: "project",
      hostCountry: "CN",
      adjustment: "applied",
      useByDay: 21_914,
      openClaims: 3,
      openGrams: 258,
      contested: 70n,
      impositions: 515,
      writeOff: { circulating: 400n, shortfall: 30n, retired: 480n, counted: 18n },
    });
  });

  it("has no other categories and adjustments than are known here", () => {
    for (const known of ["00", "01", "02"])
      expect(codeOf(() => storage.decodeBatchWords(changed(1, 0, known)))).toBe("accepted");
    expect(codeOf(() => storage.decodeBatchWords(changed(1, 0, "03")))).toBe("storage.malformed");
    for (const known of ["00", "01", "02"])
      expect(codeOf(() => storage.decodeBatchWords(changed(4, 1, known)))).toBe("accepted");
    expect(codeOf(() => storage.decodeBatchWords(changed(4, 1, "03")))).toBe("storage.malformed");
  });
});
