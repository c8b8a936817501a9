import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { toHex } from "../../base/lib/bytes.ts";
import type { Randomness } from "../../base/lib/system.ts";

/**
 * Reads the 32-byte secret in a file that only its owner may read. Where there is none, a fresh one is placed
 * first, whole or not at all.
 */
export async function ensureSecret(path: string, randomness: Randomness): Promise<Uint8Array> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const kept = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (kept) return new Uint8Array(kept);
  const draft = `${path}.${toHex(randomness.bytes(8)).slice(2)}.draft`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(randomness.bytes(32));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Of several processes one places its secret, and all of them use that one.
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return new Uint8Array(await readFile(path));
}
