import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { readBounded } from "../../base/lib/files/readBounded.ts";
import { MIB } from "../../base/lib/sizes.ts";
import { sidecarOf } from "./signFile.ts";

/** A statement and a signature; how many rows they are about makes no difference. */
const MAX_SIDECAR_BYTES = MIB;

/**
 * The bytes of a file's signature: of the sidecar that is named, else of the one beside the file; null where
 * there is none.
 * @param named null: look beside the file
 * @throws UsageError `file.unreadable`
 */
export async function readSidecar(file: string, named: string | null): Promise<Uint8Array | null> {
  if (named === null && file === "-") return null;
  const path = named ?? sidecarOf(file);
  try {
    return await readBounded(path, MAX_SIDECAR_BYTES);
  } catch (cause) {
    if (named === null && (cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw fileUnreadable(`The signature file ${path}`, cause);
  }
}
