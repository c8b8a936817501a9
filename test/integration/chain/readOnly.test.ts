import { encodeFunctionData, parseEventLogs, zeroHash, type TransactionReceipt } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  deploymentFrom,
  planDeployment,
  type PlannedDeployment,
} from "../../../src/adapters/chain/deploy.ts";
import { proveAtBlock } from "../../../src/adapters/chain/proveAtBlock.ts";
import {
  batchRegistryAbi,
  participantRegistryAbi,
  retirementRegistryAbi,
} from "../../../src/adapters/chain/abis.generated.ts";
import { allowKeyScheme } from "../../../src/adapters/chain/intents/allowKeyScheme.ts";
import {
  creditBalance,
  readBatch,
  readBatchFormat,
  readBlock,
  readCommit,
  readHead,
  readRegistryTerms,
  readRetirement,
} from "../../../src/adapters/chain/readOnly.ts";
import { announcedRetirements, committedBatches } from "../../../src/adapters/chain/receipts.ts";
import { milligrams, toBaseUnits } from "../../../src/base/lib/mass.ts";
import { retirementId } from "../../../src/base/lib/ids.ts";
import type { Address, Hex, RetirementId } from "../../../src/base/types/ids.ts";
import type { Retirement } from "../../../src/base/types/retirement.ts";
import { fromHex, toHex } from "../../../src/base/lib/bytes.ts";
import { keccak } from "../../../src/format/keccak.ts";
import { retirementRecordHash } from "../../../src/format/onchain/retirementRecord.ts";
import {
  batchWordSlots,
  decodeBatchWords,
  retirementSlot,
} from "../../../src/format/onchain/storageLayout.ts";
import {
  TERMS,
  admin,
  announcements,
  deployAll,
  hashOf,
  lifeOf,
  openTestChain,
  operator,
  type Life,
  type TestChain,
} from "./support/testChain.ts";

let chain: TestChain;
let planned: PlannedDeployment;
let life: Life;
const seen: string[] = [];
const receipts = new Map<string, TransactionReceipt>();
let retirement: Retirement;

beforeAll(async () => {
  chain = await openTestChain();
  planned = await deployAll(chain);
  life = await lifeOf(planned, "read", null);
  for (const intent of life.intents) await chain.store.enqueue(intent);
  await chain.settle({
    onFinal: async (entry, receipt) => {
      seen.push(entry.kind);
      if (receipt === null) throw new Error("no receipt");
      receipts.set(entry.kind, receipt);
    },
  });
  [retirement] = announcedRetirements(
    receipts.get("retire") ?? { logs: [] },
    planned.contracts.RetirementRegistry,
  ) as [Retirement];
});
afterAll(async () => chain.close());

/** What the retirement registry itself answers. */
async function recordHashOf(id: RetirementId): Promise<Hex> {
  const contract = { address: planned.contracts.RetirementRegistry, abi: retirementRegistryAbi } as const;
  return chain.client.ask(async (rpc) =>
    rpc.readContract({ ...contract, functionName: "recordHashOf", args: [id] }),
  );
}

/** What the participant registry itself answers. */
async function isActive(account: Address): Promise<boolean> {
  const contract = { address: planned.contracts.ParticipantRegistry, abi: participantRegistryAbi } as const;
  return chain.client.ask(async (rpc) =>
    rpc.readContract({ ...contract, functionName: "isActive", args: [account] }),
  );
}

test("a deployment has code at the addresses that were planned, and its file says where", async () => {
  const deployment = await deploymentFrom(chain.client, chain.store, planned, {
    network: "embedded",
    commit: "local",
  });
  expect(deployment.contracts).toEqual(planned.contracts);
  expect(deployment.blockHash).toBe((await readBlock(chain.client, BigInt(deployment.block)))?.hash);
  expect(await readRegistryTerms(chain.client, planned.contracts, "WUHAN")).toEqual({
    verifierThreshold: 2,
    verifierSet: 0,
    challengeWindowSeconds: 0,
  });
});

test("planning again, with the deployer's nonce moved on, gives the same deployment", async () => {
  const again = await planDeployment(chain.client, chain.store, admin.address, TERMS);
  expect(again.contracts).toEqual(planned.contracts);
  expect(again.intents.map(({ key }) => key)).toEqual(planned.intents.map(({ key }) => key));
});

test("each intent is on chain once and announced to the caller in order", async () => {
  expect(await announcements(chain.client, planned, life)).toEqual([1, 1, 1]);
  expect(seen).toEqual(["commit", "mint", "retire"]);
  expect(await chain.store.unfinished()).toEqual([]);
});

test("receipts say what was committed and minted, and nothing about what they do not hold", () => {
  const { BatchRegistry, RetirementRegistry } = planned.contracts;
  const commit = receipts.get("commit") ?? { logs: [] };
  const mint = receipts.get("mint") ?? { logs: [] };
  const retire = receipts.get("retire") ?? { logs: [] };
  const committed = committedBatches(commit, BatchRegistry);
  expect(committed).toMatchObject([{ batchId: life.batchId, totalMilligrams: 3_000_000_000n }]);
  expect(committed[0]?.attesters).toHaveLength(2);
  const minted = parseEventLogs({ abi: batchRegistryAbi, eventName: "BatchMinted", logs: mint.logs });
  expect(minted.map(({ args }) => args)).toMatchObject([
    { batchId: BigInt(life.batchId), milligrams: 2_850_000_000n },
  ]);
  expect(minted[0]?.args.operator.toLowerCase()).toBe(operator.address);
  expect(announcedRetirements(retire, RetirementRegistry)).toEqual([retirement]);
  expect(committedBatches(mint, BatchRegistry)).toEqual([]);
  // The same event from another contract is not believed.
  expect(committedBatches(commit, RetirementRegistry)).toEqual([]);
});

test("a batch is read as its storage words have it", async () => {
  const batch = await readBatch(chain.client, planned.contracts, life.batchId);
  expect(batch).toMatchObject({
    status: "minted",
    total: 3_000_000_000n,
    minted: 2_850_000_000n,
    retired: 2_620_000n,
    region: "WUHAN",
  });
  expect(batch?.operator).toBe(operator.address);
  expect(await readHead(chain.client, planned.contracts, operator.address)).toBe(life.batchId);
  expect(await readHead(chain.client, planned.contracts, admin.address)).toBeNull();
  expect(await readCommit(chain.client, planned.contracts, life.batchId, 0n)).toMatchObject({
    batchId: life.batchId,
    leafCount: 1_000,
  });
});

test("a registry says itself whose format it takes", async () => {
  const { contracts } = planned;
  expect(await readBatchFormat(chain.client, contracts)).toBe("microtonne-batch/2");
  // Its EIP-712 domain is of version 1, as that of the first registries was.
  const first = { BatchRegistry: contracts.BatchDisputes };
  expect(await readBatchFormat(chain.client, first)).toBe("microtonne-batch/1");
  const later: typeof chain.client.ask = async (action) =>
    action({
      readContract: () =>
        Promise.resolve(["0x0f", "Microtonne BatchRegistry", "3", 1n, contracts.BatchRegistry, zeroHash, []]),
    } as never);
  await expect(readBatchFormat({ ...chain.client, ask: later }, contracts)).rejects.toThrow(
    expect.objectContaining({ code: "chain.registry-newer" }),
  );
});

test("a batch, a retirement and a participant that nobody has heard of are null or false", async () => {
  const { contracts } = planned;
  const unknown = retirementId(hashOf("unknown"));
  expect(await readBatch(chain.client, contracts, hashOf("unknown") as Life["batchId"])).toBeNull();
  expect(await recordHashOf(unknown)).toBe(zeroHash);
  expect(await readRetirement(chain.client, contracts, unknown, 0n)).toBeNull();
  expect(await readCommit(chain.client, contracts, hashOf("unknown") as Life["batchId"], 0n)).toBeNull();
  expect(await isActive(admin.address)).toBe(false);
  expect(await isActive(operator.address)).toBe(true);
  expect(await readBlock(chain.client, 1_000_000n)).toBeNull();
});

test("the retirement of the event is the one whose hash stands on chain", async () => {
  const { contracts } = planned;
  expect(retirement).toMatchObject({
    purpose: "event-neutrality",
    country: "CN",
    reportingYear: 2026,
    holder: operator.address,
  });
  expect(retirement.lines).toEqual([{ batchId: life.batchId, start: 0n, end: 2_620_000n }]);
  expect(await readRetirement(chain.client, contracts, retirement.retirementId, 0n)).toEqual(retirement);
  expect(await recordHashOf(retirement.retirementId)).toBe(retirementRecordHash(retirement));
  const left = toBaseUnits(milligrams(2_850_000_000n - 2_620_000n));
  expect(await creditBalance(chain.client, contracts, operator.address, life.batchId)).toBe(left);
});

test("a block proof has batch's and retirement's words under a header that hashes to the block", async () => {
  const { BatchRegistry, RetirementRegistry } = planned.contracts;
  const proof = await proveAtBlock(chain.client, [
    { address: BatchRegistry, slots: batchWordSlots(life.batchId, "microtonne-batch/2") },
    { address: RetirementRegistry, slots: [retirementSlot(retirement.retirementId)] },
  ]);
  expect(toHex(keccak(fromHex(proof.evidence.header)))).toBe(proof.blockHash);
  expect(proof.blockHash).toBe((await readBlock(chain.client, proof.blockNumber))?.hash);
  const [registry, retirements] = proof.evidence.accounts;
  expect(decodeBatchWords(registry?.storage.map(({ value }) => value) ?? [])).toEqual(
    await readBatch(chain.client, planned.contracts, life.batchId),
  );
  expect(retirements?.storage[0]?.value).toBe(retirementRecordHash(retirement));
  // The root node of each account proof is the state that the header names.
  for (const { accountProof } of proof.evidence.accounts) {
    expect(proof.evidence.header).toContain(toHex(keccak(fromHex(accountProof[0] ?? "0x"))).slice(2));
  }
});

test("a block proof at a depth below the head is about the final block", async () => {
  const deep = await chain.connect({ finalityDepth: 2 });
  const head = await readBlock(deep, "latest");
  const proof = await proveAtBlock(deep, [
    { address: planned.contracts.BatchRegistry, slots: batchWordSlots(life.batchId, "microtonne-batch/2") },
  ]);
  expect(proof.blockNumber).toBe((head?.number ?? 0n) - 2n);
});

test("a header that does not hash to the block's hash is refused", async () => {
  const request: TestChain["client"]["request"] = async (method, params) => {
    const answer = await chain.client.request(method, params);
    return method === "eth_getBlockByNumber" ? { ...(answer as object), gasUsed: "0x1" } : answer;
  };
  const proving = proveAtBlock({ ...chain.client, request }, [
    { address: planned.contracts.BatchRegistry, slots: [] },
  ]);
  await expect(proving).rejects.toThrow("does not hash to the block's hash");
});

test("a block whose state the node has forgotten, or that it does not have, cannot be proved", async () => {
  const accounts = [
    { address: planned.contracts.BatchRegistry, slots: batchWordSlots(life.batchId, "microtonne-batch/2") },
  ];
  await expect(proveAtBlock(chain.client, accounts, 1_000_000n)).rejects.toThrow("has no block 1000000");
  await chain.reopen();
  await expect(proveAtBlock(chain.client, accounts, 1n)).rejects.toThrow(
    "no longer has the state of block 1",
  );
  const proof = await proveAtBlock(chain.client, accounts);
  expect(proof.blockNumber).toBe((await readBlock(chain.client, "latest"))?.number);
});

test("the registry's key schemes change once, and a repeat changes nothing", async () => {
  const { BatchRegistry } = planned.contracts;
  const change = allowKeyScheme(BatchRegistry, admin.address, hashOf("another scheme"));
  await chain.store.enqueue(change);
  expect(await chain.settle()).toBe(1);
  await chain.store.enqueue(change);
  expect(await chain.settle()).toBe(0);
});

test("terms that the registry's admin changes are read as they are now", async () => {
  const from = admin.address;
  const to = planned.contracts.BatchRegistry;
  for (const data of [
    encodeFunctionData({
      abi: batchRegistryAbi,
      functionName: "setQuorum",
      args: ["0x0000000000000000", 3, 0],
    }),
    encodeFunctionData({ abi: batchRegistryAbi, functionName: "setChallengeWindow", args: [3_600] }),
  ]) {
    await chain.client.request("eth_sendTransaction", [{ from, to, data }]);
  }
  await expect
    .poll(async () => readRegistryTerms(chain.client, planned.contracts, "WUHAN"))
    .toEqual({ verifierThreshold: 3, verifierSet: 0, challengeWindowSeconds: 3_600 });
});
