import { join } from "node:path";
import { closeBatch } from "../../src/app/batches/closeBatch.ts";
import type { Context } from "../../src/app/context.ts";
import { regionCode } from "../../src/base/lib/ids.ts";
import { MILLISECONDS_PER_DAY } from "../../src/base/lib/time/units.ts";
import type { Day } from "../../src/base/types/quantities.ts";
import type { CityDay } from "../../src/demo/cityDay.ts";
import { generateCityDay } from "../../src/demo/generateCityDay.ts";
import { ingestFile } from "../../src/app/ingest/ingestFile.ts";
import { resolveProfile } from "../../src/app/profiles/resolveProfile.ts";
import { inFreshPlace } from "./inFreshPlace.ts";
import { measureWithin, type Rate } from "./measure.ts";

/** A city's day of `records` ingested into a fresh database and closed, `rounds` times on each engine. */
export async function wholeClose(records: number, folder: string, rounds: number): Promise<Rate[]> {
  const day = await generateCityDay({
    records,
    seed: 1,
    folder: join(folder, "providers"),
    vintageDay: (Date.UTC(2025, 5, 18) / MILLISECONDS_PER_DAY) as Day,
  });
  const rates: Rate[] = [];
  for (const [engine, url] of engines()) {
    const name = `whole close on ${engine}`;
    rates.push(
      await measureWithin(name, rounds, (time) =>
        inFreshPlace(join(folder, engine), url, async (context) => {
          await ingestAll(context, day);
          await context.chain();
          await time(async () => {
            const request = { region: regionCode("WUHAN"), vintage: 2025 };
            return (await closeBatch(context, request)).leafCount;
          });
        }),
      ),
    );
  }
  return rates;
}

function engines(): [name: string, url: string | null][] {
  const server = process.env["TEST_DATABASE_URL"];
  return [["PGlite", null], ...(server === undefined ? [] : ([["Postgres", server]] as [string, string][]))];
}

async function ingestAll(context: Context, day: CityDay): Promise<void> {
  for (const { path, profile } of day.files) {
    await ingestFile(context, {
      file: path,
      profile: await resolveProfile(profile),
      rejectsFile: null,
      duplicatesFile: null,
      lookupFolder: null,
    });
  }
}
