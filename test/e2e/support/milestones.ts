import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { nodesOf } from "./chainNodes.ts";
import type { Run } from "./commandLine.ts";
import type { Place } from "./gramPath.ts";

/** What shows from outside how far a command is: it holds the embedded database (on Postgres: it has started), it has started its chain node. */
export type Milestone = "the data folder" | "the chain node";

const POLL_MILLISECONDS = { "the data folder": 5, "the chain node": 25 } as const;

/** Waits until a run has reached a milestone; false where it ended before. */
export async function reached(place: Pick<Place, "folder" | "settings">, run: Run, milestone: Milestone): Promise<boolean> {
  while (run.isRunning()) {
    if (await (milestone === "the data folder" ? holdsDatabase(place, run) : hasNode(place, run))) return true;
    await sleep(POLL_MILLISECONDS[milestone]);
  }
  return false;
}

async function holdsDatabase({ folder, settings }: Pick<Place, "folder" | "settings">, run: Run): Promise<boolean> {
  if ("DATABASE_URL" in settings) return true;
  const lock = await readFile(join(folder, "db", "lock"), "utf8").catch(() => "");
  return lock.includes(`"pid":${String(run.pid)},`);
}

async function hasNode({ folder }: Pick<Place, "folder">, run: Run): Promise<boolean> {
  return (await nodesOf(folder)).some(({ parent }) => parent === run.pid);
}
