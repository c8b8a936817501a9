import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { hashTypedData, keccak256, stringToHex } from "viem";
import { describe, expect, it } from "vitest";
import { SAMPLE_CONTRACTS, sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import type { Address, BatchId, Hex } from "../../../../src/base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import {
  ADJUSTMENTS,
  adjustmentNumber,
  batchStatementOf,
  categoryNumber,
  COMMITTED_CATEGORIES,
  isStatement2,
  STATEMENT_TYPE,
  statementDigest,
  type BatchStatement,
} from "../../../../src/format/onchain/batchStatement.ts";
import { termsHashOf, type BatchTerms } from "../../../../src/format/onchain/termsHash.ts";
import { STATEMENT_TYPE_1, type BatchStatement1 } from "../../../../src/format/v1/batchStatement.ts";
import { codeOf, vectors } from "../support/vectors.ts";
import { bytes, mass, uint32, word } from "./support/arbitraries.ts";

/** Our own encodings against viem and ethers, which the format itself does not import. */

const FIRST = [
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
] as const;
const SECOND = [
  ["uint8", "category"],
  ["bytes2", "hostCountry"],
  ["uint8", "adjustment"],
  ["uint32", "useByDay"],
  ["bytes32", "termsHash"],
] as const;
const LAST = ["uint64", "deadline"] as const;
const typesOf = (...members: readonly (readonly [string, string])[]) => ({
  BatchStatement: members.map(([type, name]) => ({ type, name })),
});
const TYPES_1 = typesOf(...FIRST, LAST);
const TYPES = typesOf(...FIRST, ...SECOND, LAST);

const first = {
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
};
const statements1: fc.Arbitrary<BatchStatement1> = fc.record(first);
const statements: fc.Arbitrary<BatchStatement> = fc.record({
  ...first,
  category: fc.constantFrom(...COMMITTED_CATEGORIES),
  hostCountry: fc.stringMatching(/^[A-Z]{2}$/),
  adjustment: fc.constantFrom(...ADJUSTMENTS),
  useByDay: fc.option(fc.integer({ min: 1, max: 2 ** 32 - 1 }).map((day) => day as Day)),
  termsHash: word,
});

const domainOf = (version: string, chainId: number, registry: Address) => ({
  name: "Microtonne BatchRegistry",
  version,
  chainId,
  verifyingContract: registry,
});
const messageOf = (statement: BatchStatement1) => ({
  ...statement,
  batchId: BigInt(statement.batchId),
  region: stringToHex(statement.region, { size: 8 }),
  previousBatchId: BigInt(statement.previousBatchId ?? 0),
  deadline: BigInt(statement.deadline),
});
const sampleStatement = async (deadline: number): Promise<BatchStatement> => {
  const { manifest, batchId } = await sampleBatch();
  return batchStatementOf(manifest, batchId, deadline as UnixSeconds) as BatchStatement;
};

interface DigestVector {
  readonly chainId: number;
  readonly registry: Address;
  readonly statement: Record<string, unknown>;
  readonly digest: string;
}
interface StatementVectors {
  readonly type: string;
  readonly typeHash: Hex;
  readonly digests: readonly DigestVector[];
}

/** A statement as the vectors write it: masses as texts. */
function statementOf({ statement }: DigestVector): BatchStatement {
  const masses = ["totalMilligrams", "bufferMilligrams", "subjectlessMilligrams"] as const;
  return {
    ...statement,
    ...Object.fromEntries(masses.map((name) => [name, BigInt(statement[name] as string)])),
  } as unknown as BatchStatement;
}

describe("batch statement", () => {
  it("has the EIP-712 digest of viem and of ethers", () => {
    fc.assert(
      fc.property(statements, fc.maxSafeNat(), bytes(20), (statement, chainId, registry) => {
        const domain = domainOf("2", chainId, registry);
        const message = {
          ...messageOf(statement),
          category: categoryNumber(statement.category),
          hostCountry: stringToHex(statement.hostCountry, { size: 2 }),
          adjustment: adjustmentNumber(statement.adjustment),
          useByDay: statement.useByDay ?? 0,
        };
        const digest = statementDigest(statement, chainId, registry);
        expect(digest).toBe(hashTypedData({ domain, types: TYPES, primaryType: "BatchStatement", message }));
        expect(digest).toBe(TypedDataEncoder.hash(domain, TYPES, message));
      }),
      { numRuns: 50 },
    );
  });

  it("of version 1 has the digest that registries of the first kind take", () => {
    fc.assert(
      fc.property(statements1, fc.maxSafeNat(), bytes(20), (statement, chainId, registry) => {
        const domain = domainOf("1", chainId, registry);
        expect(statementDigest(statement, chainId, registry)).toBe(
          TypedDataEncoder.hash(domain, TYPES_1, messageOf(statement)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ["statement", STATEMENT_TYPE],
    ["v1/statement", STATEMENT_TYPE_1],
  ])("is that of the vectors: %s", (name, type) => {
    const file = vectors(name) as StatementVectors;
    expect(file.type).toBe(type);
    expect(file.typeHash).toBe(keccak256(stringToHex(type)));
    expect(file.digests.length).toBeGreaterThan(3);
    for (const vector of file.digests)
      expect(statementDigest(statementOf(vector), vector.chainId, vector.registry)).toBe(vector.digest);
    expect(new Set(file.digests.map(({ digest }) => digest)).size).toBe(file.digests.length);
  });

  it("of the sample batch is the first of the vectors", async () => {
    const [vector] = (vectors("statement") as StatementVectors).digests;
    expect(statementOf(vector as DigestVector)).toEqual(await sampleStatement(1_800_000_000));
  });

  it("says of a manifest what the manifest says", async () => {
    const { manifest, batchId, tree } = await sampleBatch();
    const statement = await sampleStatement(5);
    expect(statement).toMatchObject({
      batchId,
      root: toHex(tree.root),
      totalMilligrams: tree.total,
      leafCount: 5,
      deadline: 5,
      category: "act",
      hostCountry: manifest.hostCountry,
      adjustment: manifest.correspondingAdjustment,
      useByDay: manifest.useBy,
      termsHash: termsHashOf(manifest),
    });
    expect(statement.bufferMilligrams).toBe((tree.total * 250n) / 10_000n);
    expect(statement.operator).toBe(manifest.operator);
    expect(SAMPLE_CONTRACTS.BatchRegistry).toMatch(/^0x/);
  });

  it("of a manifest of the first format is of version 1", async () => {
    const { manifest, batchId } = await sampleBatch();
    const old = { ...manifest, format: "microtonne-batch/1" } as const;
    const statement = batchStatementOf(old, batchId, 5 as UnixSeconds);
    expect(isStatement2(statement)).toBe(false);
    expect(isStatement2(await sampleStatement(5))).toBe(true);
    expect(await sampleStatement(5)).toMatchObject(statement);
  });

  it("is none for behaviour, which no registry takes", async () => {
    const { manifest, batchId } = await sampleBatch();
    const behaviour = { ...manifest, category: "behaviour" } as const;
    expect(codeOf(() => batchStatementOf(behaviour, batchId, 5 as UnixSeconds))).toBe("statement.behaviour");
  });

  it("refuses what a word can't hold", async () => {
    const statement = await sampleStatement(5);
    const bad: Partial<BatchStatement>[] = [
      { leafCount: 2 ** 32 },
      { leafCount: -1 },
      { totalMilligrams: (2n ** 64n) as Milligrams },
      { hostCountry: "CHN" },
      { useByDay: (2 ** 32) as Day },
    ];
    for (const change of bad) {
      expect(
        codeOf(() => statementDigest({ ...statement, ...change }, 1, SAMPLE_CONTRACTS.BatchRegistry)),
      ).toBe("abi.out-of-range");
    }
  });
});

describe("terms hash", () => {
  const { terms } = vectors("statement") as {
    terms: readonly { readonly terms: BatchTerms; readonly termsHash: Hex }[];
  };

  it("is that of the vectors: the canonical JSON of these members and no others", async () => {
    const { manifest } = await sampleBatch();
    expect(terms[0]?.termsHash).toBe(termsHashOf(manifest));
    for (const { terms: members, termsHash } of terms) {
      const whole = { ...members, format: "microtonne-batch/2", leafCount: 7 } as const;
      expect(termsHashOf(whole)).toBe(termsHash);
      expect(termsHash).toBe(keccak256(stringToHex(canonicalJson(members))));
    }
  });

  it("is another with any member changed, and none in the first format", async () => {
    const { manifest } = await sampleBatch();
    const names = Object.keys(terms[0]?.terms ?? {});
    expect(names).toHaveLength(13);
    const hashes = names.map((name) => termsHashOf({ ...manifest, [name]: "other" }));
    expect(new Set([termsHashOf(manifest), ...hashes]).size).toBe(14);
    expect(termsHashOf({ format: "microtonne-batch/1" })).toBeNull();
  });
});
