import { exchangedFormat, timeParser } from "../fields/timeFormat.ts";
import { numberSpelling, type NumberSpelling } from "./numberSpelling.ts";

/** What a sample of one column's values shows. */
export interface ColumnFacts {
  readonly name: string;
  /** One a row, trimmed; empty where the row has none. */
  readonly values: readonly string[];
  /** Those that are not empty. */
  readonly filled: readonly string[];
  /** How many different ones there are. */
  readonly distinct: number;
  /** Every row has a value, and no two have the same. */
  readonly unique: boolean;
  /** All values are plain decimal numbers. */
  readonly numeric: boolean;
  /** How numbers are written here, plain or not; null where the values are no numbers. */
  readonly spelling: NumberSpelling | null;
  /** Formats that read every value as a whole point in time, best first. */
  readonly times: readonly string[];
  /** The times carry offsets, or are counts of seconds: no zone is needed. */
  readonly absolute: boolean;
  /** Formats that read every value as a date without a time. */
  readonly dates: readonly string[];
  /** Format of a time of day, or null. */
  readonly clock: string | null;
}

const DATES = [
  "yyyy-MM-dd",
  "yyyy-MM-dd'T00:00:00'",
  "yyyy/M/d",
  "yyyyMMdd",
  "dd/MM/yyyy",
  "MM/dd/yyyy",
  "d/M/yyyy",
  "M/d/yyyy",
  "dd.MM.yyyy",
  "dd-MM-yyyy",
  "MM-dd-yyyy",
  "dd MMM yyyy",
  "d MMMM yyyy",
  "MMMM d, yyyy",
  "MMM d, yyyy",
  "yyyy年M月d日",
  "M/d/yy",
  "d/M/yy",
  "dd.MM.yy",
];
const CLOCKS = [
  "HH:mm:ss",
  "HH:mm",
  "H:mm:ss",
  "H:mm",
  "hh:mm:ss a",
  "hh:mm a",
  "h:mm:ss a",
  "h:mm a",
  "ah:mm:ss",
  "a h:mm:ss",
  "ah:mm",
  "H时m分",
  "HHmmss",
];
const TIMES = [
  "iso",
  ...DATES.flatMap((date) => (date.includes("'") ? [] : CLOCKS.map((clock) => `${date} ${clock}`))),
  "yyyyMMddHHmmss",
  "EEE, dd MMM yyyy HH:mm:ss z",
  "EEE MMM d yyyy HH:mm:ss 'GMT'X (z)",
  "EEE MMM d HH:mm:ss z yyyy",
];
/** 2001 to 2100. */
const UNIX_SECONDS = /^[1-4]\d{9}(?:\.\d+)?$/;
const UNIX_MILLISECONDS = /^[1-4]\d{12}$/;
const UNIX_MICROSECONDS = /^[1-4]\d{15}$/;
const UNIX_NANOSECONDS = /^[1-4]\d{18}$/;
/** 2001 to 2091, as spreadsheets count days, with the time as a fraction. */
const SPREADSHEET_DAYS = /^(?:3[7-9]|[4-6]\d)\d{3}\.\d+$/;
const TIME_WORDS = /time|date|start|end|begin|时间|日期/;

const parsers = new Map<string, ReturnType<typeof timeParser>>();

/**
 * @param given one value a row, empty where a row has none
 * @param delimiter between the file's fields; null where it has none
 */
export function columnFacts(name: string, given: readonly string[], delimiter: string | null): ColumnFacts {
  const values = given.map((value) => value.trim());
  const filled = values.filter((value) => value !== "");
  const all = (fits: (value: string) => boolean): boolean => filled.length > 0 && filled.every(fits);
  const distinct = [...new Set(filled)];
  const reads = (format: string): boolean =>
    distinct.length > 0 && distinct.every((value) => readTime(format, value) !== null);
  // A date that is written as its midnight is a date.
  const midnights = all((value) => /[T ]00:00(?::00)?$/.test(value));
  const times = midnights ? [] : inOrder(TIMES.filter(reads), filled);
  if (all((value) => UNIX_MILLISECONDS.test(value))) times.unshift("unix-milliseconds");
  else if (all((value) => UNIX_MICROSECONDS.test(value))) times.unshift("unix-microseconds");
  else if (all((value) => UNIX_NANOSECONDS.test(value))) times.unshift("unix-nanoseconds");
  else if (TIME_WORDS.test(name.toLowerCase()) && all((value) => SPREADSHEET_DAYS.test(value)))
    times.unshift("excel-days");
  else if (all((value) => UNIX_SECONDS.test(value))) times.unshift("unix-seconds");
  const spelling = numberSpelling(filled, delimiter);
  return {
    name,
    values,
    filled,
    distinct: distinct.length,
    unique: filled.length === values.length && distinct.length === filled.length,
    numeric: spelling !== null && spelling.numbers === null && spelling.units === null,
    spelling,
    times,
    absolute:
      times[0] !== undefined &&
      filled.every((value) => parserOf(times[0] ?? "iso")(value)?.absolute === true),
    dates: inOrder(DATES.filter(reads), filled),
    clock:
      CLOCKS.find(
        (clock) =>
          distinct.length > 0 &&
          distinct.every((value) => readTime(`yyyy-MM-dd ${clock}`, `2000-01-01 ${value}`) !== null),
      ) ?? null,
  };
}

/**
 * Whether the values fit with day and month in either order, so that nothing in the sample says which is
 * meant.
 */
export function isAmbiguous(format: string, formats: readonly string[]): boolean {
  if (format === "iso" || format.startsWith("yyyy")) return false;
  const exchanged = exchangedFormat(format);
  return exchanged !== null && formats.includes(exchanged);
}

/**
 * Formats by how far the values jump to and fro under them: files are mostly in the order of time. Equal ones
 * stay as they are.
 */
function inOrder(formats: readonly string[], values: readonly string[]): string[] {
  const jumps = (format: string): number => {
    let sum = 0;
    let last: number | null = null;
    for (const value of values) {
      const seconds = readTime(format, value) ?? 0;
      sum += last === null ? 0 : Math.abs(seconds - last);
      last = seconds;
    }
    return sum;
  };
  return formats.length < 2
    ? [...formats]
    : formats
        .map((format) => ({ format, sum: jumps(format) }))
        .toSorted((a, b) => a.sum - b.sum)
        .map(({ format }) => format);
}

/** Seconds of a text under a format, or null. */
export function readTime(format: string, text: string): number | null {
  return parserOf(format)(text)?.seconds ?? null;
}

function parserOf(format: string): ReturnType<typeof timeParser> {
  let parser = parsers.get(format);
  if (!parser) {
    parser = timeParser(format);
    parsers.set(format, parser);
  }
  return parser;
}
