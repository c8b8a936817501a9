import { readFile, stat } from "node:fs/promises";
import { InputError } from "../../base/errors/errors.ts";
import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { toHex } from "../../base/lib/bytes.ts";
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
    const { size } = await stat(path);
    if (size > MAX_DOCUMENT_BYTES)
      throw new InputError("project.document", `A document has at most ${String(MAX_DOCUMENT_BYTES)} bytes.`);
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw fileUnreadable(`The document ${path}`, cause);
  }
  return toHex(keccak(bytes));
}
