import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../base/errors/errors.ts";
import type { Day } from "../base/types/quantities.ts";
import { bikeFeed } from "./generate/bikeFeed.ts";
import { busFeed } from "./generate/busFeed.ts";
import { chanceOf } from "./generate/chanceOf.ts";
import { chargingFeed } from "./generate/chargingFeed.ts";
import { CityClock } from "./generate/cityClock.ts";
import type { City } from "./generate/feed.ts";
import { encodeGbk } from "./generate/encodeGbk.ts";
import { metroFeed } from "./generate/metroFeed.ts";
import { peopleOf } from "./generate/people.ts";
import { stationsOf } from "./generate/stationsOf.ts";
import { writeFeed } from "./generate/writeFeed.ts";
import { writePayments } from "./generate/writePayments.ts";
import { totalsOf, type CityDay } from "./cityDay.ts";

export interface CityDayRequest {
  /** Rows of all provider files together, 100 to 100,000,000. */
  readonly records: number;
  /** 32-bit integer. The same seed, records and day give the same bytes. */
  readonly seed: number;
  /** Is made where it does not exist; files of the same names are replaced. */
  readonly folder: string;
  /**
   * Day in Asia/Shanghai, in days since 1970-01-01. Acts of a day that is still to come are refused by
   * ingest.
   */
  readonly vintageDay: Day;
}

const MIN_ROWS = 100;
const MAX_ROWS = 100_000_000;
const LOOKUP_FILE = "stations.csv";
/** Of a hundred rows: metro, bus, bicycles, charging, payment app. */
const SHARES = [45, 25, 20, 8, 2] as const;

/**
 * Writes the files of five providers of one invented day in Wuhan, with repeated and spoiled rows among them,
 * and answers what was planted: what ingest must find when it reads the files in the order given, into an
 * empty store. Nothing in them is anybody's: people, stations and rides come out of the seed. Memory does not
 * grow with `records`.
 * @throws UsageError `demo.records`, `demo.seed`, `demo.day`
 */
export async function generateCityDay({
  records,
  seed,
  folder,
  vintageDay,
}: CityDayRequest): Promise<CityDay> {
  if (!Number.isInteger(records) || records < MIN_ROWS || records > MAX_ROWS) {
    throw new UsageError(
      "demo.records",
      `A generated day has ${String(MIN_ROWS)} to ${String(MAX_ROWS)} records, a whole number.`,
    );
  }
  if (seed !== (seed | 0))
    throw new UsageError("demo.seed", "The seed must be a whole number from -2147483648 to 2147483647.");
  const city = cityOf(seed, records, vintageDay);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, LOOKUP_FILE), encodeGbk(city.stations.lookup));
  const [metroRows, busRows, bikeRows, chargingRows, paymentRows] = shareOut(records);
  const metro = metroFeed(city);
  const bus = busFeed(city);
  const files = [
    await writeFeed(city, folder, metro, metroRows),
    await writeFeed(city, folder, bus, busRows),
    await writeFeed(city, folder, bikeFeed(city), bikeRows),
    await writeFeed(city, folder, chargingFeed(city), chargingRows),
    await writePayments(city, folder, paymentRows, { metro, metroRows, bus, busRows }),
  ];
  return { day: vintageDay, lookups: [join(folder, LOOKUP_FILE)], files, totals: totalsOf(files) };
}

function cityOf(seed: number, records: number, day: Day): City {
  const clock = new CityClock(day);
  const chance = chanceOf(seed, 0);
  return {
    seed,
    clock,
    people: peopleOf(records, chance.between(0, 99_999_999)),
    stations: stationsOf(chance),
  };
}

/** The shares rounded down, what is left over going to the first. */
function shareOut(records: number): [number, number, number, number, number] {
  const [metro, ...others] = SHARES.map((share) => Math.floor((records * share) / 100)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return [metro + records - others.reduce((sum, rows) => sum + rows, metro), ...others];
}
