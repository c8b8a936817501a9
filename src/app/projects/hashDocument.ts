import { InputError } from "../../base/errors/errors.ts";
import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { toHex } from "../../base/lib/bytes.ts";
import { readBounded } from "../../base/lib/files/readBounded.ts";
import { MIB } from "../../base/lib/sizes.ts";
import type { Hex } from "../../base/types/ids.ts";
import { keccak } from "../../format/keccak.ts";

const MAX_DOCUMENT_BYTES = 64 * MIB;

/**
 * keccak-256 of a document's bytes: what stands for it in decisions and manifests. @throws UsageError
 * `file.unreadable`; InputError `project.document` for one that is far too large
 */
export async function hashDocument(path: string): Promise<Hex> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(path, MAX_DOCUMENT_BYTES);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EFBIG")
      throw new InputError("project.document", `A document has at most ${String(MAX_DOCUMENT_BYTES)} bytes.`);
    throw fileUnreadable(`The document ${path}`, cause);
  }
  return toHex(keccak(bytes));
}
