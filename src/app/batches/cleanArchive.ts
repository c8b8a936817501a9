import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { cleanFolder, type HalfArchive } from "../../adapters/archive/cleanFolder.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { halfArchiveState } from "../../stages/pool/halfArchiveState.ts";
import type { Context } from "../context.ts";

export type { HalfArchive } from "../../adapters/archive/cleanFolder.ts";

/**
 * Removes half-written archives of a data folder that nobody has written to for a while; opens no database,
 * so that it may run beside whatever works on the folder. Verifiers' copies are looked at too, their drafts
 * alone: a copy without its manifest would be missed by the verifier, and must be made whole by hand.
 */
export async function cleanArchive(
  { config, clock }: Pick<Context, "config" | "clock">,
  request: { readonly olderThanSeconds: number; readonly dryRun: boolean },
): Promise<HalfArchive[]> {
  const options = {
    before: (clock.now() - request.olderThanSeconds) as UnixSeconds,
    dryRun: request.dryRun,
    decideState: halfArchiveState,
  };
  const found = await cleanFolder(join(config.folder, "archive"), { ...options, folders: true });
  const verifiers = join(config.folder, "verifiers");
  const entries = await readdir(verifiers, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const verifier of entries.filter((entry) => entry.isDirectory()))
    found.push(...(await cleanFolder(join(verifiers, verifier.name), { ...options, folders: false })));
  return found;
}
