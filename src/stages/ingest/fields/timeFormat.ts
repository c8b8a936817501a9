import { InputError } from "../../../base/errors/errors.ts";
import { SECONDS_PER_DAY } from "../../../base/lib/time/units.ts";
import { clockSeconds, isoTime, offsetSeconds } from "./isoTime.ts";

/**
 * What a time's text says: seconds since 1970, of UTC where the text carries an offset (`absolute`), else of
 * an unnamed clock.
 */
export interface ReadTime {
  readonly seconds: number;
  readonly absolute: boolean;
}
/** Null where the text does not match. Fractions of a second are dropped. */
export type TimeParser = (text: string) => ReadTime | null;

/** Digits of one field of a date, or -1. */
type Field = "year" | "month" | "day" | "hour" | "serviceHour" | "hour12" | "minute" | "second";
type Values = Record<Field | "offset" | "pm", number>;
/** Reads from `at`, sets what it found, returns where it stopped, or -1. */
type Step = (text: string, at: number, values: Values) => number;

const TOKENS = /'[^']*'|HH?\+|([A-Za-z])\1*|[^A-Za-z']/g;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FULL_MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
/** Halves of the day: am and pm, Chinese, Japanese, Korean. */
const HALVES: readonly (readonly [string, pm: 0 | 1])[] = [
  ["am", 0],
  ["a.m.", 0],
  ["pm", 1],
  ["p.m.", 1],
  ["上午", 0],
  ["下午", 1],
  ["午前", 0],
  ["午後", 1],
  ["오전", 0],
  ["오후", 1],
];
const CENTURY = 2000;
const HOURS_PER_DAY = 24;
/** Each doubles the patterns that are tried. */
const MAX_OPTIONS = 3;
/** Where spreadsheets begin to count days: 1899-12-30, right from 1 March 1900 on. */
const SPREADSHEET_EPOCH = -25_569;
/** Digits by which a count is finer than seconds. */
const UNIX_PLACES: Readonly<Record<string, number>> = {
  "unix-seconds": 0,
  "unix-milliseconds": 3,
  "unix-microseconds": 6,
  "unix-nanoseconds": 9,
};
const FIELDS: Readonly<Record<string, readonly [Field, least: number, most: number]>> = {
  yyyy: ["year", 4, 4],
  MM: ["month", 2, 2],
  M: ["month", 1, 2],
  dd: ["day", 2, 2],
  d: ["day", 1, 2],
  HH: ["hour", 2, 2],
  H: ["hour", 1, 2],
  "HH+": ["serviceHour", 2, 2],
  "H+": ["serviceHour", 1, 2],
  hh: ["hour12", 2, 2],
  h: ["hour12", 1, 2],
  mm: ["minute", 2, 2],
  m: ["minute", 1, 2],
  ss: ["second", 2, 2],
  s: ["second", 1, 2],
};
/**
 * The parser of a profile's time format:
 * - `unix-seconds`, `unix-milliseconds`, `unix-microseconds`, `unix-nanoseconds`: digits, with or without a
 *   fraction;
 * - `excel-days`: days since 1899-12-30 as spreadsheets count them, to the nearest second, of an unnamed
 *   clock;
 * - `iso`: `2018-09-06T23:55:00Z`, T or one space between; seconds, their fraction and the offset may be left
 *   out;
 * - a pattern of yyyy yy (of this century) MM M dd d HH H hh h HH+ H+ (hours of a service day, which go on
 *   to 47 past midnight: 25:10 is 01:10 by the clock of the next day) mm m ss s S (fraction, any length) a
 * (am or
 *   pm, 上午 or 下午) MMM (Jan) MMMM (January)
 *   EEE (weekday, not checked) X (Z, +08, +0800 or +08:00) z (letters of a zone, not read), 'literal text'
 *   and punctuation that stands for itself.
 *   What stands in [] may lack: `yyyy-MM-dd HH:mm[:ss]`.
 * 24:00:00 is the midnight at the end of the day.
 * @throws InputError `profile.time-format` for a pattern with anything else, or without a whole date
 */
export function timeParser(format: string): TimeParser {
  const places = Object.hasOwn(UNIX_PLACES, format) ? UNIX_PLACES[format] : undefined;
  if (places !== undefined) return (text) => unixTime(text, places);
  if (format === "excel-days") return spreadsheetTime;
  if (format === "iso") return isoTime;
  if ((format.match(/\[/g) ?? []).length > MAX_OPTIONS) throw badPattern(format);
  const variants = withOptions(format);
  // One [] inside another would be left standing.
  if (variants.some((variant) => /[[\]]/.test(variant.replaceAll(/'[^']*'/g, "")))) throw badPattern(format);
  const parsers = variants.map((variant) => patternParser(variant, format));
  const [only] = parsers;
  if (only && parsers.length === 1) return only;
  return (text) => {
    for (const parse of parsers) {
      const time = parse(text);
      if (time) return time;
    }
    return null;
  };
}

/** A pattern with and without what stands in each [], longest first. */
function withOptions(pattern: string): string[] {
  const match = /\[([^[\]']*)\]/.exec(pattern);
  if (!match) return [pattern];
  const [before, after] = [pattern.slice(0, match.index), pattern.slice(match.index + match[0].length)];
  const rest = withOptions(after);
  return [...rest.map((one) => before + (match[1] ?? "") + one), ...rest.map((one) => before + one)];
}

/** The clock reading with day and month exchanged where the day is at most 12; else the reading itself. */
export function exchangeDayAndMonth(seconds: number): number {
  const date = new Date(seconds * 1000);
  const day = date.getUTCDate();
  const month = date.getUTCMonth() + 1;
  return day > 12
    ? seconds
    : seconds +
        (Date.UTC(date.getUTCFullYear(), day - 1, month) - Date.UTC(date.getUTCFullYear(), month - 1, day)) /
          1000;
}

/** The format with day and month exchanged, or null where they stand in it as no digits. */
export function exchangedFormat(format: string): string | null {
  if (format === "iso") return "yyyy-dd-MM HH:mm:ss";
  if (format === "excel-days" || Object.hasOwn(UNIX_PLACES, format)) return null;
  const tokens = format.match(TOKENS) ?? [];
  const isDigits = (name: RegExp): boolean => tokens.some((token) => name.test(token));
  if (!isDigits(/^MM?$/) || !isDigits(/^dd?$/)) return null;
  return tokens
    .map((token) =>
      /^(?:MM?|dd?)$/.test(token) ? (token.startsWith("M") ? "d" : "M").repeat(token.length) : token,
    )
    .join("");
}

function unixTime(text: string, places: number): ReadTime | null {
  if (!/^[0-9]{1,19}(?:\.[0-9]{1,9})?$/.test(text)) return null;
  const dot = text.indexOf(".");
  const length = (dot < 0 ? text.length : dot) - places;
  const seconds = length <= 0 ? 0 : Number(text.slice(0, length));
  return seconds < 1e15 ? { seconds, absolute: true } : null;
}

function spreadsheetTime(text: string): ReadTime | null {
  if (!/^[0-9]{1,7}(?:\.[0-9]{1,20})?$/.test(text)) return null;
  const days = Number(text);
  return days > 2_958_466
    ? null
    : { seconds: Math.round(days * SECONDS_PER_DAY) + SPREADSHEET_EPOCH * SECONDS_PER_DAY, absolute: false };
}

function patternParser(pattern: string, whole: string): TimeParser {
  const steps = compile(pattern, whole);
  // One object for all rows: a parser is used by one reader, and a read ends before the next begins.
  const values: Values = {
    year: 0,
    month: 0,
    day: 0,
    hour: 0,
    serviceHour: 0,
    hour12: 0,
    minute: 0,
    second: 0,
    offset: Number.NaN,
    pm: -1,
  };
  return (text) => {
    values.hour = values.serviceHour = values.hour12 = values.minute = values.second = 0;
    values.offset = Number.NaN;
    values.pm = -1;
    let at = 0;
    for (const step of steps) {
      at = step(text, at, values);
      if (at < 0) return null;
    }
    return at === text.length ? assemble(values) : null;
  };
}

function compile(pattern: string, whole: string): Step[] {
  const steps: Step[] = [];
  const tokens = pattern.match(TOKENS) ?? [];
  for (const token of tokens) steps.push(stepOf(token, whole));
  const found = new Set<string>(tokens);
  const has = (...names: string[]): boolean => names.some((name) => found.has(name));
  const hours = [
    ["hh", "h"],
    ["HH", "H"],
    ["HH+", "H+"],
  ].filter((names) => has(...names));
  const clockFits = hours.length < 2 && has("hh", "h") === has("a");
  if (
    tokens.join("") !== pattern ||
    !has("yyyy", "yy") ||
    !has("MM", "M", "MMM", "MMMM") ||
    !has("dd", "d") ||
    !clockFits
  )
    throw badPattern(whole);
  return steps;
}

function stepOf(token: string, pattern: string): Step {
  const field = FIELDS[token];
  if (field) return digits(...field);
  if (token.startsWith("'")) return literal(token.slice(1, -1));
  if (token === "yy") return shortYear;
  if (token === "MMM") return monthName;
  if (token === "MMMM") return fullMonthName;
  if (token === "EEE" || token === "EEEE" || token === "z") return skipLetters;
  if (token === "a") return half;
  if (token === "X") return offset;
  if (token === "S") return skipDigits;
  if (/^[A-Za-z]/.test(token)) throw badPattern(pattern);
  return literal(token);
}

function digits(field: Field, least: number, most: number): Step {
  return (text, at, values) => {
    let value = 0;
    let read = 0;
    for (; read < most; read++) {
      const digit = text.charCodeAt(at + read) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
    }
    values[field] = value;
    return read < least ? -1 : at + read;
  };
}

function literal(wanted: string): Step {
  return (text, at) => (text.startsWith(wanted, at) ? at + wanted.length : -1);
}

function run(text: string, at: number, fits: RegExp): number {
  let end = at;
  while (end < text.length && fits.test(text[end] as string)) end++;
  return end === at ? -1 : end;
}
const skipLetters: Step = (text, at) => run(text, at, /[A-Za-z]/);
const skipDigits: Step = (text, at) => run(text, at, /[0-9]/);

function monthName(text: string, at: number, values: Values): number {
  values.month = MONTHS.indexOf(text.slice(at, at + 3).toLowerCase()) + 1;
  return values.month === 0 ? -1 : at + 3;
}

function fullMonthName(text: string, at: number, values: Values): number {
  const end = run(text, at, /[A-Za-z]/);
  values.month = end < 0 ? 0 : FULL_MONTHS.indexOf(text.slice(at, end).toLowerCase()) + 1;
  return values.month === 0 ? -1 : end;
}

const twoDigits = digits("year", 2, 2);
function shortYear(text: string, at: number, values: Values): number {
  const end = twoDigits(text, at, values);
  values.year += CENTURY;
  return end;
}

function half(text: string, at: number, values: Values): number {
  const rest = text.slice(at, at + 4).toLowerCase();
  const found = HALVES.find(([word]) => rest.startsWith(word));
  if (!found) return -1;
  values.pm = found[1];
  return at + found[0].length;
}

function offset(text: string, at: number, values: Values): number {
  const [spelled = ""] = /^(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)/.exec(text.slice(at, at + 6)) ?? [];
  values.offset = offsetSeconds(spelled, 0);
  return Number.isNaN(values.offset) ? -1 : at + spelled.length;
}

function assemble({
  year,
  month,
  day,
  hour: hour24,
  serviceHour,
  hour12,
  minute,
  second,
  pm,
  offset: east,
}: Values): ReadTime | null {
  if (pm >= 0 && (hour12 < 1 || hour12 > 12)) return null;
  const isPastMidnight = serviceHour >= HOURS_PER_DAY;
  const hour =
    pm >= 0 ? (hour12 % 12) + 12 * pm : hour24 + serviceHour - (isPastMidnight ? HOURS_PER_DAY : 0);
  const clock = clockSeconds(year, month, day, hour, minute, second) + (isPastMidnight ? SECONDS_PER_DAY : 0);
  if (Number.isNaN(clock)) return null;
  return Number.isNaN(east) ? { seconds: clock, absolute: false } : { seconds: clock - east, absolute: true };
}

function badPattern(pattern: string): InputError {
  return new InputError(
    "profile.time-format",
    `${JSON.stringify(pattern)} is no time format. Use unix-seconds (or -milliseconds, -microseconds, ` +
      "-nanoseconds), excel-days, iso, or a pattern such as dd/MM/yyyy HH:mm.",
  );
}
