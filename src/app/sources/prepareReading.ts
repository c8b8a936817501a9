import type { LookupShelf } from "../../stages/ingest/map/loadJoins.ts";
import type { OpenLookup } from "../../stages/ingest/map/loadTable.ts";
import { checkDateOrder, decideDates, type DateEvidence } from "../../stages/ingest/dates/checkDateOrder.ts";
import type { ReadOptions } from "../../stages/ingest/readActivities.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import type { Config } from "../process/config.ts";
import { capsOf } from "./capsOf.ts";
import { scratchOf } from "./scratch.ts";
import type { Source } from "./openSource.ts";

/** A profile's lookup files, and where their tables are kept between readings, if anywhere. */
export interface Lookups {
  readonly openLookup: OpenLookup;
  readonly shelf?: LookupShelf | undefined;
}

/** How a source is read, but for the time. */
export type Reading = Omit<ReadOptions, "now">;

/**
 * What every reading of a source needs: the settings' caps, scratch files in the data folder, the profile's
 * lookup files, and whether day and month are exchanged, for which a source that could have them so is read
 * once before.
 * @throws InputError as `checkDateOrder` and `decideDates`
 */
export async function prepareReading(
  config: Pick<Config, "folder" | "caps">,
  profile: Profile,
  source: Source,
  { openLookup, shelf }: Lookups,
): Promise<{ readonly reading: Reading; readonly dates: DateEvidence | null }> {
  const caps = capsOf(config);
  const openScratch = scratchOf(config);
  const dates = await checkDateOrder(profile, source, { openScratch, caps });
  const exchangeDates = decideDates(profile, dates);
  return { reading: { openLookup, shelf, openScratch, exchangeDates, caps }, dates };
}
