import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cleanArchive } from "../../../../src/app/batches/cleanArchive.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";

const NOW = 1_750_000_000;
const BATCH = "ab".repeat(32);
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "microtonne-clean-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with one file in it, both written so many seconds ago. */
const half = (path: string, age: number) => {
  const file = join(folder, path, "leaves");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "12345");
  for (const one of [file, dirname(file)]) utimesSync(one, NOW - age, NOW - age);
  return join(folder, path);
};
const clean = async (olderThanSeconds: number, dryRun = false) =>
  (
    await cleanArchive(
      { config: parseConfig({}, { folder }), clock: { now: () => NOW as UnixSeconds } },
      { olderThanSeconds, dryRun },
    )
  ).map(({ path, kind, state }) => ({ path, kind, state }));

describe("half-written archives", () => {
  it("are none in a folder without any", async () => {
    expect(await clean(0)).toEqual([]);
  });

  it("are removed once nobody has written to them for a while", async () => {
    const old = half("archive/.draft-0123456789abcdef", 100);
    const young = half("archive/.draft-fedcba9876543210", 10);
    expect(await clean(50)).toEqual([
      { path: old, kind: "draft", state: "stale" },
      { path: young, kind: "draft", state: "young" },
    ]);
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  it("are only told of in a rehearsal", async () => {
    const old = half(`archive/${BATCH}`, 100);
    expect(await clean(50, true)).toEqual([{ path: old, kind: "folder", state: "stale" }]);
    expect(existsSync(old)).toBe(true);
    await clean(50);
    expect(existsSync(old)).toBe(false);
  });

  it("of verifiers are drafts alone: a copy without its manifest stays to be made whole", async () => {
    const draft = half("verifiers/aa/.draft-0123456789abcdef", 100);
    const copy = half(`verifiers/aa/${BATCH}`, 100);
    writeFileSync(join(folder, "verifiers", "notes.txt"), "");
    expect(await clean(50)).toEqual([{ path: draft, kind: "draft", state: "stale" }]);
    expect([existsSync(draft), existsSync(copy)]).toEqual([false, true]);
  });

  it("are not looked for where the verifiers' folder can't be read", async () => {
    writeFileSync(join(folder, "verifiers"), "");
    await expect(clean(50)).rejects.toMatchObject({ code: "ENOTDIR" });
  });
});
