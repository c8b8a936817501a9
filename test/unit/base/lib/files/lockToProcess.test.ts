import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockToProcess, type Locked } from "../../../../../src/base/lib/files/lockToProcess.ts";

const LOCKED: Locked = { code: "x.locked", state: "the thing open", why: "One at a time." };
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "microtonne-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The lock of a process that has ended, as it would have left it. */
function deadHolder(): { pid: number; startedAt: string } {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const holder = { pid, startedAt: "1", boot: "another", host: hostname() };
  writeFileSync(path, JSON.stringify(holder));
  return holder;
}

describe("a lock of one process", () => {
  it("is refused while it is held, naming holder and file, and free afterwards", async () => {
    const unlock = await lockToProcess(path, LOCKED);
    await expect(lockToProcess(path, LOCKED)).rejects.toMatchObject({ code: "x.locked" });
    await expect(lockToProcess(path, LOCKED)).rejects.toThrow(
      `Process ${String(process.pid)} has the thing open (lock file ${path}). One at a time.`,
    );
    unlock();
    expect(existsSync(path)).toBe(false);
    (await lockToProcess(path, LOCKED))();
  });

  it("is taken over from a process that is gone", async () => {
    deadHolder();
    const unlock = await lockToProcess(path, LOCKED);
    await expect(lockToProcess(path, LOCKED)).rejects.toThrow(`Process ${String(process.pid)} `);
    unlock();
  });

  it("is taken over even where a process was killed in the middle of a takeover", async () => {
    const { pid, startedAt } = deadHolder();
    const guard = `${path}.takeover-${String(pid)}-${startedAt}`;
    mkdirSync(guard);
    utimesSync(guard, 1, 1);
    (await lockToProcess(path, LOCKED))();
    expect(existsSync(guard)).toBe(false);
  });

  it("is not taken over where another process is doing just that", async () => {
    const { pid, startedAt } = deadHolder();
    mkdirSync(`${path}.takeover-${String(pid)}-${startedAt}`);
    await expect(lockToProcess(path, LOCKED)).rejects.toMatchObject({ code: "x.locked" });
  });

  it("asks for a human where the file names nobody", async () => {
    writeFileSync(path, "?");
    await expect(lockToProcess(path, LOCKED)).rejects.toThrow("names no process");
  });
});
