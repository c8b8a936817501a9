import { access, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { batchId } from "../../base/lib/ids.ts";
import { lockToProcess } from "../../base/lib/files/lockToProcess.ts";
import type { BatchId } from "../../base/types/ids.ts";
import { MANIFEST_PATH } from "../../format/archive/archiveLayout.ts";
import type { ArchiveSink } from "../../format/archive/archiveStream.ts";
import type { ArchiveSource } from "../../format/archive/readArchive.ts";
import { ARCHIVE_NAME, BEING_WRITTEN, DRAFT_PREFIX, draftLock } from "./archiveNames.ts";
import { folderReader } from "./folderReader.ts";

/** Files that are synced at a time. */
const SYNCS_AT_ONCE = 16;

/**
 * A batch's archive that is being written. Nothing of it is visible to readers before `publish`, and nothing
 * of it is safe from a power cut before that either.
 */
export interface ArchiveDraft extends ArchiveSink {
  /**
   * Syncs all files to the disk and moves the finished archive to its place under the batch's id. Where the
   * same archive is there already, the draft goes; what stands there without a manifest is half of one and
   * makes way.
   */
  publish(batchId: BatchId): Promise<void>;
  /**
   * Lets go of the draft; where it was not published, what is there stays and is half-written. Idempotent.
   */
  close(): void;
}

/**
 * Archives as folders on a disk, `<folder>/<batch id without 0x>/…`; drafts stand beside them as
 * `.draft-<name>`, each with a lock file of the process that writes it.
 */
export interface ArchiveFolder {
  /**
   * Starts an empty draft; one of the same name that a crash left is thrown away. @throws UnavailableError
   * `archive.locked` where somebody writes one of this name
   */
  draft(name: string): Promise<ArchiveDraft>;
  reader(batchId: BatchId): ArchiveSource;
  /** Where a batch's archive stands. */
  pathOf(batchId: BatchId): string;
  /** The batches whose archives are here, ascending. */
  list(): Promise<BatchId[]>;
}

export function archiveFolder(folder: string): ArchiveFolder {
  const pathOf = (id: BatchId) => join(folder, id.slice(2));
  return {
    pathOf,
    async list() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return [];
        throw error;
      });
      return names
        .filter((name) => ARCHIVE_NAME.test(name))
        .toSorted()
        .map((name) => batchId(`0x${name}`));
    },
    reader: (id) => folderReader(pathOf(id)),
    async draft(name) {
      const place = join(folder, `${DRAFT_PREFIX}${name}`);
      await mkdir(folder, { recursive: true });
      const close = once(await lockToProcess(draftLock(place), BEING_WRITTEN));
      try {
        await rm(place, { recursive: true, force: true });
        await mkdir(place);
      } catch (error) {
        close();
        throw error;
      }
      const written: string[] = [];
      const folders = new Set([place]);
      return {
        async write(path, bytes) {
          const file = join(place, path);
          await makeFolders(place, dirname(file), folders);
          await writeNew(file, bytes);
          written.push(file);
        },
        async publish(id) {
          // Synced in bulk: until the folder has its name nobody relies on any of its files.
          await syncAll(written);
          await syncAll([...folders]);
          await moveTo(place, pathOf(id));
          await syncPath(folder);
          close();
        },
        close,
      };
    },
  };
}

/** Another draft of the name may have begun since the first call. */
function once(release: () => void): () => void {
  let held = true;
  return () => {
    if (held) release();
    held = false;
  };
}

async function moveTo(place: string, target: string): Promise<void> {
  // The id is the hash of the content, so a whole archive that is there already holds the same bytes.
  if (!(await exists(join(target, MANIFEST_PATH)))) await rm(target, { recursive: true, force: true });
  try {
    await rename(place, target);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw cause;
    await rm(place, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw cause;
  }
}

/** Makes a folder of a draft and notes it and all between, so that each is made and synced once. */
async function makeFolders(place: string, folder: string, made: Set<string>): Promise<void> {
  if (made.has(folder)) return;
  await mkdir(folder, { recursive: true });
  for (let one = folder; one !== place; one = dirname(one)) made.add(one);
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}

async function syncAll(paths: readonly string[]): Promise<void> {
  const left = paths.values();
  const syncOneByOne = async (): Promise<void> => {
    for (const path of left) await syncPath(path);
  };
  await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, syncOneByOne));
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
