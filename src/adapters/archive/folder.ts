import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../../base/errors/errors.ts";
import { batchId } from "../../base/lib/ids.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { ArchiveReader, ArchiveWriter } from "../../stages/pool/ports.ts";

/** A batch's archive that is being written. Nothing of it is visible to readers before `publish`. */
export interface ArchiveDraft extends ArchiveWriter {
  /**
   * Moves the finished archive to its place under the batch's id; where the same archive is there already,
   * the draft goes.
   */
  publish(batchId: BatchId): Promise<void>;
}

/**
 * Archives as folders on a disk, `<folder>/<batch id without 0x>/…`; drafts stand beside them as
 * `.draft-<name>`.
 */
export interface ArchiveFolder {
  /** Starts an empty draft; one of the same name that a crash left is thrown away. */
  draft(name: string): Promise<ArchiveDraft>;
  reader(batchId: BatchId): ArchiveReader;
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
        .filter((name) => /^[0-9a-f]{64}$/.test(name))
        .toSorted()
        .map((name) => batchId(`0x${name}`));
    },
    reader: (id) => folderReader(pathOf(id)),
    async draft(name) {
      const place = join(folder, `.draft-${name}`);
      await rm(place, { recursive: true, force: true });
      await mkdir(place, { recursive: true });
      return {
        write: (path, bytes) => writeDurably(join(place, path), bytes),
        async publish(id) {
          // The id is the hash of the content, so a folder that is there already holds the same bytes.
          try {
            await rename(place, pathOf(id));
            await syncPath(folder);
          } catch (cause) {
            const code = (cause as NodeJS.ErrnoException).code;
            if (code !== "ENOTEMPTY" && code !== "EEXIST") throw cause;
            await rm(place, { recursive: true, force: true });
          }
        },
      };
    },
  };
}

/** Reads an archive from any folder that holds one. Paths that lead outside of it are refused. */
export function folderReader(folder: string): ArchiveReader {
  return {
    async read(path) {
      if (!/^[a-z0-9][a-z0-9./]*$/.test(path) || path.includes("..")) {
        throw new InputError("archive.path", `${JSON.stringify(path)} is no path inside an archive.`);
      }
      try {
        return new Uint8Array(await readFile(join(folder, path)));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
          throw new InputError(
            "archive.missing",
            `The archive in ${folder} has no file ${path}. Copy the whole folder of the batch.`,
            {
              cause,
            },
          );
        }
        throw cause;
      }
    },
  };
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
