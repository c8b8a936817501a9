import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cleanFolder, type HalfArchive } from "../../../src/adapters/archive/cleanFolder.ts";
import { archiveFolder } from "../../../src/adapters/archive/archiveFolder.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { halfArchiveState } from "../../../src/stages/pool/halfArchiveState.ts";
import { verifyArchive } from "../../../src/format/archive/verifyArchive.ts";

const CHILD = fileURLToPath(new URL("./support/writingChild.ts", import.meta.url));
/** 235 bundles, and tiles on two levels. */
const LEAVES = 60_000;
const IN_DAYS = (Math.floor(Date.now() / 1000) + 200_000) as UnixSeconds;

interface Cut {
  /** The line after which the writer is killed. */
  readonly after: string;
  readonly milliseconds: number;
}
/** Before, between and after its files, while they are synced and while the folder gets its name. */
const CUTS: readonly Cut[] = [
  { after: "begun", milliseconds: 0 },
  { after: "file 1", milliseconds: 0 },
  { after: "file 17", milliseconds: 1 },
  { after: "file 200", milliseconds: 0 },
  { after: "tile", milliseconds: 0 },
  { after: "leaves", milliseconds: 0 },
  ...[0, 2, 5, 12, 23, 40].map((milliseconds) => ({ after: "manifest", milliseconds })),
];

let folder: string;
let batchId: BatchId;
let whole: string;
beforeAll(async () => {
  whole = await mkdtemp(join(tmpdir(), "microtonne-whole-"));
  batchId = (await write(whole, null)).at(-1)?.replace("published ", "") as BatchId;
});
afterAll(() => rm(whole, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtonne-killed-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a writer of an archive that is killed", () => {
  it("has an uncut run to compare with, whose archive is right", async () => {
    expect(await readdir(whole)).toEqual([batchId.slice(2)]);
    const { manifest } = await verifyArchive(archiveFolder(whole).reader(batchId), batchId);
    expect(manifest.leafCount).toBe(LEAVES);
  });

  it.each(CUTS)("$milliseconds ms after '$after' leaves a whole archive or none", async (cut) => {
    await write(folder, cut);
    await expectWholeOrNone();
    // Again without cleaning, as the same close would.
    expect((await write(folder, null)).at(-1)).toBe(`published ${batchId}`);
    expect(await readdir(folder)).toEqual([batchId.slice(2)]);
    await verifyArchive(archiveFolder(folder).reader(batchId), batchId);
  });

  it("again and again leaves nothing that cleaning does not find", async () => {
    for (const cut of CUTS.filter(({ after }) => after !== "manifest")) await write(folder, cut);
    expect(await expectWholeOrNone()).toMatchObject([{ kind: "draft", state: "stale" }]);
    await cleanFolder(folder, {
      before: IN_DAYS,
      folders: true,
      dryRun: false,
      decideState: halfArchiveState,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it("is not cleaned away while it lives", async () => {
    const seen: HalfArchive[] = [];
    await write(folder, null, async (line) => {
      if (line !== "file 100") return;
      seen.push(
        ...(await cleanFolder(folder, {
          before: IN_DAYS,
          folders: true,
          dryRun: false,
          decideState: halfArchiveState,
        })),
      );
    });
    expect(seen).toMatchObject([{ kind: "draft", state: "locked" }]);
    await verifyArchive(archiveFolder(folder).reader(batchId), batchId);
  });
});

/** Returns what is half-written. */
async function expectWholeOrNone(): Promise<HalfArchive[]> {
  const half = await cleanFolder(folder, {
    before: IN_DAYS,
    folders: true,
    dryRun: true,
    decideState: halfArchiveState,
  });
  expect(half.filter(({ kind, state }) => kind === "folder" || state !== "stale")).toEqual([]);
  const listed = await archiveFolder(folder).list();
  for (const id of listed) await verifyArchive(archiveFolder(folder).reader(id), id);
  expect([[], [batchId]]).toContainEqual(listed);
  return half;
}

/** Runs a writer, killed where `cut` says so, and returns its lines. A listener that waits holds it up. */
async function write(
  place: string,
  cut: Cut | null,
  listener?: (line: string) => Promise<void>,
): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, place, String(LEAVES)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line === cut?.after) setTimeout(() => child.kill("SIGKILL"), cut.milliseconds);
    await listener?.(line);
  }
  await ended;
  return lines;
}
