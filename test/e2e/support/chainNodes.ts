import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

/** A process that runs the embedded chain. */
export interface ChainNode {
  readonly pid: number;
  /** Who started it; another process once that one is dead. */
  readonly parent: number;
}

/** The chain nodes that keep their state in a data folder. Without /proc none is found. */
export async function nodesOf(folder: string): Promise<ChainNode[]> {
  const state = join(resolve(folder), "chain", "state.json");
  const names = (await readdir("/proc").catch(() => [])).filter((name) => /^[0-9]+$/.test(name));
  const found = names.map(async (name): Promise<ChainNode[]> => {
    const words = (await readProcess(name, "cmdline")).split("\0");
    if (basename(words[0] ?? "") !== "anvil" || !words.includes(state)) return [];
    const stat = await readProcess(name, "stat");
    return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) }];
  });
  return (await Promise.all(found)).flat();
}

function readProcess(pid: string, file: "cmdline" | "stat"): Promise<string> {
  return readFile(join("/proc", pid, file), "utf8").catch(() => "");
}

export function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
