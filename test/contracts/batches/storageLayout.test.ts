import { describe, expect, it } from "vitest";
import type { Address, BatchId, Hex, RetirementId } from "../../../src/base/types/ids.ts";
import {
  batchWordSlots,
  decodeBatchWords,
  namespaceSlot,
  provenanceHashOf,
  retirementSlot,
  rootSlot,
} from "../../../src/format/onchain/storageLayout.ts";
import { strikesHashOf } from "../../../src/format/batch/strikes.ts";
import {
  attest,
  baseUnits,
  blockTime,
  CATEGORY,
  CHINA,
  DISPUTE,
  freshSystem,
  METHODOLOGY,
  plain,
  statementOf,
  type Statement,
  type System,
} from "../support/system.ts";

// Solidity's packing, written out by hand: every field gets another value, so that a swap of two is seen.
const STATEMENT = {
  batchId: 0xb47c4n,
  totalMilligrams: 0x0102030405060708n,
  leafCount: 0x0a0b0c0d,
  bufferMilligrams: 0x0001020304050607n,
  claimPeriodDays: 0x1111,
  vintageStartDay: 0x4e20,
  vintageEndDay: 0x4e3e,
  category: CATEGORY.project,
  hostCountry: "0x4d54",
  adjustment: 2,
  useByDay: 0xabcdef,
};
const WINDOW = 0x31;
const RETIRED = 0x123456n;

const hex = (value: bigint | number, bytes: number): string => value.toString(16).padStart(2 * bytes, "0");
const ID = `0x${hex(STATEMENT.batchId, 32)}` as BatchId;

async function wordsOf({ ethers, batches }: System): Promise<Hex[]> {
  return Promise.all(
    batchWordSlots(ID, "microtonne-batch/2").map(
      async (slot) => (await ethers.provider.getStorage(batches, slot)) as Hex,
    ),
  );
}

async function committed(
  changes: Partial<Statement> = {},
): Promise<{ system: System; statement: Statement; committedAt: bigint }> {
  const system = await freshSystem({ challengeWindow: WINDOW, threshold: 3 });
  const statement = statementOf(system, { ...STATEMENT, ...changes });
  await system.batches
    .connect(system.operator)
    .commit(statement, [METHODOLOGY], await attest(system, statement, 3));
  return { system, statement, committedAt: await blockTime(system.ethers) };
}

async function issued(changes: Partial<Statement> = {}) {
  const { system, statement, committedAt } = await committed(changes);
  await system.ethers.provider.send("evm_increaseTime", [WINDOW]);
  await system.batches.connect(system.operator).mint(statement.batchId);
  const request = {
    nonce: system.ethers.id("nonce"),
    beneficiaryHash: system.ethers.id("beneficiary"),
    documentHash: system.ethers.id("document"),
    purpose: 2,
    reportingYear: 2025,
    country: CHINA,
    amounts: [{ batchId: statement.batchId, milligrams: RETIRED }],
  };
  await system.retirements.connect(system.operator).retire(request);
  return { system, statement, committedAt, request };
}

describe("storage that offline proofs read", () => {
  it("has the seven words of a batch at their places, packed from the lowest byte", async () => {
    const { system, statement, committedAt } = await issued();
    const { ethers, batches, disputes, operator, regulator, verifiers } = system;
    const minted = statement.totalMilligrams - statement.bufferMilligrams;
    const attesters = verifiers.slice(0, 3).map(({ address }) => address.toLowerCase() as Address);
    // More than the buffer, so that each of the masses is other than zero once it is partly cured.
    const struck = statement.bufferMilligrams + 0x5678n;
    const [start, end] = [0x0f0e0dn, 0x0f0e0dn + struck];
    await batches.connect(disputes).strike(ID, 0x77, start, end);
    await batches.connect(operator).cureByBurning(ID, 0x78n);
    for (let i = 0; i < 3; i++) await batches.connect(disputes).openDispute(ID, DISPUTE.doubleClaim);
    for (let i = 0; i < 258; i++) await batches.connect(disputes).openDispute(ID, DISPUTE.gramChallenge);
    await batches.connect(regulator).suspend(ID, 16);
    const attestersHash = ethers.keccak256(ethers.concat(attesters));
    const methodologiesHash = ethers.keccak256(METHODOLOGY);
    const words = await wordsOf(system);
    expect(words).toEqual([
      `0x${hex(RETIRED, 8)}${hex(struck, 8)}${hex(minted - 0x78n, 8)}${hex(statement.totalMilligrams, 8)}`,
      `0x021102${hex(statement.leafCount, 4)}${hex(committedAt, 5)}` +
        operator.address.slice(2).toLowerCase(),
      ethers.keccak256(ethers.concat([attestersHash, methodologiesHash, statement.termsHash])),
      `0x${hex(WINDOW, 3)}${hex(statement.bufferMilligrams, 8)}${statement.region.slice(2)}` +
        `4d54${hex(0x1111, 2)}abcdef${hex(0x4e3e, 3)}${hex(0x4e20, 3)}`,
      // Free, adjustment, impositions, grams, claims, contested, replaced, shortfall.
      `0x0002${hex(2, 2)}${hex(258, 2)}${hex(3, 2)}${hex(0, 8)}${hex(0, 8)}${hex(0x5600, 8)}`,
      ethers.solidityPackedKeccak256(
        ["bytes32", "uint64", "uint64", "uint64"],
        [ethers.ZeroHash, 0x77, start, end],
      ),
      ethers.ZeroHash,
    ]);
    const termsHash = statement.termsHash as Hex;
    expect(words[2]).toBe(provenanceHashOf(attesters, methodologiesHash as Hex, termsHash));
    expect(words[5]).toBe(strikesHashOf([{ index: 0x77, start, end } as never]));
    const decoded = decodeBatchWords(words);
    expect(decoded).toMatchObject({
      total: statement.totalMilligrams,
      minted: minted - 0x78n,
      unminted: 0n,
      struck,
      retired: RETIRED,
      shortfall: 0x5600n,
      buffer: statement.bufferMilligrams,
      operator: operator.address.toLowerCase(),
      committedAt: Number(committedAt),
      leafCount: statement.leafCount,
      status: "minted",
      suspension: ["shortfall", "order"],
      openDisputes: 261,
      vintageStartDay: 0x4e20,
      vintageEndDay: 0x4e3e,
      claimPeriodDays: 0x1111,
      region: "WUHAN",
      challengeWindowSeconds: WINDOW,
      terms: {
        category: "project",
        hostCountry: "MT",
        adjustment: "applied",
        useByDay: 0xabcdef,
        openClaims: 3,
        openGrams: 258,
        contested: 0n,
        impositions: 2,
        writeOff: { circulating: 0n, shortfall: 0n, retired: 0n, counted: 0n },
      },
    });
    expect(plain(await batches.batchOf(ID))).toMatchObject({
      unmintedMg: decoded.unminted,
      shortfallMg: decoded.shortfall,
      suspension: 17n,
    });
  });

  it("counts what was replaced beside the shortfall, in one word", async () => {
    const { system, statement } = await issued();
    const { batches, disputes, ethers, operator, retirements } = system;
    const other = statementOf(system, {
      batchId: 0x2n,
      root: ethers.id("other root"),
      previousBatchId: statement.batchId,
    });
    await batches.connect(operator).commit(other, [METHODOLOGY], await attest(system, other, 3));
    await ethers.provider.send("evm_increaseTime", [WINDOW]);
    await batches.connect(operator).mint(other.batchId);
    await batches.connect(disputes).strike(ID, 1, 0, statement.bufferMilligrams + 0x5678n);
    const request = {
      nonce: ethers.id("replacement"),
      beneficiaryHash: ethers.id("beneficiary"),
      documentHash: ethers.ZeroHash,
      purpose: 6,
      reportingYear: 2025,
      country: CHINA,
      amounts: [{ batchId: other.batchId, milligrams: 0x123n }],
    };
    await retirements.connect(operator).replaceShortfall(ID, request);
    const words = await wordsOf(system);
    expect(words[4]).toBe(`0x0002${hex(1, 2)}${hex(0, 12)}${hex(0x123, 8)}${hex(0x5678 - 0x123, 8)}`);
    expect(decodeBatchWords(words)).toMatchObject({
      replaced: 0x123n,
      shortfall: 0x5678n - 0x123n,
      unminted: 0n,
      suspension: ["shortfall"],
    });
  });

  it("leaves an ordinary batch's last three words empty, and unpaid, until a strike or dispute", async () => {
    const { system, statement } = await committed({ adjustment: 0 });
    const atCommit = await wordsOf(system);
    expect(atCommit[0]).toBe(`0x${hex(0n, 24)}${hex(statement.totalMilligrams, 8)}`);
    const nothing = Array.from({ length: 3 }, () => system.ethers.ZeroHash);
    expect(atCommit.slice(4)).toEqual(nothing);
    expect(decodeBatchWords(atCommit)).toMatchObject({
      status: "committed",
      unminted: statement.totalMilligrams,
      suspension: [],
    });
    const { system: later } = await issued({ adjustment: 0 });
    const words = await wordsOf(later);
    expect(words.slice(4)).toEqual(nothing);
    expect(decodeBatchWords(words)).toMatchObject({ status: "minted", unminted: statement.bufferMilligrams });
  });

  it("says that a batch is completed when the rest is minted", async () => {
    const { system } = await issued();
    await system.ethers.provider.send("evm_increaseTime", [0x1111 * 86_400]);
    await system.batches.connect(system.operator).mintRest(ID);
    expect(decodeBatchWords(await wordsOf(system))).toMatchObject({
      status: "completed",
      unminted: 0n,
      minted: STATEMENT.totalMilligrams,
    });
  });

  it("has the batch under its root, and nothing under another", async () => {
    const { system, statement } = await committed();
    const at = async (root: Hex) => system.ethers.provider.getStorage(system.batches, rootSlot(root));
    await expect(at(statement.root as Hex)).resolves.toBe(ID);
    await expect(at(system.ethers.id("another") as Hex)).resolves.toBe(system.ethers.ZeroHash);
  });

  it("starts where ERC-7201 puts the namespaces", async () => {
    const { system, statement } = await issued();
    const { ethers, batches } = system;
    const base = BigInt(namespaceSlot("microtonne.storage.BatchRegistry"));
    const word = (slot: bigint) => ethers.provider.getStorage(batches, ethers.toBeHex(slot, 32));
    const mapped = (type: string, key: string, slot: bigint) =>
      BigInt(ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([type, "uint256"], [key, slot])));
    await expect(word(mapped("bytes32", statement.root, base + 1n))).resolves.toBe(ID);
    await expect(word(mapped("address", system.operator.address, base + 2n))).resolves.toBe(ID);
    await expect(word(mapped("bytes32", statement.keySchemeHash, base + 3n))).resolves.toBe(
      ethers.toBeHex(1, 32),
    );
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
      baseUnits(STATEMENT.totalMilligrams - STATEMENT.bufferMilligrams - RETIRED),
    );
  });
});
