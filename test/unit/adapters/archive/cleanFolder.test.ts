import { renameSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cleanFolder } from "../../../../src/adapters/archive/cleanFolder.ts";
import { archiveFolder } from "../../../../src/adapters/archive/archiveFolder.ts";
import { yieldToEventLoop } from "../../../../src/base/lib/yieldToEventLoop.ts";
import type { BatchId } from "../../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { halfArchiveState } from "../../../../src/stages/pool/halfArchiveState.ts";

const OLD = 1_000_000;
const LIMIT = 2_000_000 as UnixSeconds;
const [WHOLE, HALF] = ["aa".repeat(32), "bb".repeat(32)];
const options = { before: LIMIT, folders: true, dryRun: false, decideState: halfArchiveState };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtonne-clean-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("cleaning an archive folder", () => {
  it("removes drafts and folders without a manifest that are old, and nothing else", async () => {
    await place(`${WHOLE}/manifest.json`);
    await place(`${WHOLE}/leaves/000`);
    await place(`${HALF}/leaves/x001/000`);
    await place(".draft-0a1b/leaves/000");
    await place(".draft-0c/manifest.json");
    await place("notes.txt");
    await place("backup/leaves/000");
    const found = await cleanFolder(folder, options);
    expect(found).toEqual([
      half(".draft-0a1b", { kind: "draft" }),
      half(".draft-0c", { kind: "draft" }),
      half(HALF, { kind: "folder" }),
    ]);
    expect(await names()).toEqual([WHOLE, "backup", "notes.txt"].toSorted());
    expect(await readdir(join(folder, WHOLE))).toEqual(["leaves", "manifest.json"]);
    expect(await cleanFolder(folder, options)).toEqual([]);
  });

  it("leaves what was written to within the limit, wherever in it", async () => {
    await place(".draft-01/leaves/000");
    await place(".draft-01/leaves/001", LIMIT);
    await place(`${HALF}/leaves/000`, LIMIT);
    const found = await cleanFolder(folder, options);
    expect(found.map(({ state, changedAt }) => ({ state, changedAt }))).toEqual([
      { state: "young", changedAt: LIMIT },
      { state: "young", changedAt: LIMIT },
    ]);
    expect(await names()).toEqual([".draft-01", HALF]);
  });

  it("never touches a draft that is being written, however old it is", async () => {
    const draft = await archiveFolder(folder).draft("01");
    await draft.write("leaves/000", Uint8Array.of(1));
    await age(".draft-01/leaves/000", OLD);
    const [found] = await cleanFolder(folder, options);
    expect(found).toMatchObject({ state: "locked", kind: "draft" });
    expect(found?.lockedBy).toContain(`Process ${String(process.pid)}`);
    await draft.write("manifest.json", Uint8Array.of(2));
    await draft.publish(`0x${WHOLE}` as BatchId);
    expect(await names()).toEqual([WHOLE]);
    expect(await cleanFolder(folder, options)).toEqual([]);
  });

  it("removes a draft that its writer let go of, with its lock", async () => {
    const draft = await archiveFolder(folder).draft("01");
    await draft.write("leaves/000", Uint8Array.of(1));
    draft.close();
    await age(".draft-01/leaves/000", OLD);
    expect(await cleanFolder(folder, options)).toMatchObject([{ state: "stale" }]);
    expect(await names()).toEqual([]);
  });

  it("says with dryRun what it would do, and does nothing", async () => {
    await place(`${HALF}/leaves/000`);
    await place(".draft-01/leaves/000");
    await place(".trash-02/leaves/000");
    const before = await names();
    expect(await cleanFolder(folder, { ...options, dryRun: true })).toEqual([
      half(".draft-01", { kind: "draft" }),
      half(HALF, { kind: "folder" }),
    ]);
    expect(await names()).toEqual(before);
  });

  it("goes on where an earlier call was cut off", async () => {
    await place(`.trash-${HALF}/leaves/000`);
    await place(`${HALF}/leaves/001`);
    expect(await cleanFolder(folder, options)).toEqual([half(HALF, { kind: "folder" })]);
    expect(await names()).toEqual([]);
  });

  it("puts a whole archive back that an earlier call was cut off over, where its place is free", async () => {
    await place(`.trash-${WHOLE}/manifest.json`);
    await cleanFolder(folder, options);
    expect(await names()).toEqual([WHOLE]);
    await place(`.trash-${WHOLE}/manifest.json`);
    await cleanFolder(folder, options);
    expect(await names()).toEqual([WHOLE]);
  });

  it("does not lose what is published while it looks, at whatever turn of the event loop", async () => {
    let turns = 0;
    let meanwhile = true;
    // One turn later each time, until the call is over before the archive is published.
    for (; meanwhile; turns++) {
      await place(`${HALF}/leaves/000`);
      await place("staged/manifest.json");
      const cleaning = cleanFolder(folder, options);
      const state = { over: false };
      void cleaning.then(() => (state.over = true));
      for (let turn = 0; turn < turns && !state.over; turn++) await yieldToEventLoop();
      meanwhile = !state.over;
      const wasFirst = madeWay(HALF);
      renameSync(join(folder, "staged"), join(folder, HALF));
      // What was published before the call took its place is no half archive.
      expect(await cleaning, `turn ${String(turns)}`).toEqual(
        wasFirst ? [] : [half(HALF, { kind: "folder" })],
      );
      expect(await readdir(join(folder, HALF)), `turn ${String(turns)}`).toEqual(["manifest.json"]);
      await rm(join(folder, HALF), { recursive: true });
      expect(await names(), `turn ${String(turns)}`).toEqual([]);
    }
    expect(turns).toBeGreaterThan(10);
  });

  it("lets a whole archive that it holds take the place of half of one", async () => {
    await place(`.trash-${WHOLE}-1/manifest.json`);
    await place(`${WHOLE}/leaves/000`, LIMIT);
    await cleanFolder(folder, options);
    expect(await readdir(join(folder, WHOLE))).toEqual(["manifest.json"]);
    expect(await names()).toEqual([WHOLE]);
  });

  it("looks at drafts alone where asked to, and at nothing where there is no folder", async () => {
    await place(`${HALF}/leaves/000`);
    expect(await cleanFolder(folder, { ...options, folders: false })).toEqual([]);
    expect(await cleanFolder(join(folder, "none"), options)).toEqual([]);
    expect(await names()).toEqual([HALF]);
  });
});

const names = async (): Promise<string[]> => (await readdir(folder)).toSorted();

/** Removes a half archive in one step; false where it is gone already. */
function madeWay(name: string): boolean {
  const aside = `${folder}-aside`;
  try {
    renameSync(join(folder, name), aside);
  } catch {
    return false;
  }
  rmSync(aside, { recursive: true });
  return true;
}

function half(name: string, facts: { kind: "draft" | "folder" }) {
  return { path: join(folder, name), ...facts, bytes: 3, changedAt: OLD, state: "stale", lockedBy: null };
}

/** A file of three bytes. */
async function place(path: string, at = OLD): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), "abc");
  await age(path, at);
}

/** Sets when a file and the folders above it were last written. */
async function age(path: string, at: number): Promise<void> {
  for (let one = path; one !== "."; one = dirname(one)) await utimes(join(folder, one), at, at);
}
