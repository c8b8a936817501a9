import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { REJECTS_HEADER } from "../../../src/stages/ingest/rejectsCsv.ts";
import { nodesOf } from "./chainNodes.ts";
import type { Run } from "./commandLine.ts";
import type { Place } from "./gramPath.ts";

/** What shows from outside how far a command is, in the order in which a command gets there. */
export const MILESTONES = ["the data folder", "the first rows", "the chain node"] as const;
export type Milestone = (typeof MILESTONES)[number];

type Folder = Pick<Place, "folder" | "settings">;
type Look = (place: Folder, run: Run) => Promise<boolean>;

const LOOKS: Readonly<Record<Milestone, Look>> = {
  "the data folder": holdsDatabase,
  "the first rows": hasStoredRows,
  "the chain node": hasNode,
};
const POLL_MILLISECONDS: Readonly<Record<Milestone, number>> = { "the data folder": 5, "the first rows": 3, "the chain node": 25 };

/** Waits until a run has reached a milestone; false where it ended before. */
export async function reached(place: Folder, run: Run, milestone: Milestone): Promise<boolean> {
  while (run.isRunning()) {
    if (await LOOKS[milestone](place, run)) return true;
    await sleep(POLL_MILLISECONDS[milestone]);
  }
  return false;
}

/** It holds the lock of the embedded database; on Postgres it has only started. */
async function holdsDatabase({ folder, settings }: Folder, run: Run): Promise<boolean> {
  if ("DATABASE_URL" in settings) return true;
  const lock = await readFile(join(folder, "db", "lock"), "utf8").catch(() => "");
  return lock.includes(`"pid":${String(run.pid)},`);
}

/** Rejected rows of a chunk are written once the chunk is stored; a file that an earlier run left is older than this run. */
async function hasStoredRows({ folder }: Folder, run: Run): Promise<boolean> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".rejects.csv.part"));
  const files = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => null)));
  return files.some((file) => file !== null && file.mtimeMs > run.startedAt && file.size > REJECTS_HEADER.length);
}

/** It has started its chain node; that of an earlier run has another parent. */
async function hasNode({ folder }: Folder, run: Run): Promise<boolean> {
  return (await nodesOf(folder)).some(({ parent }) => parent === run.pid);
}
