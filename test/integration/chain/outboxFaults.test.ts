import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { appointParticipant } from "../../../src/adapters/chain/intents/appointParticipant.ts";
import { localSigner } from "../../../src/adapters/chain/signers.ts";
import { UnavailableError } from "../../../src/base/errors/errors.ts";
import type { OutboxEntry } from "../../../src/stages/outbox/ports.ts";
import { startRpcProxy, type Treatment } from "./support/startRpcProxy.ts";
import { admin, announcements, firmIdOf, hashOf, operator, type Life } from "./support/testChain.ts";
import { onFreshChain } from "./support/onFreshChain.ts";

const here = onFreshChain();

const pause = async (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const minedNonce = async (account: string): Promise<number> =>
  Number(await here.rpc("eth_getTransactionCount", account, "latest"));

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    if (await check()) return;
    await pause(5);
  }
  throw new Error("It did not come to that.");
}
const stateOf = (life: Life, i: number): OutboxEntry["state"] | undefined =>
  here.chain.store.all().find(({ key }) => key === life.intents[i]?.key)?.state;

/** Every final entry's block is on the chain, and each of the life's steps happened once. */
async function expectSettledOnce(life: Life): Promise<void> {
  expect(await announcements(here.chain.client, here.planned, life)).toEqual([1, 1, 1]);
  for (const entry of here.chain.store.all()) {
    expect(entry.state).toBe("final");
    const block = (await here.rpc(
      "eth_getBlockByNumber",
      `0x${(entry.blockNumber ?? 0n).toString(16)}`,
      false,
    )) as { hash: string } | null;
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
  await here.rpc("eth_sendRawTransaction", raw);
}

describe("a reorg", () => {
  test.each([1, 2, 3])(
    "of %i blocks after everything was final is mended with the same transactions",
    async (depth) => {
      const life = await here.enqueue("reorg");
      await here.chain.settle();
      const before = here.chain.store.all();
      await here.rpc("anvil_reorg", depth, []);
      expect(await announcements(here.chain.client, here.planned, life)).toEqual(
        [1, 1, 1].map((count, i) => (i >= 3 - depth ? 0 : count)),
      );
      expect(await here.chain.settle()).toBe(depth);
      await expectSettledOnce(life);
      expect(here.chain.store.all().map(({ raw }) => raw)).toEqual(before.map(({ raw }) => raw));
    },
  );

  test("that reaches back over the deployment is mended too, in order", async () => {
    const life = await here.enqueue("deep reorg");
    await here.chain.settle();
    const blocks = Number(await here.rpc("eth_blockNumber"));
    await here.rpc("anvil_reorg", blocks - 2, []);
    await here.chain.settle();
    await expectSettledOnce(life);
    expect(await minedNonce(operator.address)).toBe(3);
  });

  test("while waiting for finality sends again what was lost", async () => {
    const life = await here.enqueue("waiting");
    const deep = await here.chain.connect({ finalityDepth: 4 });
    const settling = here.chain.settle({ client: deep });
    await until(() => stateOf(life, 2) === "mined");
    const before = here.chain.store.all().map(({ blockHash }) => blockHash);
    await here.rpc("anvil_reorg", 2, []);
    // Nobody else makes blocks yet: the loss itself must be noticed, not a head that moved on.
    const sentAgain = (i: number): boolean =>
      here.chain.store.all().at(i)?.state === "mined" &&
      here.chain.store.all().at(i)?.blockHash !== before.at(i);
    await until(() => sentAgain(-1) && sentAgain(-2));
    const mining = setInterval(() => void here.rpc("evm_mine"), 30);
    expect(await settling).toBe(3);
    clearInterval(mining);
    await expectSettledOnce(life);
  });

  test("between mined and the next process's start is found before anything is sent", async () => {
    const life = await here.enqueue("between");
    const deep = await here.chain.connect({ finalityDepth: 50 });
    await expect(here.chain.settle({ client: deep, finalWithinSeconds: 0 })).rejects.toMatchObject({
      code: "outbox.not-final",
      message: expect.stringContaining("50 blocks must follow it") as unknown,
    });
    expect(stateOf(life, 2)).toBe("mined");
    await here.rpc("anvil_reorg", 3, []);
    await here.chain.settle();
    await expectSettledOnce(life);
  });

  test("after which a stranger took the nonce leads to a new signature, still once", async () => {
    const life = await here.enqueue("stranger");
    await here.chain.settle();
    const before = here.chain.store.all().map(({ raw }) => raw);
    await here.rpc("anvil_reorg", 2, []);
    await strangerSends();
    await here.chain.settle();
    await expectSettledOnce(life);
    const after = here.chain.store.all().map(({ raw }) => raw);
    expect(after.slice(0, -2)).toEqual(before.slice(0, -2));
    expect(after.at(-1)).not.toBe(before.at(-1));
    expect(after.at(-2)).not.toBe(before.at(-2));
  });

  test("striking when a new transaction is about to be signed leaves the lost one its nonce", async () => {
    const register = (name: string) =>
      appointParticipant(here.planned.contracts.ParticipantRegistry, admin.address, {
        account: localSigner(hashOf(name)).address,
        kinds: ["corporate"],
        country: "CN",
        expiry: null,
        firmId: firmIdOf(name),
      });
    const [lost, next] = [register("lost"), register("next")];
    await here.chain.store.enqueue(lost);
    await here.chain.settle();
    const before = await here.chain.store.find(lost.key);
    await here.chain.store.enqueue(next);
    const striking: Promise<unknown>[] = [];
    const proxy = await startRpcProxy(here.chain.node.rpcUrl, (method) => {
      if (method !== "eth_getTransactionCount" || striking.length > 0) return "pass";
      striking.push(here.rpc("anvil_reorg", 1, []));
      return "cut-request";
    });
    expect(await here.chain.settle({ client: await here.chain.connect({ rpcUrl: proxy.rpcUrl }) })).toBe(2);
    await proxy.stop();
    expect((await here.chain.store.find(lost.key))?.raw).toBe(before?.raw);
    expect((await here.chain.store.find(next.key))?.nonce).toBe((before?.nonce ?? 0) + 1);
  });

  test("with new blocks on demand needs nobody else to mine", async () => {
    const life = await here.enqueue("on demand");
    const client = await here.chain.connect({ finalityDepth: 3, mineWhileWaiting: true });
    expect(await here.chain.settle({ client })).toBe(3);
    await expectSettledOnce(life);
  });
});

describe("a node that loses state", () => {
  test("by a kill right after the transaction was sent gets it again", async () => {
    const life = await here.enqueue("killed node");
    const [commit] = life.intents;
    let killed = false;
    const proxy = await startRpcProxy(
      here.chain.node.rpcUrl,
      () => "pass",
      (method) => {
        if (method === "eth_sendRawTransaction" && !killed) {
          killed = true;
          process.kill(here.chain.node.pid, "SIGKILL");
        }
      },
    );
    const client = await here.chain.connect({ rpcUrl: proxy.rpcUrl, retryMilliseconds: 300 });
    await expect(here.chain.settle({ client })).rejects.toThrow(UnavailableError);
    await proxy.stop();
    expect((await here.chain.store.find(commit?.key ?? ""))?.state).toBe("signed");
    await here.chain.reopen();
    await here.chain.settle();
    await expectSettledOnce(life);
    expect(await minedNonce(operator.address)).toBe(3);
  });

  test("by being restored from an older file gets all of it again", async () => {
    const state = join(here.chain.folder, "chain", "state.json");
    await here.chain.node.stop();
    copyFileSync(state, `${state}.old`);
    await here.chain.reopen();
    const first = await here.enqueue("first");
    await here.chain.settle();
    const second = await here.enqueue("second", first.batchId);
    await here.chain.settle();
    await here.chain.node.stop();
    copyFileSync(`${state}.old`, state);
    await here.chain.reopen();
    expect(await announcements(here.chain.client, here.planned, first)).toEqual([0, 0, 0]);
    expect(await here.chain.settle()).toBe(6);
    await expectSettledOnce(first);
    await expectSettledOnce(second);
  });

  test("and came back empty gets the deployment again as well", async () => {
    const life = await here.enqueue("empty");
    await here.chain.settle();
    await here.chain.node.stop();
    rmSync(join(here.chain.folder, "chain"), { recursive: true });
    await here.chain.reopen();
    expect(await here.chain.settle()).toBe(here.chain.store.all().length);
    await expectSettledOnce(life);
  });
});

describe("a bad line to the node", () => {
  test.each<Treatment>(["cut-response", "cut-request", "twice"])(
    "that treats every first sending so: %s, ends in one transaction each",
    async (treatment) => {
      const life = await here.enqueue(treatment);
      let sendings = 0;
      const proxy = await startRpcProxy(here.chain.node.rpcUrl, (method) =>
        method === "eth_sendRawTransaction" && (treatment === "twice" || sendings++ % 2 === 0)
          ? treatment
          : "pass",
      );
      await here.chain.settle({ client: await here.chain.connect({ rpcUrl: proxy.rpcUrl }) });
      await proxy.stop();
      await expectSettledOnce(life);
      expect(await minedNonce(operator.address)).toBe(3);
    },
  );

  test("that cuts every third answer, whatever it is, does no harm", async () => {
    const life = await here.enqueue("thirds");
    let calls = 0;
    const proxy = await startRpcProxy(here.chain.node.rpcUrl, () =>
      ++calls % 3 === 0 ? "cut-response" : "pass",
    );
    await here.chain.settle({ client: await here.chain.connect({ rpcUrl: proxy.rpcUrl }) });
    await proxy.stop();
    await expectSettledOnce(life);
    expect(await minedNonce(operator.address)).toBe(3);
  });

  test("that stays cut ends with a sentence, and the next try finishes", async () => {
    const life = await here.enqueue("down");
    const proxy = await startRpcProxy(here.chain.node.rpcUrl, (method) =>
      method === "eth_sendRawTransaction" ? "cut-response" : "pass",
    );
    const client = await here.chain.connect({ rpcUrl: proxy.rpcUrl, retryMilliseconds: 200 });
    await expect(here.chain.settle({ client })).rejects.toThrow("did not answer eth_sendRawTransaction");
    await proxy.stop();
    expect(stateOf(life, 0)).toBe("signed");
    await here.chain.settle();
    await expectSettledOnce(life);
  });
});

describe("a chain that is slow or that others write to", () => {
  test("a stranger's transaction with the nonce just signed leads to a new signature", async () => {
    const life = await here.enqueue("raced");
    let raced = false;
    const proxy = await startRpcProxy(here.chain.node.rpcUrl, (method) => {
      if (method !== "eth_sendRawTransaction" || raced) return "pass";
      raced = true;
      void strangerSends();
      return "cut-request";
    });
    await here.chain.settle({ client: await here.chain.connect({ rpcUrl: proxy.rpcUrl }) });
    await proxy.stop();
    await expectSettledOnce(life);
    expect(await minedNonce(operator.address)).toBe(4);
  });

  test("effects already there, deployments and settings too, are recognised, not repeated", async () => {
    const life = await here.enqueue("recognised");
    await here.chain.settle();
    const before = await Promise.all([admin, operator].map(async ({ address }) => minedNonce(address)));
    // As after a restored backup of the database: the chain is ahead of it.
    const file = join(here.chain.folder, "outbox.json");
    const empty = {
      state: "queued",
      nonce: null,
      raw: null,
      txHash: null,
      blockNumber: null,
      blockHash: null,
    };
    const rows = JSON.parse(readFileSync(file, "utf8")) as OutboxEntry[];
    writeFileSync(file, JSON.stringify(rows.map((row) => ({ ...row, ...empty }))));
    const told: unknown[] = [];
    await here.chain.settle({ onFinal: async (_, receipt) => void told.push(receipt) });
    expect(told).toEqual(rows.map(() => null));
    await expectSettledOnce(life);
    expect(await Promise.all([admin, operator].map(async ({ address }) => minedNonce(address)))).toEqual(
      before,
    );
  });

  test("blocks that come at intervals are waited for", async () => {
    await here.rpc("evm_setAutomine", false);
    await here.rpc("evm_setIntervalMining", 1);
    const life = await here.enqueue("intervals");
    const client = await here.chain.connect({ finalityDepth: 1, pollMilliseconds: 50 });
    expect(await here.chain.settle({ client })).toBe(3);
    await expectSettledOnce(life);
  });

  test("a block that never comes ends with a sentence; the transaction is not doubled", async () => {
    await here.rpc("evm_setAutomine", false);
    const life = await here.enqueue("never");
    await expect(here.chain.settle({ minedWithinSeconds: 0 })).rejects.toMatchObject({
      code: "outbox.not-mined",
      message: expect.stringMatching(/has not taken commit:.*is sent again at the next try/) as unknown,
    });
    await here.rpc("evm_setAutomine", true);
    await here.rpc("evm_mine");
    await here.chain.settle();
    await expectSettledOnce(life);
    expect(await minedNonce(operator.address)).toBe(3);
  });

  test("a fee that has fallen below the base fee is offered anew with the same nonce", async () => {
    const life = await here.enqueue("fee");
    await here.rpc("evm_setAutomine", false);
    await expect(here.chain.settle({ minedWithinSeconds: 0 })).rejects.toThrow(UnavailableError);
    const before = await here.chain.store.find(life.intents[0]?.key ?? "");
    await here.rpc("anvil_dropAllTransactions");
    await here.rpc("evm_setAutomine", true);
    await here.rpc("anvil_setNextBlockBaseFeePerGas", `0x${(10n ** 13n).toString(16)}`);
    await here.rpc("evm_mine");
    await here.chain.settle();
    const after = await here.chain.store.find(life.intents[0]?.key ?? "");
    expect(after?.nonce).toBe(before?.nonce);
    expect(after?.raw).not.toBe(before?.raw);
    await expectSettledOnce(life);
  });
});
