import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { UsageError } from "../../base/errors/errors.ts";
import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { KIB } from "../../base/lib/sizes.ts";
import { overCap } from "../../stages/ingest/caps.ts";
import type { Config } from "../process/config.ts";
import { scratchOf } from "./scratch.ts";

/** A provider's file that can be read again from its beginning. */
export interface Source {
  /** Bytes, or null where nobody knows. */
  readonly size: number | null;
  open(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/**
 * A file, or standard input (`-`). Standard input comes once; where it must be read twice, it is spooled
 * first.
 * @throws UsageError `file.unreadable`; InputError `input.over-cap`
 */
export async function openSource(
  config: Pick<Config, "folder" | "caps">,
  file: string,
  { twice }: { twice: boolean },
): Promise<Source> {
  const size = await sizeOfSource(file);
  const close = (): Promise<void> => Promise.resolve();
  if (file !== "-") return { size, open: () => createReadStream(file), close };
  if (!twice) return { size, open: () => process.stdin, close };
  const { inputBytes } = config.caps;
  const scratch = await scratchOf(config)();
  try {
    for await (const bytes of process.stdin as AsyncIterable<Uint8Array>) {
      await scratch.append(bytes);
      if (scratch.size > inputBytes) throw overCap("inputBytes", inputBytes);
    }
  } catch (error) {
    await scratch.close();
    throw error;
  }
  return {
    size: scratch.size,
    async *open() {
      for (let at = 0; at < scratch.size; at += PIECE) yield await scratch.read(at, PIECE);
    },
    close: () => scratch.close(),
  };
}

const PIECE = 256 * KIB;

/**
 * Bytes of a file; null for standard input, whose length nobody knows. @throws UsageError `file.unreadable`
 */
export async function sizeOfSource(file: string): Promise<number | null> {
  if (file === "-") return null;
  const found = await stat(file).catch((cause: unknown) => {
    throw fileUnreadable(file, cause);
  });
  if (!found.isFile())
    throw new UsageError("file.unreadable", `${file} can't be read: it is a folder, or no plain file.`);
  return found.size;
}
