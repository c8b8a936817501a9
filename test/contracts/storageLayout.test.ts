import { describe, expect, it } from "vitest";
import type { Address, BatchId, Hex, RetirementId } from "../../src/base/types/ids.ts";
import { attestersHashOf, batchWordSlots, decodeBatchWords, namespaceSlot, retirementSlot } from "../../src/format/storageLayout.ts";
import { attest, baseUnits, blockTime, CHINA, freshSystem, statementOf } from "./support/system.ts";

// Solidity's packing, written out by hand: every field gets another value, so that a swap of two is seen.
const STATEMENT = {
  batchId: 0xb47c4n,
  totalMilligrams: 0x0102030405060708n,
  leafCount: 0x0a0b0c0d,
  bufferMilligrams: 0x0001020304050607n,
  claimPeriodDays: 0x1111,
  vintageStartDay: 0x4e20,
  vintageEndDay: 0x4e3e,
};

const hex = (value: bigint, bytes: number): string => value.toString(16).padStart(2 * bytes, "0");

async function issued() {
  const system = await freshSystem();
  const statement = statementOf(system, STATEMENT);
  await system.batches.connect(system.operator).commit(statement, await attest(system, statement, 3));
  const committedAt = await blockTime(system.ethers);
  await system.batches.connect(system.operator).mint(statement.batchId);
  const request = {
    nonce: system.ethers.id("nonce"),
    beneficiaryHash: system.ethers.id("beneficiary"),
    documentHash: system.ethers.id("document"),
    purpose: 2,
    reportingYear: 2025,
    country: CHINA,
    amounts: [{ batchId: statement.batchId, milligrams: 0x123456n }],
  };
  await system.retirements.connect(system.operator).retire(request);
  return { system, statement, committedAt, request };
}

describe("storage that offline proofs read", () => {
  it("has the seven words of a batch at their places, packed from the lowest byte", async () => {
    const { system, statement, committedAt } = await issued();
    const { ethers, batches, operator, verifiers } = system;
    const slots = batchWordSlots(`0x${hex(statement.batchId, 32)}` as BatchId);
    const words = await Promise.all(slots.map((slot) => ethers.provider.getStorage(batches, slot)));
    const minted = statement.totalMilligrams - statement.bufferMilligrams;
    const attesters = verifiers.slice(0, 3).map(({ address }) => address.toLowerCase() as Address);
    const byHand = [
      statement.root,
      `0x${hex(0n, 8)}${hex(statement.bufferMilligrams, 8)}${hex(minted, 8)}${hex(statement.totalMilligrams, 8)}`,
      `0x${hex(0n, 8)}${hex(0x123456n, 8)}${hex(0n, 8)}${hex(0n, 8)}`,
      `0x${hex(0n, 2)}02${hex(BigInt(statement.leafCount), 4)}${hex(committedAt, 5)}${operator.address.slice(2).toLowerCase()}`,
      ethers.keccak256(ethers.concat(attesters)),
      ethers.ZeroHash,
      `0x${hex(0n, 4)}${hex(statement.bufferMilligrams, 8)}${statement.region.slice(2)}${hex(0x1111n, 4)}${hex(0x4e3en, 4)}${hex(0x4e20n, 4)}`,
    ];
    expect(words).toEqual(byHand);
    expect(words[4]).toBe(attestersHashOf(attesters));
    expect(decodeBatchWords(words as Hex[])).toMatchObject({
      minted,
      retired: 0x123456n,
      buffer: statement.bufferMilligrams,
      operator: operator.address.toLowerCase(),
      status: "minted",
      region: "WUHAN",
    });
  });

  it("has nothing in a batch's second word of accounts before its first retirement, so that no commit or mint pays for it", async () => {
    const system = await freshSystem();
    const statement = statementOf(system, STATEMENT);
    const slots = batchWordSlots(`0x${hex(statement.batchId, 32)}` as BatchId);
    const words = () => Promise.all(slots.map((slot) => system.ethers.provider.getStorage(system.batches, slot)));
    await system.batches.connect(system.operator).commit(statement, await attest(system, statement, 3));
    const committed = await words();
    expect(committed[1]).toBe(`0x${hex(0n, 8)}${hex(statement.totalMilligrams, 8)}${hex(0n, 8)}${hex(statement.totalMilligrams, 8)}`);
    expect(committed[2]).toBe(system.ethers.ZeroHash);
    expect(decodeBatchWords(committed as Hex[])).toMatchObject({ status: "committed", buffer: statement.bufferMilligrams });
    await system.batches.connect(system.operator).mint(statement.batchId);
    expect((await words())[2]).toBe(system.ethers.ZeroHash);
  });

  it("starts where ERC-7201 puts the namespaces", async () => {
    const { system, statement } = await issued();
    const { ethers, batches } = system;
    const base = BigInt(namespaceSlot("microtonne.storage.BatchRegistry"));
    const word = (slot: bigint) => ethers.provider.getStorage(batches, ethers.toBeHex(slot, 32));
    const mapped = (type: string, key: string, slot: bigint) =>
      BigInt(ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([type, "uint256"], [key, slot])));
    await expect(word(mapped("bytes32", statement.root, base + 1n))).resolves.toBe(ethers.toBeHex(statement.batchId, 32));
    await expect(word(mapped("address", system.operator.address, base + 2n))).resolves.toBe(ethers.toBeHex(statement.batchId, 32));
    await expect(word(mapped("bytes32", statement.keySchemeHash, base + 3n))).resolves.toBe(ethers.toBeHex(1, 32));
    // Threshold 2, window 0.
    await expect(word(base + 4n)).resolves.toBe(ethers.toBeHex(2, 32));
  });

  it("has the hash of a retirement's record in one word", async () => {
    const { system, request } = await issued();
    const { ethers, retirements, operator } = system;
    const id = await retirements.retirementIdOf(operator.address, request.nonce);
    const word = await ethers.provider.getStorage(retirements, retirementSlot(id as RetirementId));
    const [event] = await retirements.queryFilter(retirements.filters.Retired());
    // The event's data is abi.encode(record) as one argument, which is what is hashed.
    expect(word).toBe(ethers.keccak256(event?.data ?? "0x"));
    await expect(retirements.recordHashOf(id)).resolves.toBe(word);
    await expect(system.credit.totalSupply(STATEMENT.batchId)).resolves.toBe(
      baseUnits(STATEMENT.totalMilligrams - STATEMENT.bufferMilligrams - 0x123456n),
    );
  });
});
