import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { hashTypedData, stringToHex } from "viem";
import { describe, expect, it } from "vitest";
import { SAMPLE_CONTRACTS, sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import type { Address, BatchId } from "../../../../src/base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import {
  batchStatementOf,
  statementDigest,
  type BatchStatement,
} from "../../../../src/format/onchain/batchStatement.ts";
import { codeOf, vectors } from "../support/vectors.ts";
import { bytes, mass, uint32, word } from "./support/arbitraries.ts";

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
