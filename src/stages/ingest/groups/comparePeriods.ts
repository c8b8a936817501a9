import { SECONDS_PER_DAY } from "../../../base/lib/time/units.ts";
import type { Zone } from "../../../base/lib/time/zone.ts";

/** One reading of a meter: what was used in the interval that begins at `at`. */
export interface Reading {
  /** Unix seconds. */
  readonly at: number;
  /** Millionths of a kWh, > 0. */
  readonly micro: number;
}

/** A day or month of the calendar. */
export interface Period {
  /** 2013-06 or 2013-06-30. */
  readonly name: string;
  /** The same stretch one year before. */
  readonly yearBefore: string;
  /** Unix seconds, [start, end). */
  readonly start: number;
  readonly end: number;
}

/** A reading that was refused before its group was known: its period can't be complete. */
export interface Void {
  /** Unix seconds; within the period, as far as its text says. */
  readonly at: number;
}

/** The readings of one meter in one period. */
export interface MeterPeriod<T> {
  readonly period: Period;
  /** One an interval, in the order of time. */
  readonly readings: readonly T[];
  /** Intervals that the period has. */
  readonly intervals: number;
  /** Sum of the readings, millionths of a kWh. */
  readonly used: bigint;
  /**
   * What the meter read in the same period a year before, and not more than its share of as many intervals;
   * null where it read nothing.
   */
  readonly earlier: bigint | null;
  /** A reading of the period was refused, whatever refused it, so `used` may lack what it stood for. */
  readonly void: boolean;
}
export interface Refused<T> {
  readonly refused: T;
  readonly code: "reading.off-grid" | "reading.repeated";
}

/**
 * Sorts one meter's readings into periods of the zone's calendar. Of two readings for one interval the higher
 * counts. Whatever lacks in a baseline's year only lowers it, and a longer period (a leap year's February)
 * counts for its share, rounded down.
 * @param voids readings that were refused before
 */
export function comparePeriods<T extends Reading>(
  readings: readonly T[],
  { zone, everySeconds, period: kind }: { zone: Zone; everySeconds: number; period: "day" | "month" },
  voids: readonly Void[] = [],
): { periods: MeterPeriod<T>[]; refused: Refused<T>[] } {
  const refused: Refused<T>[] = [];
  // A day is one of the calendar, of 23 or 25 hours where the clock is changed.
  const clock = (at: number): number => (everySeconds === SECONDS_PER_DAY ? at + zone.offsetAt(at) : at);
  const incomplete = new Set(voids.map((one) => periodOf(zone, one.at, kind).name));
  const byName = new Map<string, { period: Period; byInterval: Map<number, T> }>();
  let current: Period | null = null;
  for (const reading of readings) {
    if (!current || reading.at < current.start || reading.at >= current.end)
      current = periodOf(zone, reading.at, kind);
    const found = byName.get(current.name) ?? { period: current, byInterval: new Map<number, T>() };
    byName.set(current.name, found);
    const offset = clock(reading.at) - clock(current.start);
    if (offset % everySeconds !== 0) {
      refused.push({ refused: reading, code: "reading.off-grid" });
      incomplete.add(current.name);
    } else {
      const other = found.byInterval.get(offset);
      if (!other || reading.micro > other.micro) found.byInterval.set(offset, reading);
      if (other)
        refused.push({ refused: reading.micro > other.micro ? other : reading, code: "reading.repeated" });
    }
  }
  const intervalsOf = ({ start, end }: Period): number =>
    Math.ceil((clock(end) - clock(start)) / everySeconds);
  const sums = new Map([...byName].map(([name, { byInterval }]) => [name, sumOf(byInterval.values())]));
  const periods = [...byName.values()].map(({ period, byInterval }) => {
    const intervals = intervalsOf(period);
    const before = byName.get(period.yearBefore);
    const sum = before && before.byInterval.size > 0 ? (sums.get(period.yearBefore) ?? 0n) : null;
    const share = before ? BigInt(Math.max(intervals, intervalsOf(before.period))) : 1n;
    const earlier = sum === null || !before ? null : (sum * BigInt(intervals)) / share;
    const ordered = [...byInterval.values()].toSorted((a, b) => a.at - b.at);
    const used = sums.get(period.name) ?? 0n;
    return { period, readings: ordered, intervals, used, earlier, void: incomplete.has(period.name) };
  });
  return { periods: periods.toSorted((a, b) => a.period.start - b.period.start), refused };
}

function sumOf(readings: Iterable<Reading>): bigint {
  let sum = 0n;
  for (const { micro } of readings) sum += BigInt(micro);
  return sum;
}

function periodOf(zone: Zone, at: number, kind: "day" | "month"): Period {
  const local = new Date((at + zone.offsetAt(at)) * 1000);
  const [year, month, day] = [
    local.getUTCFullYear(),
    local.getUTCMonth(),
    kind === "day" ? local.getUTCDate() : 1,
  ];
  const first = Date.UTC(year, month, day);
  const next = kind === "day" ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1);
  const length = kind === "day" ? 10 : 7;
  const name = new Date(first).toISOString().slice(0, length);
  const yearBefore = `${String(year - 1).padStart(4, "0")}${name.slice(4)}`;
  return { name, yearBefore, start: midnight(zone, first / 1000), end: midnight(zone, next / 1000) };
}

/** The first instant of a local day. Where the clock jumps over midnight, that is the end of the jump. */
function midnight(zone: Zone, wall: number): number {
  for (let at = wall; at < wall + SECONDS_PER_DAY; at += 900) {
    const instant = zone.instantOf(at, "earlier");
    if (typeof instant === "number") return instant;
  }
  return wall;
}
