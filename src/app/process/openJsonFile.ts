import { open } from "node:fs/promises";
import { basename } from "node:path";
import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { MAX_JSON_FILE_BYTES } from "../../base/lib/json/parseJsonFile.ts";

/**
 * A file of JSON that a person wrote, with its name for sentences, never its path. Of one that is too large
 * the first bytes come back, one more than `parseJsonFile` takes. @throws UsageError `file.unreadable`
 */
export async function openJsonFile(
  path: string,
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const name = basename(path);
  try {
    const file = await open(path, "r");
    try {
      // One byte more than is allowed shows that it is too large; whatever else it holds stays unread.
      const bytes = new Uint8Array(MAX_JSON_FILE_BYTES + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === bytes.length) break;
      }
      return { name, bytes: bytes.subarray(0, length) };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileUnreadable(`The file ${path}`, cause);
  }
}
