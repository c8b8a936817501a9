import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

/** A process that runs the embedded chain. */
export interface ChainNode {
  readonly pid: number;
  /** Who started it; another process once that one is dead. */
  readonly parent: number;
  readonly rpcUrl: string;
}

/** The chain nodes that keep their state in a data folder. Without /proc none is found. */
export async function nodesOf(folder: string): Promise<ChainNode[]> {
  const state = join(resolve(folder), "chain", "state.json");
  const names = (await readdir("/proc").catch(() => [])).filter((name) => /^[0-9]+$/.test(name));
  const found = names.map(async (name): Promise<ChainNode[]> => {
    const words = (await readProcess(name, "cmdline")).split("\0");
    if (basename(words[0] ?? "") !== "anvil" || !words.includes(state)) return [];
    const stat = await readProcess(name, "stat");
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    return [
      { pid: Number(name), parent, rpcUrl: `http://127.0.0.1:${words[words.indexOf("--port") + 1] ?? ""}` },
    ];
  });
  return (await Promise.all(found)).flat();
}

function readProcess(pid: string, file: "cmdline" | "stat"): Promise<string> {
  return readFile(join("/proc", pid, file), "utf8").catch(() => "");
}

/** Number of the newest block; null where the node does not answer. */
export async function heightOf({ rpcUrl }: ChainNode): Promise<number | null> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] });
  try {
    const response = await fetch(rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    return Number(((await response.json()) as { result: string }).result);
  } catch {
    return null;
  }
}

export function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
