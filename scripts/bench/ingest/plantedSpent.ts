import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { CHUNK_ROWS } from "../../../src/stages/ingest/readActivities.ts";
import { resolveProfile } from "../../../src/app/profiles/resolveProfile.ts";
import type { Sample } from "../measure.ts";

/** One ride a person: nothing is known, nothing meets. */
function ride(number: number): string {
  const start = 1_750_194_002_000 + (number % 36_000) * 1_000;
  const id = String(number).padStart(9, "0");
  return `R20250618-${id}\tp${id}\tb1\t${String(start)}\t${String(start + 811_000)}\t3325\n`;
}

/**
 * What rides take, of which one of every `every`-th chunk is known already; null: none.
 * @param profile that of the demo's bicycles
 */
export async function plantedSpent(
  context: Context,
  folder: string,
  profile: string,
  records: number,
  every: number | null,
  spentOn: (db: Database, work: () => Promise<void>) => Promise<Sample>,
): Promise<Sample> {
  const request = { rejectsFile: null, duplicatesFile: null, lookupFolder: null };
  const [known, file] = [join(folder, "known.tsv"), join(folder, "rides.tsv")];
  // Each another one, and from another process, so that this one remembers none of them.
  const isPlanted = (i: number): boolean => every !== null && i % (CHUNK_ROWS * every) === CHUNK_ROWS - 1;
  const numbers = Array.from({ length: records }, (_, i) => i);
  await writeFile(known, [records, ...numbers.filter(isPlanted)].map(ride).join(""));
  const other = { ...context, db: anotherProcess(context.db) };
  await ingestFile(other, { ...request, file: known, profile: await resolveProfile(profile) });
  await writeFile(file, numbers.map(ride).join(""));
  return spentOn(context.db, async () => {
    await ingestFile(context, { ...request, file, profile: await resolveProfile(profile) });
  });
}

/** As another process has it: the same database, of which this one remembers nothing. */
function anotherProcess(db: Database): Database {
  return new Proxy(db, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
