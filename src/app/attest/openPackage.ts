import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { InputError } from "../../base/errors/errors.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import type { ConfidentialLeaf } from "../../base/types/confidentialLeaf.ts";
import { decodeManifest } from "../../format/batch/manifest.ts";
import { decodeLeafLine } from "../../stages/attest/confidentialPackage.ts";

/** Leaves of a package are read in groups of this many, so that keys are asked for in bulk. */
const GROUP = 5_000;

/**
 * A package as a verifier reads it. @throws InputError `package.empty`, or as `decodeManifest`; while
 * its leaves are read, `package.malformed`
 */
export async function openPackage(
  path: string,
): Promise<{ manifestBytes: Uint8Array; leaves: AsyncIterable<ConfidentialLeaf[]> }> {
  const lines = createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) throw new InputError("package.empty", `${path} is empty.`);
  const manifestBytes = utf8(first.value);
  const { record } = decodeManifest(manifestBytes).schemas;
  async function* leaves(): AsyncIterable<ConfidentialLeaf[]> {
    let group: ConfidentialLeaf[] = [];
    let line = 1;
    for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
      group.push(decodeLeafLine(next.value, ++line, record));
      if (group.length === GROUP) {
        yield group;
        group = [];
      }
    }
    if (group.length > 0) yield group;
  }
  return { manifestBytes, leaves: leaves() };
}
