import { milligrams } from "../../base/lib/mass.ts";
import type { PlannedFile } from "../cityDay.ts";
import type { BusTrip } from "./busFeed.ts";
import type { Act, City, Feed } from "./feed.ts";
import type { MetroRide } from "./metroFeed.ts";
import { paymentAppFeed, paymentRows, planPayments, type CarriedRide } from "./paymentApp.ts";
import { planRows } from "./plannedRows.ts";
import { rowsOf } from "./rowsOf.ts";
import { countsOf, describe, textOf, withoutZeros } from "./writeFeed.ts";
import { writeRows } from "./writeRows.ts";

/** The feeds whose rides the app tells again, and the rows of their files. */
export interface Carriers<MetroParts, BusParts> {
  readonly metro: Feed<MetroRide, MetroParts>;
  readonly metroRows: number;
  readonly bus: Feed<BusTrip, BusParts>;
  readonly busRows: number;
}

/**
 * Writes the payment app's file. The carriers' rides are made once more for it, so that none need be kept in
 * memory.
 */
export async function writePayments<M, B>(
  city: City,
  folder: string,
  rows: number,
  carriers: Carriers<M, B>,
): Promise<PlannedFile> {
  const { metro, metroRows, bus, busRows } = carriers;
  const feed = paymentAppFeed(city);
  const plan = planPayments(rows);
  const carried = byTime(ridesOf(city, metro, metroRows, "metro"), ridesOf(city, bus, busRows, "bus"));
  const count = planRows(metro, metroRows).acts + planRows(bus, busRows).acts;
  let saved = 0n;
  function* lines(): Generator<string> {
    for (const { kind, act } of paymentRows(city, plan, carried, count)) {
      if (kind === "own") saved += BigInt(feed.milligramsDown(act));
      yield textOf(feed, act, kind);
    }
  }
  const described = describe(folder, feed);
  await writeRows({ ...feed, path: described.path }, lines());
  return {
    ...described,
    rows,
    planted: {
      accepted: plan.acts,
      rejected: countsOf(feed.flaws, plan.flaws),
      duplicates: withoutZeros({ "duplicate.activity-key": plan.toldAgain }),
    },
    aggregated: 0,
    milligrams: milligrams(saved),
  };
}

function* ridesOf<A extends Act, P>(
  city: City,
  feed: Feed<A, P>,
  rows: number,
  mode: CarriedRide["mode"],
): Generator<CarriedRide> {
  for (const { kind, act } of rowsOf(city, feed, planRows(feed, rows)))
    if (kind === "act") yield { ...act, mode };
}

/** Two sequences that are in order of time, as one. */
function* byTime(first: Iterator<CarriedRide>, second: Iterator<CarriedRide>): Generator<CarriedRide> {
  let a = first.next();
  let b = second.next();
  while (a.done !== true || b.done !== true) {
    if (b.done === true || (a.done !== true && a.value.startedAt <= b.value.startedAt)) {
      yield a.value as CarriedRide;
      a = first.next();
    } else {
      yield b.value;
      b = second.next();
    }
  }
}
