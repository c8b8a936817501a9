import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { CheckFailedError, InputError } from "../../base/errors/errors.ts";
import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { MAX_MANIFEST_BYTES } from "../../format/archive/archiveLayout.ts";
import type { ArchiveSource } from "../../format/archive/readArchive.ts";

/**
 * Reads an archive from any folder that holds one, a stranger's as well: nothing is waited for that is no
 * file, and no more is read than the file may have. Paths that lead outside of it are refused.
 *
 * `read` throws InputError `archive.path`, `archive.missing`, `archive.file` for what is no regular file,
 * CheckFailedError `archive.length` for a longer one, UsageError `file.unreadable`.
 */
export function folderReader(folder: string): ArchiveSource {
  return {
    async read(path, length = MAX_MANIFEST_BYTES) {
      if (!/^[a-z0-9][a-z0-9./]*$/.test(path) || path.includes("..")) {
        throw new InputError("archive.path", `${JSON.stringify(path)} is no path inside an archive.`);
      }
      const file = await openWithoutWaiting(folder, path);
      try {
        const status = await file.stat();
        if (!status.isFile()) throw notAFile(folder, path);
        if (status.size > length) {
          throw new CheckFailedError(
            "archive.length",
            `${path} has ${String(status.size)} bytes; it may have ${String(length)}.`,
          );
        }
        return await readAll(file, status.size);
      } finally {
        await file.close();
      }
    },
  };
}

/** A pipe that nobody writes to would be waited for without end. */
async function openWithoutWaiting(folder: string, path: string): Promise<FileHandle> {
  const place = join(folder, path);
  try {
    return await open(place, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new InputError(
        "archive.missing",
        `The archive in ${folder} has no file ${path}. Copy the whole folder of the batch.`,
        { cause },
      );
    }
    if (code === "ENXIO") throw notAFile(folder, path, cause);
    throw fileUnreadable(`The archive's file ${place}`, cause);
  }
}

/** What the file had when it was asked; whoever makes it longer meanwhile has nothing of it read. */
async function readAll(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await file.read(bytes, at, size - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

function notAFile(folder: string, path: string, cause?: unknown): InputError {
  return new InputError(
    "archive.file",
    `In the archive in ${folder}, ${path} is no regular file. Copy the whole folder of the batch, ` +
      "files alone.",
    { cause },
  );
}
