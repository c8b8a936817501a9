import type { Clock } from "../../base/lib/system.ts";
import { readActivities } from "../../stages/ingest/readActivities.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import type { Config } from "../process/config.ts";
import { capsOf } from "../sources/capsOf.ts";
import { openLookup } from "../sources/openLookup.ts";
import { openSource } from "../sources/openSource.ts";
import { scratchIn } from "../sources/scratch.ts";

const FIRST_ROWS = 100;

/**
 * Reads the beginning of a file by its profile, so that a wrong header, sheet or encoding is said before
 * anything is opened for it. Nothing of a file that comes once, or whose rows are put in order first.
 * @throws InputError as `readActivities`, UsageError `file.unreadable`
 */
export async function checkFirstRows(
  config: Pick<Config, "folder" | "caps">,
  clock: Clock,
  {
    file,
    profile,
    lookupFolder,
  }: { readonly file: string; readonly profile: Profile; readonly lookupFolder: string | null },
): Promise<void> {
  if (file === "-" || profile.pairing !== null || profile.readings !== null) return;
  const source = await openSource(config, file, { twice: false });
  try {
    const chunks = readActivities(profile, source.open(), {
      openLookup: (name) => openLookup(name, { file, folder: lookupFolder }),
      openScratch: scratchIn(),
      exchangeDates: false,
      caps: capsOf(config),
      now: clock.now(),
      chunkRows: FIRST_ROWS,
    });
    await chunks.next();
    await chunks.return(undefined);
  } finally {
    await source.close();
  }
}
