import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LOCAL_CHAIN_ID } from "../../base/lib/localChain.ts";
import { UnavailableError } from "../../base/errors/errors.ts";
import { lockToProcess, type Locked } from "../../base/lib/files/lockToProcess.ts";
import { keepCopy, prepareState, type StateFiles } from "./chainState.ts";
import { endProcess, findProcesses } from "./processes.ts";

/** Long enough for anvil to write a large state. */
const STOP_MILLISECONDS = 30_000;
const COPY_MILLISECONDS = 30_000;
const START_ATTEMPTS = 3;
const LOCKED: Locked = {
  code: "chain.in-use",
  state: "the embedded chain of this folder running",
  why: "Two nodes on one state lose blocks.",
};

export interface EmbeddedChain {
  /** On the loopback interface. */
  readonly rpcUrl: string;
  readonly chainId: number;
  /** Process id of the node, for operators and tests. */
  readonly pid: number;
  /** Ends the node after it has written its state. */
  stop(): Promise<void>;
}

function nativeAnvil(): string {
  const system = process.platform === "win32" ? "win32" : process.platform;
  const machine = process.arch === "x64" ? "amd64" : process.arch;
  try {
    const wrapper = createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json");
    const native = createRequire(wrapper).resolve(`@foundry-rs/anvil-${system}-${machine}/package.json`);
    return join(dirname(native), "bin", process.platform === "win32" ? "anvil.exe" : "anvil");
  } catch (error) {
    throw new UnavailableError(
      "chain.no-anvil",
      `The embedded chain has no program for ${system} ${machine} here. Run the set-up again, or set ` +
        "the address of a chain node.",
      { cause: error },
    );
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A call to a node that may not be up: null where it gives no result. */
async function call(rpcUrl: string, method: string, params: readonly unknown[]): Promise<unknown> {
  try {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    return ((await response.json()) as { result?: unknown }).result ?? null;
  } catch {
    return null;
  }
}

/**
 * A restarted anvil takes the clock's time even where that is before its last block: a clock set back, a
 * state carried to another machine.
 */
async function alignTime(rpcUrl: string): Promise<void> {
  const block = (await call(rpcUrl, "eth_getBlockByNumber", ["latest", false])) as {
    timestamp: string;
  } | null;
  const clock = Math.floor(Date.now() / 1_000);
  await call(rpcUrl, "evm_setTime", [Math.max(clock, Number(block?.timestamp ?? 0))]);
}

/** Waits until the node answers; false where it ended or stayed silent. */
async function isReady(
  child: ChildProcess,
  rpcUrl: string,
  chainId: number,
  milliseconds: number,
): Promise<boolean> {
  for (const deadline = Date.now() + milliseconds; Date.now() < deadline; await sleep(15)) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return false;
    if (Number(await call(rpcUrl, "eth_chainId", [])) === chainId) return true;
  }
  return false;
}

/** What anvil complains of goes to a file: a pipe would break with us, and anvil with the pipe. */
async function spawnQuietly(
  program: string,
  words: readonly string[],
  folder: string,
  log: string,
): Promise<ChildProcess> {
  const complaints = await open(log, "w");
  try {
    // HOME inside the folder: whatever anvil caches stays with the chain it belongs to.
    // A group of its own: Ctrl-C reaches us alone, and we end the node when our work is put away.
    const child = spawn(program, words, {
      detached: true,
      stdio: ["ignore", "ignore", complaints.fd],
      env: { HOME: folder },
    });
    child.on("error", () => undefined);
    return child;
  } finally {
    await complaints.close();
  }
}

/**
 * Starts the embedded chain of a data folder: anvil under Cancun rules, block time = wall clock, a block per
 * transaction, state kept in `folder` once a second and when it ends. It survives a kill of this process or
 * of anvil: a node that an earlier run left behind is told to write its state and end before this one starts.
 * Ends with this process at the latest.
 * @throws UnavailableError `chain.in-use` (another live process runs it), `chain.no-start`, `chain.no-anvil`,
 * `chain.state-broken`
 */
export async function startAnvil(options: {
  folder: string;
  chainId?: number;
  startMilliseconds?: number;
}): Promise<EmbeddedChain> {
  const { chainId = LOCAL_CHAIN_ID, startMilliseconds = 20_000 } = options;
  const folder = resolve(options.folder);
  const program = nativeAnvil();
  await mkdir(folder, { recursive: true });
  const unlock = await lockToProcess(join(folder, "chain.lock"), LOCKED);
  try {
    const files: StateFiles = {
      current: join(folder, "state.json"),
      previous: join(folder, "state.previous.json"),
    };
    const keepsState = ["--state", files.current];
    for (const orphan of await findProcesses(program, keepsState))
      await endProcess(orphan, STOP_MILLISECONDS);
    await prepareState(files);
    const log = join(folder, "anvil.log");
    for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
      const port = await freePort();
      const rpcUrl = `http://127.0.0.1:${String(port)}`;
      const words = [
        "--quiet",
        "--host",
        "127.0.0.1",
        "--port",
        String(port),
        "--chain-id",
        String(chainId),
        "--hardfork",
        "cancun",
      ];
      const child = await spawnQuietly(
        program,
        [...words, "--no-cors", ...keepsState, "--state-interval", "1"],
        folder,
        log,
      );
      if (await isReady(child, rpcUrl, chainId, startMilliseconds)) {
        await alignTime(rpcUrl);
        return running(child, { rpcUrl, chainId, files, unlock });
      }
      if (child.pid !== undefined) await endProcess(child.pid, 1_000);
    }
    const said = (await readFile(log, "utf8").catch(() => "")).trim().slice(-1_000);
    throw new UnavailableError(
      "chain.no-start",
      `The embedded chain in ${folder} did not start. It said: ${said || "nothing"}`,
    );
  } catch (error) {
    unlock();
    throw error;
  }
}

function running(
  child: ChildProcess,
  {
    rpcUrl,
    chainId,
    files,
    unlock,
  }: { rpcUrl: string; chainId: number; files: StateFiles; unlock: () => void },
): EmbeddedChain {
  const pid = child.pid as number;
  const endWithUs = (): void => void child.kill("SIGTERM");
  process.once("exit", endWithUs);
  child.unref();
  const copying = setInterval(() => void keepCopy(files).catch(() => undefined), COPY_MILLISECONDS).unref();
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    clearInterval(copying);
    process.removeListener("exit", endWithUs);
    await endProcess(pid, STOP_MILLISECONDS);
    unlock();
  };
  return { rpcUrl, chainId, pid, stop: async () => (stopped ??= stop()) };
}
