import { open } from "node:fs/promises";
import { UsageError } from "../../errors/errors.ts";

/**
 * Places a private key in a new file that only its owner may read, synced.
 * @throws UsageError `file.unwritable`, also where the file is there already
 */
export async function writeKeyFile(path: string, content: string | Uint8Array): Promise<void> {
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new UsageError(
      "file.unwritable",
      `${path} can't be written, or is there already. A key file is never overwritten.`,
      { cause },
    );
  }
}
