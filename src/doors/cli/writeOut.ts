import { writeFile } from "node:fs/promises";
import { UsageError } from "../../base/errors/errors.ts";
import { fileFault } from "../../base/errors/fileFault.ts";

/**
 * Writes the file that a command was asked for; one that is there already is left alone without `force`.
 * @throws UsageError `file.exists`, `file.unwritable`
 */
export async function writeOut(
  path: string,
  content: Uint8Array | string,
  { force }: { readonly force: boolean },
): Promise<void> {
  try {
    await writeFile(path, content, { flag: force ? "w" : "wx" });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST")
      throw new UsageError(
        "file.exists",
        `${path} is there already, and was left as it is. Name another file, or give --force to write ` +
          "over it.",
        { cause },
      );
    // Of a file that is to be made, only its folder can be missing.
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const fault = missing ? ": its folder is not there" : fileFault(cause);
    throw new UsageError("file.unwritable", `${path} can't be written${fault}.`, { cause });
  }
}
