import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { shippedProfile } from "../../../src/stages/ingest/profile/shippedProfiles.ts";

/** The real files that tests know, by their profiles. */
const FILES: readonly (readonly [string, string])[] = [
  ["singapore-bikes", "bike/singapore_bike_trips_20170911.tsv.gz"],
  ["singapore-bikes", "bike/singapore_bike_trips_20170912.tsv.gz"],
  ["pittsburgh-bikes", "bike/pgh-healthyride-rentals-2015-q2.csv.gz"],
  ["pittsburgh-bikes", "bike/pgh-healthyride-rentals-2015-q4.csv.gz"],
  ["pittsburgh-bikes", "bike/pgh-healthyride-rentals-2016-q3.csv.gz"],
  ["pittsburgh-bikes", "bike/pgh-healthyride-rentals-2016-q4.csv.gz"],
  ["dundee-charging", "ev/dundee_060618-060918.csv.gz"],
  ["perth-charging-corrected", "ev/perth_2016-17.csv.gz"],
  ["paris-belib", "ev/paris_belib_apr.csv.gz"],
  ["acn-sessions", "ev/acn_office001.json.gz"],
  ["epfl-charging", "ev/epfl_level3_sessions.xlsx"],
  ["sgsc-electricity", "power/sgsc_dev_6customers.csv.gz"],
  ["shenzhen-taps-fare", "metro/szt_card_data_2920000403601.csv.gz"],
];

export interface RealFileResult {
  readonly file: string;
  readonly profile: string;
  readonly read: number;
  readonly accepted: number;
  /** Rows that plausibility refuses of those that the profile's own rules take, by code. */
  readonly implausible: Readonly<Record<string, number>>;
}

/**
 * Ingests each real file that is there and says what plausibility refuses beyond the profile's own rules,
 * which are asked first.
 */
export async function measureRealFiles(context: Context, folder: string): Promise<RealFileResult[]> {
  const results: RealFileResult[] = [];
  for (const [profile, file] of FILES.filter(([, path]) => existsSync(join(folder, path)))) {
    const { read, accepted, reasons } = await ingestFile(context, {
      file: join(folder, file),
      profile: shippedProfile(profile),
      rejectsFile: null,
      duplicatesFile: null,
      lookupFolder: null,
    });
    const implausible = Object.fromEntries(
      Object.entries(reasons).filter(([code]) => code.startsWith("plausibility.")),
    );
    results.push({ file, profile, read, accepted, implausible });
  }
  return results;
}
