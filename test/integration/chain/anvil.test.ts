import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startAnvil, type EmbeddedChain } from "../../../src/adapters/chain/startAnvil.ts";
import { connectChain, type ChainClient } from "../../../src/adapters/chain/client.ts";
import { isAlive } from "../../../src/adapters/chain/processes.ts";
import { readBlock } from "../../../src/adapters/chain/readOnly.ts";
import { temporaryFolder } from "./support/testChain.ts";

let folder: ReturnType<typeof temporaryFolder>;
const open: EmbeddedChain[] = [];

async function start(): Promise<{ node: EmbeddedChain; client: ChainClient }> {
  const node = await startAnvil({ folder: folder.path });
  open.push(node);
  return {
    node,
    client: await connectChain({ rpcUrl: node.rpcUrl, chainId: 31337, retryMilliseconds: 500 }),
  };
}
const head = async (client: ChainClient) =>
  (await readBlock(client, "latest")) ?? { number: -1n, hash: "0x", timestamp: 0 };
const pause = async (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
async function mine(client: ChainClient, blocks: number): Promise<void> {
  for (let i = 0; i < blocks; i++) await client.request("evm_mine", []);
}
/** Runs a second process on the same folder, which prints its node's id and waits; answers both ids. */
async function startElsewhere(): Promise<{ owner: ReturnType<typeof spawn>; pid: number; rpcUrl: string }> {
  const code = `import { startAnvil } from "./src/adapters/chain/startAnvil.ts";
    const { pid, rpcUrl } = await startAnvil({ folder: process.argv[1] });
    console.log(JSON.stringify({ pid, rpcUrl }));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ["--input-type=module-typescript", "-e", code, folder.path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(owner.stdout, "data")) as [Buffer];
  return { owner, ...(JSON.parse(line.toString()) as { pid: number; rpcUrl: string }) };
}

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const node of open.splice(0)) await node.stop();
  folder.remove();
});

test("a stopped chain goes on where it was", async () => {
  const first = await start();
  await mine(first.client, 3);
  const before = await head(first.client);
  await first.node.stop();
  expect(await isAlive(first.node.pid)).toBe(false);
  const second = await start();
  expect(await head(second.client)).toEqual(before);
  await mine(second.client, 1);
  expect((await head(second.client)).number).toBe(4n);
});

test("the rules are Cancun's and a block's time is the clock's", async () => {
  const { client } = await start();
  const info = (await client.request("anvil_nodeInfo", [])) as { hardFork: string };
  expect(info.hardFork.toLowerCase()).toBe("cancun");
  await mine(client, 1);
  expect(Math.abs((await head(client)).timestamp - Date.now() / 1000)).toBeLessThan(3);
});

test("chain time does not run backwards over a restart, even where it was ahead of the clock", async () => {
  const first = await start();
  const ahead = Math.floor(Date.now() / 1000) + 3600;
  await first.client.request("evm_setNextBlockTimestamp", [ahead]);
  await mine(first.client, 1);
  await first.node.stop();
  const second = await start();
  await mine(second.client, 1);
  expect((await head(second.client)).timestamp).toBeGreaterThanOrEqual(ahead);
});

test("a killed node has kept what is older than its last dump", async () => {
  const first = await start();
  await mine(first.client, 5);
  const before = await head(first.client);
  await pause(1_600);
  process.kill(first.node.pid, "SIGKILL");
  await first.node.stop();
  const second = await start();
  expect(await head(second.client)).toEqual(before);
});

test("the node of a killed process is ended and its newest state kept", async () => {
  const elsewhere = await startElsewhere();
  const client = await connectChain({ rpcUrl: elsewhere.rpcUrl, chainId: 31337 });
  elsewhere.owner.kill("SIGKILL");
  await once(elsewhere.owner, "exit");
  expect(await isAlive(elsewhere.pid)).toBe(true);
  // Mined after the last dump, most likely: only an orderly end keeps it.
  await mine(client, 7);
  const before = await head(client);
  const mine2 = await start();
  expect(await isAlive(elsewhere.pid)).toBe(false);
  expect(mine2.node.pid).not.toBe(elsewhere.pid);
  expect(await head(mine2.client)).toEqual(before);
});

test("a chain that a live process runs is refused, with that process's id", async () => {
  const elsewhere = await startElsewhere();
  try {
    await expect(startAnvil({ folder: folder.path })).rejects.toMatchObject({
      code: "chain.in-use",
      message: expect.stringContaining("Wait until it ends, or stop it.") as unknown,
    });
    await expect(startAnvil({ folder: folder.path })).rejects.toThrow(
      `Process ${String(elsewhere.owner.pid)} has the embedded chain of this folder running`,
    );
    expect(await isAlive(elsewhere.pid)).toBe(true);
  } finally {
    elsewhere.owner.kill("SIGKILL");
    await once(elsewhere.owner, "exit");
    await (await start()).node.stop();
  }
});

test("of two starts at once in one process, one is refused", async () => {
  const outcomes = await Promise.allSettled([
    startAnvil({ folder: folder.path }),
    startAnvil({ folder: folder.path }),
  ]);
  for (const outcome of outcomes) if (outcome.status === "fulfilled") open.push(outcome.value);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
});

test("half a state file, as a kill during the dump leaves it, gives way to the last whole one", async () => {
  const first = await start();
  await mine(first.client, 2);
  await first.node.stop();
  const second = await start();
  await second.node.stop();
  const state = join(folder.path, "state.json");
  writeFileSync(state, readFileSync(state).subarray(0, 1_000));
  const third = await start();
  expect((await head(third.client)).number).toBe(2n);
  expect(existsSync(`${state}.broken`)).toBe(true);
});

test("with the state and its copy both broken, nothing is started over them", async () => {
  const first = await start();
  await first.node.stop();
  await (await start()).node.stop();
  for (const name of ["state.json", "state.previous.json"]) writeFileSync(join(folder.path, name), "{");
  await expect(startAnvil({ folder: folder.path })).rejects.toMatchObject({
    code: "chain.state-broken",
    message: expect.stringContaining("Restore one of them from a backup.") as unknown,
  });
  expect(readFileSync(join(folder.path, "state.json"), "utf8")).toBe("{");
  rmSync(join(folder.path, "state.json"));
  rmSync(join(folder.path, "state.previous.json"));
  await start();
});

test("a node that does not start says why", async () => {
  writeFileSync(join(folder.path, "state.json"), JSON.stringify({ block: "nonsense" }));
  await expect(startAnvil({ folder: folder.path })).rejects.toMatchObject({
    code: "chain.no-start",
    message: expect.stringMatching(/did not start. It said: .*state/s) as unknown,
  });
  expect(existsSync(join(folder.path, "chain.lock"))).toBe(false);
});

test("a process that ends without stopping its chain takes it down, state kept", async () => {
  const code = `import { startAnvil } from "./src/adapters/chain/startAnvil.ts";
    const { pid } = await startAnvil({ folder: process.argv[1] });
    console.log(pid);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", code, folder.path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = once(child.stdout, "data") as Promise<[Buffer]>;
  const [exitCode] = (await once(child, "exit")) as [number];
  expect(exitCode).toBe(0);
  const pid = Number((await said)[0].toString());
  for (let i = 0; i < 200 && (await isAlive(pid)); i++) await pause(20);
  expect(await isAlive(pid)).toBe(false);
  expect(existsSync(join(folder.path, "state.json"))).toBe(true);
});
