import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { readBounded } from "../../base/lib/files/readBounded.ts";
import { MIB } from "../../base/lib/sizes.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import { decodeDeployment } from "../../format/onchain/deployment.ts";

/**
 * The deployment file, or null where there is none.
 * @throws UsageError `file.unreadable`; InputError as `decodeDeployment`
 */
export async function readDeployment(path: string): Promise<Deployment | null> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(path, MIB);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw fileUnreadable(`The deployment file ${path}`, cause);
  }
  return decodeDeployment(bytes);
}
