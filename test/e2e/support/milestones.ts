import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { REJECTS_HEADER } from "../../../src/stages/ingest/rejectsCsv.ts";
import { heightOf, nodesOf, type ChainNode } from "./chainNodes.ts";
import type { Run } from "./commandLine.ts";
import type { Place } from "./newPlace.ts";

/** What shows from outside how far a command is, in the order in which a command gets there. */
export const MILESTONES = ["the data folder", "the first rows", "the chain node", "the next block"] as const;
export type Milestone = (typeof MILESTONES)[number];

type Folder = Pick<Place, "folder" | "settings">;
/** Returns, when asked again and again, whether it is so far. */
type Look = () => Promise<boolean>;

const LOOKS: Readonly<Record<Milestone, (place: Folder, run: Run) => Look>> = {
  "the data folder": (place, run) => () => holdsDatabase(place, run),
  "the first rows": (place, run) => () => hasStoredRows(place, run),
  "the chain node": (place, run) => async () => (await nodeOf(place, run)) !== undefined,
  "the next block": hasNextBlock,
};
const POLL_MILLISECONDS: Readonly<Record<Milestone, number>> = {
  "the data folder": 5,
  "the first rows": 3,
  "the chain node": 25,
  "the next block": 10,
};

/** Waits until a run has reached a milestone; false where it ended before. */
export async function reached(place: Folder, run: Run, milestone: Milestone): Promise<boolean> {
  const look = LOOKS[milestone](place, run);
  while (run.isRunning()) {
    if (await look()) return true;
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

/**
 * Rejected rows of a chunk are written once the chunk is stored; a file that an earlier run left is older
 * than this run.
 */
async function hasStoredRows({ folder }: Folder, run: Run): Promise<boolean> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".rejects.csv.part"));
  const files = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => null)));
  return files.some(
    (file) => file !== null && file.mtimeMs > run.startedAt && file.size > REJECTS_HEADER.length,
  );
}

/** The chain node that it has started; that of an earlier run has another parent. */
async function nodeOf({ folder }: Folder, run: Run): Promise<ChainNode | undefined> {
  return (await nodesOf(folder)).find(({ parent }) => parent === run.pid);
}

/** Its node has a block more than when the node was first heard of. */
function hasNextBlock(place: Folder, run: Run): Look {
  let node: ChainNode | undefined;
  let first: number | null = null;
  return async () => {
    node ??= await nodeOf(place, run);
    const height = node && (await heightOf(node));
    if (height === undefined || height === null) return false;
    first ??= height;
    return height > first;
  };
}
