import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONTRACT_NAMES } from "../../../src/base/types/deployment.ts";
import {
  deploymentFrom,
  planDeployment,
  type PlannedDeployment,
} from "../../../src/adapters/chain/deploy.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import { KILL_POINTS, type KillPoint } from "./support/killPoints.ts";
import {
  TERMS,
  admin,
  announcements,
  deployAll,
  lifeOf,
  openTestChain,
  operator,
  type TestChain,
} from "./support/testChain.ts";

const WORKER = new URL("support/killedWorker.ts", import.meta.url).pathname;

/** Each point for each of the three transactions; in everyday runs each point for one of them, in turn. */
const DEEP = Number(process.env["FUZZ_RUNS"] ?? "0") > 256;

/** Runs a settling process until it ends or is killed at the point; returns whether it was killed. */
async function settleElsewhere(
  chain: TestChain,
  point: KillPoint | "never",
  occurrence = 1,
): Promise<boolean> {
  const files = [join(chain.folder, "outbox.json"), join(chain.folder, "final.log")];
  const child = spawn(process.execPath, [WORKER, chain.node.rpcUrl, ...files, point, String(occurrence)], {
    stdio: "inherit",
  });
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  if (signal === null && code !== 0) throw new Error(`The worker failed with code ${String(code)}.`);
  return signal === "SIGKILL";
}
const nonceOf = async (chain: TestChain, account: string): Promise<number> =>
  Number(await chain.client.request("eth_getTransactionCount", [account, "latest"]));

describe("a process that is killed at any point of commit, mint and retirement", () => {
  let chain: TestChain;
  let planned: PlannedDeployment;
  let head: BatchId | null = null;
  beforeAll(async () => {
    chain = await openTestChain();
    planned = await deployAll(chain);
  });
  afterAll(async () => chain.close());

  test.each(
    KILL_POINTS.flatMap((point, i) =>
      (DEEP ? [1, 2, 3] : [1 + (i % 3)]).map((occurrence) => ({ point, occurrence })),
    ),
  )("leaves each on chain exactly once: $point, passing $occurrence", async ({ point, occurrence }) => {
    const life = await lifeOf(planned, `${point} ${String(occurrence)}`, head);
    head = life.batchId;
    const before = await nonceOf(chain, operator.address);
    for (const intent of life.intents) await chain.store.enqueue(intent);
    expect(await settleElsewhere(chain, point, occurrence)).toBe(true);
    await chain.settle();
    expect(await announcements(chain.client, planned, life)).toEqual([1, 1, 1]);
    // Not one transaction more than there are intents: nothing was even tried twice.
    expect((await nonceOf(chain, operator.address)) - before).toBe(3);
    for (const { key } of life.intents) expect(await chain.store.find(key)).toMatchObject({ state: "final" });
  });

  test("a transaction that waits in the node's pool when its sender is killed is not doubled", async () => {
    const life = await lifeOf(planned, "waiting in the pool", head);
    head = life.batchId;
    const before = await nonceOf(chain, operator.address);
    for (const intent of life.intents) await chain.store.enqueue(intent);
    await chain.client.request("evm_setAutomine", [false]);
    expect(await settleElsewhere(chain, "after sending, before the answer")).toBe(true);
    await expect(chain.settle({ minedWithinSeconds: 0 })).rejects.toThrow("has not taken");
    await chain.client.request("evm_setAutomine", [true]);
    await chain.client.request("evm_mine", []);
    await chain.settle();
    expect(await announcements(chain.client, planned, life)).toEqual([1, 1, 1]);
    expect((await nonceOf(chain, operator.address)) - before).toBe(3);
  });

  test("several kills in a row end in one state as well, with each finality announced", async () => {
    const life = await lifeOf(planned, "several", head);
    head = life.batchId;
    for (const intent of life.intents) await chain.store.enqueue(intent);
    for (const point of [
      "after markSigned",
      "after sending, before the answer",
      "before sending",
      "before markFinal",
    ] as const) {
      expect(await settleElsewhere(chain, point)).toBe(true);
    }
    expect(await settleElsewhere(chain, "never")).toBe(false);
    expect(await announcements(chain.client, planned, life)).toEqual([1, 1, 1]);
    const told = readFileSync(join(chain.folder, "final.log"), "utf8").split("\n");
    for (const { key } of life.intents) expect(told).toContain(key);
  });
});

describe("a deployment that is cut", () => {
  test.each([
    { point: "after markSigned", occurrence: 2 },
    { point: "after sending, before the answer", occurrence: 3 },
    { point: "before markMined", occurrence: 5 },
  ] as const)("is finished, not begun again: $point, passing $occurrence", async ({ point, occurrence }) => {
    const chain = await openTestChain();
    try {
      const first = await planDeployment(chain.client, chain.store, admin.address, TERMS);
      // The plan itself may be cut too: only two of them were enqueued by then.
      for (const intent of first.intents.slice(0, 2)) await chain.store.enqueue(intent);
      await settleElsewhere(chain, point, occurrence);
      const again = await planDeployment(chain.client, chain.store, admin.address, TERMS);
      for (const intent of again.intents) await chain.store.enqueue(intent);
      await settleElsewhere(chain, point, occurrence);
      await chain.settle();
      expect(again.contracts).toEqual(first.contracts);
      expect(await nonceOf(chain, admin.address)).toBe(CONTRACT_NAMES.length);
      expect(
        (await deploymentFrom(chain.client, chain.store, again, { network: "test", commit: "local" }))
          .contracts,
      ).toEqual(first.contracts);
    } finally {
      await chain.close();
    }
  });

  test("is not taken for complete", async () => {
    const chain = await openTestChain();
    const planned = await planDeployment(chain.client, chain.store, admin.address, TERMS);
    for (const intent of planned.intents.slice(0, -1)) await chain.store.enqueue(intent);
    await chain.settle();
    await expect(
      deploymentFrom(chain.client, chain.store, planned, { network: "test", commit: "local" }),
    ).rejects.toMatchObject({
      code: "deploy.incomplete",
      message: expect.stringMatching(/is not final on chain 31337 yet\. Settle the outbox first/) as unknown,
    });
    expect(existsSync(join(chain.folder, "outbox.json"))).toBe(true);
    await chain.close();
  });
});
