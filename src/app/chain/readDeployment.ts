import { readFile } from "node:fs/promises";
import type { Deployment } from "../../base/types/deployment.ts";
import { decodeDeployment } from "../../format/onchain/deployment.ts";

/** The deployment file, or null where there is none. @throws InputError as `decodeDeployment` */
export async function readDeployment(path: string): Promise<Deployment | null> {
  try {
    return decodeDeployment(new Uint8Array(await readFile(path)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
