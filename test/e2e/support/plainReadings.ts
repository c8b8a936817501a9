import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { dataFile } from "./realData.ts";

/**
 * What an ingest must come to, computed from the file by other means: rows by code (`ok` for accepted), acts,
 * milligrams.
 */
export interface Plain {
  readonly codes: Record<string, number>;
  readonly milligrams: bigint;
}

type Row = Readonly<Record<string, string>>;
type Verdict = { readonly code: string } | { readonly micro: bigint };

export const tableOf = (path: string, delimiter = ","): Row[] =>
  parse(gunzipSync(readFileSync(dataFile(path))), {
    columns: true,
    bom: true,
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
  });

/** Sums verdicts: floor(millionths · tenths of a gram / 10,000) milligrams each. */
export function sum(verdicts: readonly Verdict[], tenthsOfGram: bigint): Plain {
  const codes: Record<string, number> = {};
  let milligrams = 0n;
  for (const verdict of verdicts) {
    const code = "code" in verdict ? verdict.code : "ok";
    codes[code] = (codes[code] ?? 0) + 1;
    if ("micro" in verdict) milligrams += (verdict.micro * tenthsOfGram) / 10_000n;
  }
  return { codes, milligrams };
}

/** Millionths of a plain decimal; further digits are dropped. */
export function millionths(text: string): bigint {
  const [whole = "", fraction = ""] = text.split(".");
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
}

/**
 * Metres between two places by the angle between their unit vectors (the sources use the haversine formula).
 */
export function metresBetween(a: readonly [number, number], b: readonly [number, number]): number {
  const vector = ([latitude, longitude]: readonly [number, number]): [number, number, number] => {
    const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  };
  const [u, v] = [vector(a), vector(b)];
  const cross = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]] as const;
  const dot = u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  return Math.floor(6_371_008.8 * Math.atan2(Math.hypot(...cross), dot));
}

/**
 * Instants at which a clock of the zone shows a time, by asking the platform about each offset that the zone
 * has around then.
 */
export function instantsOf(zone: string, wall: number): number[] {
  const shown = (instant: number): number => {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    }).formatToParts(instant * 1000);
    const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
    return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) / 1000;
  };
  const offsets = new Set([-86_400, 86_400].map((away) => shown(wall + away) - (wall + away)));
  return [...offsets].map((offset) => wall - offset).filter((instant) => shown(instant) === wall);
}

const newYork = new Map<number, number[]>();

export function plainPittsburgh(path: string): Plain {
  const stations = new Map(
    tableOf("bike/pgh-healthyridestations2017.csv.gz").map((row) => [
      row["Station #"],
      [Number(row["Latitude"]), Number(row["Longitude"])] as const,
    ]),
  );
  const wallOf = (text: string): number => {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = text.split(/[/ :]/).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute) / 1000;
  };
  const verdicts = tableOf(path).map((row): Verdict => {
    const [start, end] = ["Starttime", "Stoptime"].map((name) => {
      const wall = wallOf(row[name] ?? "");
      const found = newYork.get(wall) ?? instantsOf("America/New_York", wall);
      newYork.set(wall, found);
      return found;
    }) as [number[], number[]];
    if (start.length === 0 || end.length === 0) return { code: "time.nonexistent" };
    if (start.length > 1 || end.length > 1) return { code: "time.ambiguous" };
    const from = stations.get(row["From station id"]);
    const to = stations.get(row["To station id"]);
    if (!from || !to) return { code: "lookup.missing" };
    const metres = metresBetween(from, to);
    const seconds = (end[0] ?? 0) - (start[0] ?? 0);
    if (metres === 0) return { code: "quantity.zero" };
    if (seconds < 0) return { code: "time.end-before-start" };
    if (seconds > 10_800) return { code: "rule.too-long" };
    return metres * 3600 > 40_000 * seconds ? { code: "rule.too-fast" } : { micro: BigInt(metres) * 1000n };
  });
  return sum(verdicts, 933n);
}

/** Charging sessions as three plain columns; null: the row has none. */
export function plainCharging(
  sessions: readonly {
    readonly id: string;
    readonly seconds: number | null;
    readonly kWh: string;
    readonly refused?: boolean;
  }[],
  most: bigint,
): Plain {
  const seen = new Set<string>();
  return sum(
    sessions.map(({ id, seconds, kWh, refused }): Verdict => {
      if (seconds === null) return { code: "time.end-missing" };
      const micro = millionths(kWh);
      if (micro === 0n) return { code: "quantity.zero" };
      if (seconds < 0) return { code: "time.end-before-start" };
      if (refused === true) return { code: "rule.out-of-bounds" };
      if (micro > most) return { code: "quantity.too-large" };
      if (seen.has(id)) return { code: "duplicate.record-id" };
      seen.add(id);
      return { micro };
    }),
    4094n,
  );
}

/** Wh as kWh. */
export function fromWattHours(text: string): string {
  const [whole = "", fraction = ""] = text.split(".");
  const digits = whole.padStart(4, "0");
  return `${digits.slice(0, -3)}.${digits.slice(-3)}${fraction}`;
}

interface Tap {
  readonly card: string;
  readonly at: number;
  readonly kind: string;
  readonly station: string;
  readonly fare: string;
}

/** Shenzhen: taps of a card in order, stations by name, 78.4 g a passenger-km and 212.5 g a bus trip. */
export function plainShenzhen(exitsByFare: boolean): Plain & { acts: number } {
  const stations = new Map(
    tableOf("metro/shenzhen_stations_geo.csv.gz").map((row) => [
      (row["station"] ?? "").replace(/站$/, ""),
      [Number(row["lat"]), Number(row["lng"])] as const,
    ]),
  );
  const place = (name: string): readonly [number, number] | undefined =>
    stations.get(name.replace(/站$/, ""));
  const byCard = new Map<string, Tap[]>();
  const codes: Record<string, number> = {};
  let [milligrams, acts] = [0n, 0];
  const count = (code: string, rows: number): void => void (codes[code] = (codes[code] ?? 0) + rows);
  const accept = (micro: bigint, tenths: bigint, rows: number): void => {
    count("ok", rows);
    acts++;
    milligrams += (micro * tenths) / 10_000n;
  };
  for (const row of tableOf("metro/szt_card_data_2920000403601.csv.gz")) {
    const {
      deal_date: date = "",
      card_no: card = "",
      deal_type: kind = "",
      station = "",
      deal_value: fare = "",
    } = row;
    if (kind === "巴士") accept(1_000_000n, 2125n, 1);
    else
      byCard.set(card, [
        ...(byCard.get(card) ?? []),
        { card, at: Date.parse(`${date.replace(" ", "T")}Z`) / 1000, kind, station, fare },
      ]);
  }
  const leastKm: Readonly<Record<string, bigint>> = {
    200: 0n,
    300: 4n,
    400: 8n,
    500: 12n,
    600: 18n,
    700: 24n,
    800: 32n,
  };
  for (const taps of byCard.values()) {
    let open: Tap | null = null;
    for (const tap of taps.toSorted((a, b) => a.at - b.at)) {
      if (tap.kind === "地铁入站") {
        if (open) count("pair.entry-replaced", 1);
        open = tap;
      } else if (!open) {
        const km = exitsByFare ? (leastKm[tap.fare] ?? 0n) : -1n;
        if (km > 0n) accept(km * 1_000_000n, 784n, 1);
        else count(km === 0n ? "quantity.zero" : "pair.exit-without-entry", 1);
      } else {
        const [from, to] = [place(open.station), place(tap.station)];
        const metres = from && to ? metresBetween(from, to) : null;
        if (tap.at - open.at > 14_400) count("pair.too-long", 2);
        else if (metres === null) count("lookup.missing", 2);
        else if (metres === 0) count("quantity.zero", 2);
        else if (metres * 3600 > 80_000 * (tap.at - open.at)) count("rule.too-fast", 2);
        else accept(BigInt(metres) * 1000n, 784n, 2);
        open = null;
      }
    }
    if (open) count("pair.entry-without-exit", 1);
  }
  return { codes, milligrams, acts };
}

/** Half-hourly readings: months of a meter against the month a year before, 525 g a kWh. */
export function plainElectricity(): Plain & { acts: number } {
  const months = new Map<string, { rows: number; milli: bigint }>();
  const codes: Record<string, number> = {};
  const count = (code: string, rows: number): void =>
    void (rows > 0 && (codes[code] = (codes[code] ?? 0) + rows));
  for (const row of tableOf("power/sgsc_dev_6customers.csv.gz")) {
    const milli = millionths(row["general_supply_kwh"] ?? "");
    const name = `${row["customer_id"] ?? ""} ${(row["reading_datetime"] ?? "").slice(0, 7)}`;
    const month = months.get(name) ?? { rows: 0, milli: 0n };
    months.set(name, month);
    if (milli === 0n) count("reading.zero", 1);
    else {
      month.rows++;
      month.milli += milli;
    }
  }
  let [milligrams, acts] = [0n, 0];
  for (const [name, { rows, milli }] of months) {
    const [meter = "", month = ""] = name.split(" ");
    const [year, inYear] = month.split("-").map(Number) as [number, number];
    const halfHours = (of: number): number => new Date(Date.UTC(of, inYear, 0)).getUTCDate() * 48;
    const before = months.get(`${meter} ${String(year - 1)}-${month.slice(5)}`);
    const share = [BigInt(halfHours(year)), BigInt(Math.max(halfHours(year), halfHours(year - 1)))] as const;
    const baseline = before && before.rows > 0 ? (before.milli * share[0]) / share[1] : null;
    if (rows < halfHours(year)) count("baseline.gaps", rows);
    else if (baseline === null) count("baseline.missing", rows);
    else if (milli >= baseline) count("baseline.not-below", rows);
    else {
      count("ok", rows);
      acts++;
      milligrams += ((baseline - milli) * 5250n) / 10_000n;
    }
  }
  return { codes, milligrams, acts };
}
