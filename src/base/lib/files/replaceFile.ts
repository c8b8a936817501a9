import { rename, writeFile } from "node:fs/promises";

/**
 * Writes a file whole or not at all: whoever reads the path meanwhile finds what was there before.
 * @param mode of the file, for instance 0o600; the process's own where not given
 * @throws as the file system
 */
export async function replaceFile(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const fresh = `${path}.new`;
  await writeFile(fresh, content, { mode });
  await rename(fresh, path);
}
