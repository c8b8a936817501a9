import { randomUUID } from "node:crypto";
import { access, lstat, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { UnavailableError } from "../../base/errors/errors.ts";
import { lockToProcess } from "../../base/lib/files/lockToProcess.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { MANIFEST_PATH } from "../../format/archive/archiveLayout.ts";
import type { DecideHalfArchive, HalfArchiveState } from "../../stages/pool/ports.ts";
import { ARCHIVE_NAME, BEING_WRITTEN, DRAFT_NAME, draftLock, TRASH_PREFIX } from "./archiveNames.ts";

const BATCH_DIGITS = 64;

/** A half-written archive. */
export interface HalfArchive {
  readonly path: string;
  /** A draft that was not published, or a batch's folder without its manifest. */
  readonly kind: "draft" | "folder";
  readonly bytes: number;
  /** When something in it was last written. */
  readonly changedAt: UnixSeconds;
  readonly state: HalfArchiveState;
  /** Where it is locked: by whom, and what to do about it. */
  readonly lockedBy: string | null;
}

export interface CleanOptions {
  /** What was written to since then is young. */
  readonly before: UnixSeconds;
  /** Whether batches' folders are looked at too, or drafts alone. */
  readonly folders: boolean;
  /** Nothing is removed. */
  readonly dryRun: boolean;
  readonly decideState: DecideHalfArchive;
}

/**
 * Finds the half-written archives in a folder of archives and removes the stale ones. A call that was cut off
 * leaves nothing that looks like an archive, and the next one goes on.
 */
export async function cleanFolder(folder: string, options: CleanOptions): Promise<HalfArchive[]> {
  // What an earlier call left on its way out, before anything else takes its name.
  if (!options.dryRun) await sweepAll(folder);
  const names = await namesIn(folder);
  const found: HalfArchive[] = [];
  for (const name of names) {
    const half = await lookAt(folder, name, options);
    if (half !== null) found.push(half);
  }
  if (!options.dryRun) await sweepAll(folder);
  return found;
}

/** What stands under a name, moved out of the way where it is stale; null where it is no half archive. */
async function lookAt(folder: string, name: string, options: CleanOptions): Promise<HalfArchive | null> {
  const path = join(folder, name);
  const kind = DRAFT_NAME.test(name) ? "draft" : "folder";
  if (kind === "folder") {
    const batch = options.folders && ARCHIVE_NAME.test(name);
    if (!batch || (await isWhole(path))) return null;
  }
  const content = await contentOf(path);
  if (content === null) return null;
  const stateWhere = (isLocked: boolean): HalfArchiveState =>
    options.decideState({ changedAt: content.changedAt, before: options.before, isLocked });
  const half: HalfArchive = { path, kind, ...content, state: stateWhere(false), lockedBy: null };
  if (half.state !== "stale") return half;
  const take = async (): Promise<HalfArchive | null> =>
    options.dryRun || (await moveOut(path, folder, name)) === "half" ? half : null;
  if (kind === "folder") return take();
  const lock = await lockOf(path);
  if (typeof lock === "string") return { ...half, state: stateWhere(true), lockedBy: lock };
  try {
    return await take();
  } finally {
    lock();
  }
}

/**
 * Under its new name, which is nobody else's, it is taken for no archive. It may have been published since it
 * was looked at: a draft is gone then, as is what another call has moved; and a batch's folder is the whole
 * archive, which goes back or, where there is another whole one by now, stays out.
 */
async function moveOut(path: string, folder: string, name: string): Promise<"whole" | "half" | "gone"> {
  const trash = join(folder, `${TRASH_PREFIX}${name.replace(/^\./, "")}-${randomUUID()}`);
  if (!(await renamed(path, trash))) return "gone";
  if (!ARCHIVE_NAME.test(name) || !(await isWhole(trash))) return "half";
  await putBack(trash, path);
  return "whole";
}

async function sweepAll(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) if (name.startsWith(TRASH_PREFIX)) await sweep(folder, name);
}

/** Removes what was moved out; a whole archive that a call was about to put back goes back first. */
async function sweep(folder: string, name: string): Promise<void> {
  const trash = join(folder, name);
  const batch = name.slice(TRASH_PREFIX.length, TRASH_PREFIX.length + BATCH_DIGITS);
  if (ARCHIVE_NAME.test(batch) && (await isWhole(trash))) await putBack(trash, join(folder, batch));
  await rm(trash, { recursive: true, force: true });
}

/** Where there is another whole one by now, it stays out; half of one makes way. */
async function putBack(trash: string, path: string): Promise<void> {
  for (;;) {
    try {
      // Where it is gone, another call has put it back.
      await renamed(trash, path);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    }
    if (await isWhole(path)) return;
    await rm(path, { recursive: true, force: true });
  }
}

/** False where there is nothing of the name. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Releases the lock; or, where somebody holds it, the sentence that says who. */
async function lockOf(draft: string): Promise<(() => void) | string> {
  try {
    return await lockToProcess(draftLock(draft), BEING_WRITTEN);
  } catch (error) {
    if (error instanceof UnavailableError && error.code === BEING_WRITTEN.code) return error.message;
    throw error;
  }
}

/** All bytes in a folder, and when it or something in it was last written; null where it is gone. */
async function contentOf(path: string): Promise<Pick<HalfArchive, "bytes" | "changedAt"> | null> {
  let [bytes, changedAt] = [0, 0];
  const add = async (place: string): Promise<void> => {
    const entry = await lstat(place);
    changedAt = Math.max(changedAt, Math.floor(entry.mtimeMs / 1000));
    if (entry.isDirectory()) for (const name of await readdir(place)) await add(join(place, name));
    else bytes += entry.size;
  };
  try {
    await add(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  return { bytes, changedAt: changedAt as UnixSeconds };
}

async function isWhole(folder: string): Promise<boolean> {
  return access(join(folder, MANIFEST_PATH)).then(
    () => true,
    () => false,
  );
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
