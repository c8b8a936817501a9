import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { UnavailableError } from "../../base/errors/errors.ts";
import { isAlive, startOf } from "./processes.ts";

interface Owner {
  readonly pid: number;
  readonly started: string | null;
}

function parseOwner(text: string): Owner | null {
  try {
    const value = JSON.parse(text) as Partial<Owner> | null;
    return typeof value?.pid === "number" ? { pid: value.pid, started: value.started ?? null } : null;
  } catch {
    return null;
  }
}

async function isRunning(owner: Owner): Promise<boolean> {
  if (!(await isAlive(owner.pid))) return false;
  const started = await startOf(owner.pid);
  return owner.started === null || started === null || started === owner.started;
}

/**
 * Makes this process the only one that runs the chain of a data folder. The lock of a process that is gone is taken over.
 * @returns the function that gives the lock back
 * @throws UnavailableError `chain.in-use` naming the process that holds it
 */
export async function takeOwnerLock(path: string): Promise<() => Promise<void>> {
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) });
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      await writeFile(path, mine, { flag: "wx" });
      return async () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const text = await readFile(path, "utf8").catch(() => "");
    const owner = parseOwner(text);
    if (owner !== null && (await isRunning(owner))) {
      throw new UnavailableError(
        "chain.in-use",
        `Process ${String(owner.pid)} runs the chain of this data folder already (${path}). Wait for it or end it, then try again.`,
      );
    }
    // An empty file may be one that another process is just about to fill: give it a moment before calling it stale.
    if (owner === null && attempt < 5) {
      await sleep(20);
      continue;
    }
    // Of several processes that find the same stale lock, the rename lets exactly one remove it.
    const aside = `${path}.${randomUUID()}`;
    await rename(path, aside).then(
      async () => rm(aside, { force: true }),
      () => undefined,
    );
  }
  throw new UnavailableError("chain.in-use", `Other processes keep taking ${path}. Try again when they are done.`);
}
