import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PlannedDeployment } from "../../../src/adapters/chain/deploy.ts";
import { registerParticipant } from "../../../src/adapters/chain/intents/registerParticipant.ts";
import { localSigner } from "../../../src/adapters/chain/signers.ts";
import { UnavailableError } from "../../../src/base/errors/errors.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import type { OutboxEntry } from "../../../src/stages/mint/ports.ts";
import { startRpcProxy, type Treatment } from "./support/rpcProxy.ts";
import {
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

beforeEach(async () => {
  chain = await openTestChain();
  planned = await deployAll(chain);
});
afterEach(async () => chain.close());

const pause = async (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const rpc = async (method: string, ...params: unknown[]): Promise<unknown> => chain.client.request(method, params);
const minedNonce = async (account: string): Promise<number> => Number(await rpc("eth_getTransactionCount", account, "latest"));

async function enqueue(name: string, previous: BatchId | null = null): Promise<Life> {
  const life = await lifeOf(planned, name, previous);
  for (const intent of life.intents) await chain.store.enqueue(intent);
  return life;
}
async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    if (await check()) return;
    await pause(5);
  }
  throw new Error("It did not come to that.");
}
const stateOf = (life: Life, i: number): OutboxEntry["state"] | undefined =>
  chain.store.all().find(({ key }) => key === life.intents[i]?.key)?.state;

/** Every final entry's block is on the chain, and each of the life's steps happened once. */
async function expectSettledOnce(life: Life): Promise<void> {
  expect(await announcements(chain.client, planned, life)).toEqual([1, 1, 1]);
  for (const entry of chain.store.all()) {
    expect(entry.state).toBe("final");
    const block = (await rpc("eth_getBlockByNumber", `0x${(entry.blockNumber ?? 0n).toString(16)}`, false)) as { hash: string } | null;
    expect(block?.hash).toBe(entry.blockHash);
  }
}
/** Uses up a nonce of an account for something that is none of ours. */
async function strangerSends(account = operator): Promise<void> {
  const fields = {
    chainId: 31337,
    to: account.address,
    data: "0x",
    gas: 21_000n,
    maxFeePerGas: 10n ** 11n,
    maxPriorityFeePerGas: 10n ** 10n,
  } as const;
  const raw = await account.signTransaction({ ...fields, nonce: await minedNonce(account.address) });
  await rpc("eth_sendRawTransaction", raw);
}

describe("a reorg", () => {
  test.each([1, 2, 3])("of %i blocks after everything was final is mended with the same transactions", async (depth) => {
    const life = await enqueue("reorg");
    await chain.settle();
    const before = chain.store.all();
    await rpc("anvil_reorg", depth, []);
    expect(await announcements(chain.client, planned, life)).toEqual([1, 1, 1].map((count, i) => (i >= 3 - depth ? 0 : count)));
    expect(await chain.settle()).toBe(depth);
    await expectSettledOnce(life);
    expect(chain.store.all().map(({ raw }) => raw)).toEqual(before.map(({ raw }) => raw));
  });

  test("that reaches back over the deployment is mended too, in order", async () => {
    const life = await enqueue("deep reorg");
    await chain.settle();
    const blocks = Number(await rpc("eth_blockNumber"));
    await rpc("anvil_reorg", blocks - 2, []);
    await chain.settle();
    await expectSettledOnce(life);
    expect(await minedNonce(operator.address)).toBe(3);
  });

  test("while waiting for finality sends again what was lost", async () => {
    const life = await enqueue("waiting");
    const deep = await chain.connect({ finalityDepth: 4 });
    const settling = chain.settle({ client: deep });
    await until(() => stateOf(life, 2) === "mined");
    const before = chain.store.all().map(({ blockHash }) => blockHash);
    await rpc("anvil_reorg", 2, []);
    // Nobody else makes blocks yet: the loss itself must be noticed, not a head that moved on.
    const sentAgain = (i: number): boolean =>
      chain.store.all().at(i)?.state === "mined" && chain.store.all().at(i)?.blockHash !== before.at(i);
    await until(() => sentAgain(-1) && sentAgain(-2));
    const mining = setInterval(() => void rpc("evm_mine"), 30);
    expect(await settling).toBe(3);
    clearInterval(mining);
    await expectSettledOnce(life);
  });

  test("between mined and the next process's start is found before anything is sent", async () => {
    const life = await enqueue("between");
    const deep = await chain.connect({ finalityDepth: 50 });
    await expect(chain.settle({ client: deep, finalWithinSeconds: 0 })).rejects.toThrow(UnavailableError);
    expect(stateOf(life, 2)).toBe("mined");
    await rpc("anvil_reorg", 3, []);
    await chain.settle();
    await expectSettledOnce(life);
  });

  test("after which a stranger took the nonce leads to a new signature, still once", async () => {
    const life = await enqueue("stranger");
    await chain.settle();
    const before = chain.store.all().map(({ raw }) => raw);
    await rpc("anvil_reorg", 2, []);
    await strangerSends();
    await chain.settle();
    await expectSettledOnce(life);
    const after = chain.store.all().map(({ raw }) => raw);
    expect(after.slice(0, -2)).toEqual(before.slice(0, -2));
    expect(after.at(-1)).not.toBe(before.at(-1));
    expect(after.at(-2)).not.toBe(before.at(-2));
  });

  test("that strikes when a new transaction is about to be signed leaves the lost one its nonce", async () => {
    const register = (name: string) =>
      registerParticipant(planned.contracts.ParticipantRegistry, admin.address, {
        account: localSigner(hashOf(name)).address,
        kinds: ["corporate"],
        country: "CN",
        expiry: null,
        identityHash: hashOf(name),
      });
    const [lost, next] = [register("lost"), register("next")];
    await chain.store.enqueue(lost);
    await chain.settle();
    const before = await chain.store.find(lost.key);
    await chain.store.enqueue(next);
    const striking: Promise<unknown>[] = [];
    const proxy = await startRpcProxy(chain.node.rpcUrl, (method) => {
      if (method !== "eth_getTransactionCount" || striking.length > 0) return "pass";
      striking.push(rpc("anvil_reorg", 1, []));
      return "cut-request";
    });
    expect(await chain.settle({ client: await chain.connect({ rpcUrl: proxy.rpcUrl }) })).toBe(2);
    await proxy.stop();
    expect((await chain.store.find(lost.key))?.raw).toBe(before?.raw);
    expect((await chain.store.find(next.key))?.nonce).toBe((before?.nonce ?? 0) + 1);
  });

  test("with new blocks on demand needs nobody else to mine", async () => {
    const life = await enqueue("on demand");
    const client = await chain.connect({ finalityDepth: 3, mineWhileWaiting: true });
    expect(await chain.settle({ client })).toBe(3);
    await expectSettledOnce(life);
  });
});

describe("a node that loses state", () => {
  test("by a kill right after the transaction was sent gets it again", async () => {
    const life = await enqueue("killed node");
    const [commit] = life.intents;
    let killed = false;
    const proxy = await startRpcProxy(
      chain.node.rpcUrl,
      () => "pass",
      (method) => {
        if (method === "eth_sendRawTransaction" && !killed) {
          killed = true;
          process.kill(chain.node.pid, "SIGKILL");
        }
      },
    );
    const client = await chain.connect({ rpcUrl: proxy.rpcUrl, retryMilliseconds: 300 });
    await expect(chain.settle({ client })).rejects.toThrow(UnavailableError);
    await proxy.stop();
    expect((await chain.store.find(commit?.key ?? ""))?.state).toBe("signed");
    await chain.reopen();
    await chain.settle();
    await expectSettledOnce(life);
    expect(await minedNonce(operator.address)).toBe(3);
  });

  test("by being restored from an older file gets all of it again", async () => {
    const state = join(chain.folder, "chain", "state.json");
    await chain.node.stop();
    copyFileSync(state, `${state}.old`);
    await chain.reopen();
    const first = await enqueue("first");
    await chain.settle();
    const second = await enqueue("second", first.batchId);
    await chain.settle();
    await chain.node.stop();
    copyFileSync(`${state}.old`, state);
    await chain.reopen();
    expect(await announcements(chain.client, planned, first)).toEqual([0, 0, 0]);
    expect(await chain.settle()).toBe(6);
    await expectSettledOnce(first);
    await expectSettledOnce(second);
  });

  test("and came back empty gets the deployment again as well", async () => {
    const life = await enqueue("empty");
    await chain.settle();
    await chain.node.stop();
    rmSync(join(chain.folder, "chain"), { recursive: true });
    await chain.reopen();
    expect(await chain.settle()).toBe(chain.store.all().length);
    await expectSettledOnce(life);
  });
});

describe("a bad line to the node", () => {
  test.each<Treatment>(["cut-response", "cut-request", "twice"])(
    "that treats every first sending so: %s, ends in one transaction each",
    async (treatment) => {
      const life = await enqueue(treatment);
      let sendings = 0;
      const proxy = await startRpcProxy(chain.node.rpcUrl, (method) =>
        method === "eth_sendRawTransaction" && (treatment === "twice" || sendings++ % 2 === 0) ? treatment : "pass",
      );
      await chain.settle({ client: await chain.connect({ rpcUrl: proxy.rpcUrl }) });
      await proxy.stop();
      await expectSettledOnce(life);
      expect(await minedNonce(operator.address)).toBe(3);
    },
  );

  test("that cuts every third answer, whatever it is, does no harm", async () => {
    const life = await enqueue("thirds");
    let calls = 0;
    const proxy = await startRpcProxy(chain.node.rpcUrl, () => (++calls % 3 === 0 ? "cut-response" : "pass"));
    await chain.settle({ client: await chain.connect({ rpcUrl: proxy.rpcUrl }) });
    await proxy.stop();
    await expectSettledOnce(life);
    expect(await minedNonce(operator.address)).toBe(3);
  });

  test("that stays cut ends with a sentence, and the next try finishes", async () => {
    const life = await enqueue("down");
    const proxy = await startRpcProxy(chain.node.rpcUrl, (method) => (method === "eth_sendRawTransaction" ? "cut-response" : "pass"));
    const client = await chain.connect({ rpcUrl: proxy.rpcUrl, retryMilliseconds: 200 });
    await expect(chain.settle({ client })).rejects.toThrow("did not answer eth_sendRawTransaction");
    await proxy.stop();
    expect(stateOf(life, 0)).toBe("signed");
    await chain.settle();
    await expectSettledOnce(life);
  });
});

describe("a chain that is slow or that others write to", () => {
  test("a stranger's transaction with the nonce just signed leads to a new signature", async () => {
    const life = await enqueue("raced");
    let raced = false;
    const proxy = await startRpcProxy(chain.node.rpcUrl, (method) => {
      if (method !== "eth_sendRawTransaction" || raced) return "pass";
      raced = true;
      void strangerSends();
      return "cut-request";
    });
    await chain.settle({ client: await chain.connect({ rpcUrl: proxy.rpcUrl }) });
    await proxy.stop();
    await expectSettledOnce(life);
    expect(await minedNonce(operator.address)).toBe(4);
  });

  test("effects that are there already, deployments and settings among them, are recognised and not repeated", async () => {
    const life = await enqueue("recognised");
    await chain.settle();
    const before = await Promise.all([admin, operator].map(async ({ address }) => minedNonce(address)));
    // As after a restored backup of the database: the chain is ahead of it.
    const file = join(chain.folder, "outbox.json");
    const empty = { state: "queued", nonce: null, raw: null, txHash: null, blockNumber: null, blockHash: null };
    const rows = JSON.parse(readFileSync(file, "utf8")) as OutboxEntry[];
    writeFileSync(file, JSON.stringify(rows.map((row) => ({ ...row, ...empty }))));
    const told: unknown[] = [];
    await chain.settle({ onFinal: async (_, receipt) => void told.push(receipt) });
    expect(told).toEqual(rows.map(() => null));
    await expectSettledOnce(life);
    expect(await Promise.all([admin, operator].map(async ({ address }) => minedNonce(address)))).toEqual(before);
  });

  test("blocks that come at intervals are waited for", async () => {
    await rpc("evm_setAutomine", false);
    await rpc("evm_setIntervalMining", 1);
    const life = await enqueue("intervals");
    const client = await chain.connect({ finalityDepth: 1, pollMilliseconds: 50 });
    expect(await chain.settle({ client })).toBe(3);
    await expectSettledOnce(life);
  });

  test("a block that never comes ends with a sentence; the transaction waits and is not doubled", async () => {
    await rpc("evm_setAutomine", false);
    const life = await enqueue("never");
    await expect(chain.settle({ minedWithinSeconds: 0 })).rejects.toThrow("has not taken commit:");
    await rpc("evm_setAutomine", true);
    await rpc("evm_mine");
    await chain.settle();
    await expectSettledOnce(life);
    expect(await minedNonce(operator.address)).toBe(3);
  });

  test("a fee that has fallen below the base fee is offered anew with the same nonce", async () => {
    const life = await enqueue("fee");
    await rpc("evm_setAutomine", false);
    await expect(chain.settle({ minedWithinSeconds: 0 })).rejects.toThrow(UnavailableError);
    const before = await chain.store.find(life.intents[0]?.key ?? "");
    await rpc("anvil_dropAllTransactions");
    await rpc("evm_setAutomine", true);
    await rpc("anvil_setNextBlockBaseFeePerGas", `0x${(10n ** 13n).toString(16)}`);
    await rpc("evm_mine");
    await chain.settle();
    const after = await chain.store.find(life.intents[0]?.key ?? "");
    expect(after?.nonce).toBe(before?.nonce);
    expect(after?.raw).not.toBe(before?.raw);
    await expectSettledOnce(life);
  });
});
