import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { CHUNK_ROWS } from "../../../src/stages/ingest/readActivities.ts";
import { resolveProfile } from "../../../src/app/profiles/resolveProfile.ts";

/** One ride a person: nothing is known, nothing meets. */
function ride(number: number): string {
  const start = 1_750_194_002_000 + (number % 36_000) * 1_000;
  const id = String(number).padStart(9, "0");
  return `R20250618-${id}\tp${id}\tb1\t${String(start)}\t${String(start + 811_000)}\t3325\n`;
}

/**
 * Seconds that rides take, of which the first of every `every`-th chunk is known already; null: none.
 * @param profile that of the demo's bicycles
 */
export async function plantedSeconds(
  context: Context,
  folder: string,
  profile: string,
  records: number,
  every: number | null,
): Promise<number> {
  const request = { rejectsFile: null, duplicatesFile: null, lookupFolder: null };
  const known = join(folder, "known.tsv");
  await writeFile(known, ride(0));
  await ingestFile(context, { ...request, file: known, profile: await resolveProfile(profile) });
  const rows = Array.from({ length: records }, (_, i) => {
    const isPlanted = every !== null && i % (CHUNK_ROWS * every) === CHUNK_ROWS - 1;
    return ride(isPlanted ? 0 : i + 1);
  });
  const file = join(folder, "rides.tsv");
  await writeFile(file, rows.join(""));
  const start = process.hrtime.bigint();
  await ingestFile(context, { ...request, file, profile: await resolveProfile(profile) });
  return Number(process.hrtime.bigint() - start) / 1e9;
}
