import {
  AbiCoder,
  keccak256 as ethersKeccak,
  TypedDataEncoder,
  solidityPackedKeccak256,
  zeroPadValue,
} from "ethers";
import fc from "fast-check";
import {
  encodeAbiParameters,
  hashTypedData,
  keccak256,
  parseAbiParameters,
  stringToHex,
  toHex as viemHex,
} from "viem";
import { describe, expect, it } from "vitest";
import { encodeBatchWords } from "../../../../scripts/generate/vectors/encodeBatchWords.ts";
import { SAMPLE_CONTRACTS, sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import { fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../../../src/base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { CHOSEN_PURPOSES, PURPOSES, type Retirement } from "../../../../src/base/types/retirement.ts";
import {
  batchStatementOf,
  statementDigest,
  type BatchStatement,
} from "../../../../src/format/onchain/batchStatement.ts";
import {
  beneficiaryHash,
  documentHash,
  purposeOfNumber,
  retirementIdOf,
  retirementRecordHash,
} from "../../../../src/format/onchain/retirementRecord.ts";
import * as storage from "../../../../src/format/onchain/storageLayout.ts";
import { codeOf, vectors } from "../support/vectors.ts";

/** Our own encodings against viem and ethers, which the format itself does not import. */

const TYPES = {
  BatchStatement: [
    ["uint256", "batchId"],
    ["address", "operator"],
    ["bytes32", "root"],
    ["uint64", "totalMilligrams"],
    ["uint32", "leafCount"],
    ["uint64", "bufferMilligrams"],
    ["uint32", "claimPeriodDays"],
    ["uint32", "vintageStartDay"],
    ["uint32", "vintageEndDay"],
    ["bytes8", "region"],
    ["bytes32", "methodologiesHash"],
    ["bytes32", "keySchemeHash"],
    ["bytes32", "leavesHash"],
    ["uint64", "subjectlessMilligrams"],
    ["uint256", "previousBatchId"],
    ["uint64", "deadline"],
  ].map(([type, name]) => ({ type: type as string, name: name as string })),
};

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toHex);
const word = bytes(32);
const uint32 = fc.nat(2 ** 32 - 1);
const mass = fc.bigInt(0n, 2n ** 63n - 1n).map((one) => one as Milligrams);
const statements: fc.Arbitrary<BatchStatement> = fc.record({
  batchId: word.map((id) => id as BatchId),
  operator: bytes(20),
  root: word,
  totalMilligrams: mass,
  leafCount: uint32,
  bufferMilligrams: mass,
  claimPeriodDays: uint32,
  vintageStartDay: uint32.map((day) => day as Day),
  vintageEndDay: uint32.map((day) => day as Day),
  region: fc.stringMatching(/^[A-Z0-9]{2,8}$/).map(regionCode),
  methodologiesHash: word,
  keySchemeHash: word,
  leavesHash: word,
  subjectlessMilligrams: mass,
  previousBatchId: fc.option(word.map((id) => id as BatchId)),
  deadline: fc.maxSafeNat().map((at) => at as UnixSeconds),
});

describe("batch statement", () => {
  it("has the EIP-712 digest of viem and of ethers", () => {
    fc.assert(
      fc.property(statements, fc.maxSafeNat(), bytes(20), (statement, chainId, registry) => {
        const domain = {
          name: "Microtonne BatchRegistry",
          version: "1",
          chainId,
          verifyingContract: registry,
        };
        const message = {
          ...statement,
          batchId: BigInt(statement.batchId),
          region: stringToHex(statement.region, { size: 8 }),
          previousBatchId: BigInt(statement.previousBatchId ?? 0),
          deadline: BigInt(statement.deadline),
        };
        const digest = statementDigest(statement, chainId, registry);
        expect(digest).toBe(hashTypedData({ domain, types: TYPES, primaryType: "BatchStatement", message }));
        expect(digest).toBe(TypedDataEncoder.hash(domain, TYPES, message));
      }),
      { numRuns: 50 },
    );
  });

  it("is that of the vectors, and another on another chain, registry or history", async () => {
    const { digests } = vectors("statement") as {
      digests: { chainId: number; registry: Address; digest: string }[];
    };
    const { manifest, batchId } = await sampleBatch();
    const statement = batchStatementOf(manifest, batchId, 1_800_000_000 as UnixSeconds);
    const [first, none, ...others] = digests as [
      (typeof digests)[number],
      (typeof digests)[number],
      ...typeof digests,
    ];
    for (const { chainId, registry, digest } of [first, ...others])
      expect(statementDigest(statement, chainId, registry)).toBe(digest);
    expect(statementDigest({ ...statement, previousBatchId: null }, none.chainId, none.registry)).toBe(
      none.digest,
    );
    expect(new Set(digests.map(({ digest }) => digest)).size).toBe(digests.length);
  });

  it("says of a manifest what the manifest says", async () => {
    const { manifest, batchId, tree } = await sampleBatch();
    const statement = batchStatementOf(manifest, batchId, 5 as UnixSeconds);
    expect(statement).toMatchObject({
      batchId,
      root: toHex(tree.root),
      totalMilligrams: tree.total,
      leafCount: 5,
      deadline: 5,
    });
    expect(statement.bufferMilligrams).toBe((tree.total * 250n) / 10_000n);
    expect(statement.operator).toBe(manifest.operator);
    expect(SAMPLE_CONTRACTS.BatchRegistry).toMatch(/^0x/);
  });

  it("refuses what a word can't hold", async () => {
    const { manifest, batchId } = await sampleBatch();
    const statement = batchStatementOf(manifest, batchId, 5 as UnixSeconds);
    const bad: Partial<BatchStatement>[] = [
      { leafCount: 2 ** 32 },
      { leafCount: -1 },
      { totalMilligrams: (2n ** 64n) as Milligrams },
    ];
    for (const change of bad) {
      expect(
        codeOf(() => statementDigest({ ...statement, ...change }, 1, SAMPLE_CONTRACTS.BatchRegistry)),
      ).toBe("abi.out-of-range");
    }
  });
});

const retirements: fc.Arbitrary<Retirement> = fc.record({
  retirementId: word.map((id) => id as RetirementId),
  holder: bytes(20),
  beneficiaryHash: word,
  documentHash: word,
  purpose: fc.constantFrom(...PURPOSES),
  reportingYear: fc.nat(65_535),
  country: fc.stringMatching(/^[A-Z]{2}$/),
  retiredAt: fc.maxSafeNat().map((at) => at as UnixSeconds),
  lines: fc.array(fc.record({ batchId: word.map((id) => id as BatchId), start: mass, end: mass }), {
    maxLength: 4,
  }),
});
const STRUCT = "(bytes32,address,bytes32,bytes32,uint8,uint16,bytes2,uint64,(uint256,uint64,uint64)[])";

describe("retirement record", () => {
  it("has the hash of abi.encode in viem and in ethers", () => {
    fc.assert(
      fc.property(retirements, (retirement) => {
        const { retirementId, holder, purpose, reportingYear, country, retiredAt, lines } = retirement;
        const purposeNumber = PURPOSES.indexOf(purpose) + 1;
        const head = [
          retirementId,
          holder,
          retirement.beneficiaryHash,
          retirement.documentHash,
          purposeNumber,
          reportingYear,
        ] as const;
        const rows = lines.map((line) => [BigInt(line.batchId), line.start, line.end] as const);
        const ethersBytes = AbiCoder.defaultAbiCoder().encode(
          [`tuple${STRUCT.replace("(uint256", "tuple(uint256")}`],
          [[...head, stringToHex(country), retiredAt, rows]],
        );
        expect(retirementRecordHash(retirement)).toBe(ethersKeccak(ethersBytes));
        const viemBytes = encodeAbiParameters(
          parseAbiParameters([
            "Retirement retirement",
            "struct Line { uint256 batchId; uint64 start; uint64 end; }",
            "struct Retirement { bytes32 retirementId; address holder; bytes32 beneficiaryHash; bytes32 documentHash; uint8 purpose; uint16 reportingYear; bytes2 country; uint64 retiredAt; Line[] lines; }",
          ]),
          [
            {
              ...retirement,
              purpose: purposeNumber,
              country: stringToHex(country),
              retiredAt: BigInt(retiredAt),
              lines: lines.map((line) => ({ ...line, batchId: BigInt(line.batchId) })),
            },
          ],
        );
        expect(retirementRecordHash(retirement)).toBe(keccak256(viemBytes));
      }),
      { numRuns: 50 },
    );
  });

  it("and its id are those of the vectors", () => {
    const file = vectors("retirement") as {
      salt: Hex;
      use: string;
      beneficiary: { name: string; lei: string };
      retirements: Record<string, unknown>[];
    };
    for (const { nonce, recordHash, retirement } of file.retirements as {
      nonce: Hex;
      recordHash: string;
      retirement: Retirement;
    }[]) {
      const lines = retirement.lines.map((line) => ({
        ...line,
        start: BigInt(line.start) as Milligrams,
        end: BigInt(line.end) as Milligrams,
      }));
      expect(retirementRecordHash({ ...retirement, lines })).toBe(recordHash);
      expect(retirementIdOf(retirement.holder, nonce)).toBe(retirement.retirementId);
      expect(retirement.retirementId).toBe(
        ethersKeccak(AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [retirement.holder, nonce])),
      );
      expect(beneficiaryHash(fromHex(file.salt), file.beneficiary)).toBe(retirement.beneficiaryHash);
      expect(documentHash(fromHex(file.salt), file.use)).toBe(retirement.documentHash);
    }
  });

  it("knows six purposes in contract order and no other; a holder chooses from the first five", () => {
    expect([1, 2, 3, 4, 5, 6].map(purposeOfNumber)).toEqual(PURPOSES);
    expect(PURPOSES.filter((purpose) => purpose !== "replacement")).toEqual(CHOSEN_PURPOSES);
    expect(purposeOfNumber(6)).toBe("replacement");
    for (const number of [0, 7, -1, 1.5])
      expect(codeOf(() => purposeOfNumber(number))).toBe("retirement.purpose");
    expect(codeOf(() => beneficiaryHash(new Uint8Array(31), { name: "x" }))).toBe("retirement.salt");
  });
});

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
