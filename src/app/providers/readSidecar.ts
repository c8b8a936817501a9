import { readFile } from "node:fs/promises";
import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { sidecarOf } from "./signFile.ts";

/**
 * The bytes of a file's signature: of the sidecar that is named, else of the one beside the file; null where
 * there is none.
 * @param named null: look beside the file
 * @throws UsageError `file.unreadable`
 */
export async function readSidecar(file: string, named: string | null): Promise<Uint8Array | null> {
  if (named === null && file === "-") return null;
  const path = named ?? sidecarOf(file);
  return readFile(path).then(
    (bytes) => new Uint8Array(bytes),
    (cause: NodeJS.ErrnoException) => {
      if (named === null && cause.code === "ENOENT") return null;
      throw fileUnreadable(`The signature file ${path}`, cause);
    },
  );
}
