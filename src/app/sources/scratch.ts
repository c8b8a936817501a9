import { mkdir, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import type { OpenScratch } from "../../stages/ingest/ports.ts";
import type { Config } from "../process/config.ts";

/** Scratch files in the data folder. */
export function scratchOf({ folder }: Pick<Config, "folder">): OpenScratch {
  return scratchIn(join(folder, "scratch"));
}

/**
 * Scratch files in a folder (the system's folder for temporary files where none is named). Each loses its
 * name as soon as it is open, so the system gives its room back even where the process is killed; where a
 * system can't do that, it is removed at the end.
 */
export function scratchIn(folder: string = tmpdir()): OpenScratch {
  return async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `microtonne-${randomUUID()}.scratch`);
    const file = await open(path, "wx+", 0o600);
    await rm(path).catch(() => undefined);
    let size = 0;
    return {
      get size() {
        return size;
      },
      async append(bytes) {
        for (let at = 0; at < bytes.length;) {
          const { bytesWritten } = await file.write(bytes, at, bytes.length - at, size);
          at += bytesWritten;
          size += bytesWritten;
        }
      },
      async read(position, length) {
        const wanted = Math.max(0, Math.min(length, size - position));
        const bytes = new Uint8Array(wanted);
        let at = 0;
        while (at < wanted) {
          const { bytesRead } = await file.read(bytes, at, wanted - at, position + at);
          if (bytesRead === 0) break;
          at += bytesRead;
        }
        return bytes.subarray(0, at);
      },
      async close() {
        await file.close();
        await rm(path, { force: true });
      },
    };
  };
}
