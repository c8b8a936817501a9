import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { MIB } from "../../base/lib/sizes.ts";

/**
 * Fields of /proc/<pid>/stat from the third on (the name in the second may contain spaces); null where there
 * is no such file.
 */
async function statOf(pid: number): Promise<string[] | null> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, "utf8").catch(() => null);
  return stat === null ? null : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/**
 * True while a process with that id runs, ours or not. One that ended and that nobody has waited for does not
 * count.
 */
export async function isAlive(pid: number): Promise<boolean> {
  if (!isKnown(pid)) return false;
  const state = (await statOf(pid))?.[0];
  // Without a state it has gone in between, or this system has no such files.
  return state === undefined ? isKnown(pid) : state !== "Z" && state !== "X";
}

/** Whether the system knows a process of that id, also one that ended and that nobody has waited for. */
function isKnown(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function commandLines(): Promise<{ pid: number; words: string }[]> {
  const entries = await readdir("/proc").catch(() => []);
  const pids = entries.filter((name) => /^\d+$/.test(name));
  if (pids.length > 0) {
    const lines = pids.map(async (pid) => {
      const raw = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return { pid: Number(pid), words: raw.replaceAll("\0", " ") };
    });
    return Promise.all(lines);
  }
  const { stdout } = await promisify(execFile)("ps", ["-axo", "pid=,command="], {
    maxBuffer: 16 * MIB,
  });
  return stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), words: `${match[2] ?? ""} ` }] : [];
  });
}

/** Ids of the processes that run `program` with exactly these words somewhere in their command line. */
export async function findProcesses(program: string, words: readonly string[]): Promise<number[]> {
  const wanted = ` ${words.join(" ")} `;
  const lines = await commandLines();
  return lines
    .filter(({ words: line }) => line.startsWith(`${program} `) && line.includes(wanted))
    .map(({ pid }) => pid);
}

/**
 * SIGTERM, and SIGKILL for one that is still there after `graceMilliseconds`. Returns false where it had to
 * be killed.
 */
export async function endProcess(pid: number, graceMilliseconds: number): Promise<boolean> {
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  };
  signal("SIGTERM");
  for (const deadline = Date.now() + graceMilliseconds; Date.now() < deadline; await sleep(10)) {
    if (!(await isAlive(pid))) return true;
  }
  signal("SIGKILL");
  while (await isAlive(pid)) await sleep(10);
  return false;
}
