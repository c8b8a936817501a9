import { InputError } from "../../base/errors/errors.ts";
import { clockSeconds, isoTime, offsetSeconds } from "./isoTime.ts";

/** What a time's text says: seconds since 1970, of UTC where the text carries an offset (`absolute`), else of an unnamed clock. */
export interface ReadTime {
  readonly seconds: number;
  readonly absolute: boolean;
}
/** Null where the text does not match. Fractions of a second are dropped. */
export type TimeParser = (text: string) => ReadTime | null;

/** Digits of one field of a date, or -1. */
type Field = "year" | "month" | "day" | "hour" | "hour12" | "minute" | "second";
type Values = Record<Field | "offset" | "pm", number>;
/** Reads from `at`, sets what it found, answers where it stopped, or -1. */
type Step = (text: string, at: number, values: Values) => number;

const TOKENS = /'[^']*'|([A-Za-z])\1*|[^A-Za-z']/g;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FIELDS: Readonly<Record<string, readonly [Field, least: number, most: number]>> = {
  yyyy: ["year", 4, 4],
  MM: ["month", 2, 2],
  M: ["month", 1, 2],
  dd: ["day", 2, 2],
  d: ["day", 1, 2],
  HH: ["hour", 2, 2],
  H: ["hour", 1, 2],
  hh: ["hour12", 2, 2],
  h: ["hour12", 1, 2],
  mm: ["minute", 2, 2],
  m: ["minute", 1, 2],
  ss: ["second", 2, 2],
  s: ["second", 1, 2],
};
/**
 * The parser of a profile's time format:
 * - `unix-seconds`, `unix-milliseconds`: digits, with or without a fraction;
 * - `iso`: `2018-09-06T23:55:00Z`, T or one space between; seconds, their fraction and the offset may be left out;
 * - a pattern of yyyy MM M dd d HH H hh h mm m ss s S (fraction, any length) a (am or pm) MMM (Jan) EEE (weekday, not checked)
 *   X (Z, +08, +0800 or +08:00) z (letters of a zone, not read), 'literal text' and punctuation that stands for itself.
 * @throws InputError `profile.time-format` for a pattern with anything else, or without a whole date
 */
export function timeParser(format: string): TimeParser {
  if (format === "unix-seconds") return (text) => unixTime(text, 1);
  if (format === "unix-milliseconds") return (text) => unixTime(text, 1000);
  return format === "iso" ? isoTime : patternParser(format);
}

/** The clock reading with day and month exchanged where the day is at most 12; else the reading itself. */
export function exchangeDayAndMonth(seconds: number): number {
  const date = new Date(seconds * 1000);
  const day = date.getUTCDate();
  const month = date.getUTCMonth() + 1;
  return day > 12
    ? seconds
    : seconds + (Date.UTC(date.getUTCFullYear(), day - 1, month) - Date.UTC(date.getUTCFullYear(), month - 1, day)) / 1000;
}

/** The format with day and month exchanged, or null where they stand in it as no digits. */
export function exchangedFormat(format: string): string | null {
  if (format === "iso") return "yyyy-dd-MM HH:mm:ss";
  const tokens = format.match(TOKENS) ?? [];
  const isDigits = (name: RegExp): boolean => tokens.some((token) => name.test(token));
  if (!isDigits(/^MM?$/) || !isDigits(/^dd?$/)) return null;
  return tokens.map((token) => (/^(?:MM?|dd?)$/.test(token) ? (token.startsWith("M") ? "d" : "M").repeat(token.length) : token)).join("");
}

function unixTime(text: string, perSecond: number): ReadTime | null {
  if (!/^[0-9]{1,15}(?:\.[0-9]{1,9})?$/.test(text)) return null;
  const dot = text.indexOf(".");
  const whole = Number(dot < 0 ? text : text.slice(0, dot));
  return { seconds: Math.floor(whole / perSecond), absolute: true };
}

function patternParser(pattern: string): TimeParser {
  const steps = compile(pattern);
  // One object for all rows: a parser is used by one reader, and a read ends before the next begins.
  const values: Values = { year: 0, month: 0, day: 0, hour: 0, hour12: 0, minute: 0, second: 0, offset: Number.NaN, pm: -1 };
  return (text) => {
    values.hour = values.hour12 = values.minute = values.second = 0;
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

function compile(pattern: string): Step[] {
  const steps: Step[] = [];
  const tokens = pattern.match(TOKENS) ?? [];
  for (const token of tokens) steps.push(stepOf(token, pattern));
  const found = new Set<string>(tokens);
  const has = (...names: string[]): boolean => names.some((name) => found.has(name));
  const clockFits = has("hh", "h") === has("a") && !(has("hh", "h") && has("HH", "H"));
  if (tokens.join("") !== pattern || !has("yyyy") || !has("MM", "M", "MMM") || !has("dd", "d") || !clockFits) throw badPattern(pattern);
  return steps;
}

function stepOf(token: string, pattern: string): Step {
  const field = FIELDS[token];
  if (field) return digits(...field);
  if (token.startsWith("'")) return literal(token.slice(1, -1));
  if (token === "MMM") return monthName;
  if (token === "EEE" || token === "z") return skipLetters;
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

function half(text: string, at: number, values: Values): number {
  const word = text.slice(at, at + 2).toLowerCase();
  values.pm = word === "pm" ? 1 : 0;
  return word === "am" || word === "pm" ? at + 2 : -1;
}

function offset(text: string, at: number, values: Values): number {
  const [spelled = ""] = /^(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)/.exec(text.slice(at, at + 6)) ?? [];
  values.offset = offsetSeconds(spelled, 0);
  return Number.isNaN(values.offset) ? -1 : at + spelled.length;
}

function assemble({ year, month, day, hour: hour24, hour12, minute, second, pm, offset: east }: Values): ReadTime | null {
  if (pm >= 0 && (hour12 < 1 || hour12 > 12)) return null;
  const clock = clockSeconds(year, month, day, pm < 0 ? hour24 : (hour12 % 12) + 12 * pm, minute, second);
  if (Number.isNaN(clock)) return null;
  return Number.isNaN(east) ? { seconds: clock, absolute: false } : { seconds: clock - east, absolute: true };
}

function badPattern(pattern: string): InputError {
  return new InputError(
    "profile.time-format",
    `${JSON.stringify(pattern)} is no time format. Use unix-seconds, unix-milliseconds, iso, or a pattern such as dd/MM/yyyy HH:mm.`,
  );
}
