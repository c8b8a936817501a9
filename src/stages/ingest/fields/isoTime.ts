import { SECONDS_PER_HOUR, SECONDS_PER_MINUTE } from "../../../base/lib/time/units.ts";
import type { ReadTime } from "./timeFormat.ts";

/** Value of two digits at a position, or NaN. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

const MINUS = 45;
const PLUS = 43;

/**
 * A time of ISO 8601, `2018-09-06T23:55:00.123+08:00`: T or one space between; seconds, their fraction and
 * the offset may be left out; the offset may be Z, +08, +0800 or +08:00. Null for anything else. By position,
 * as every row of a file has two of them.
 */
export function isoTime(text: string): ReadTime | null {
  const separators =
    text[4] === "-" && text[7] === "-" && (text[10] === "T" || text[10] === " ") && text[13] === ":";
  if (!separators) return null;
  const [year, month, day] = [two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8)];
  const [hour, minute] = [two(text, 11), two(text, 14)];
  let second = 0;
  let at = 16;
  if (text[at] === ":") {
    second = two(text, at + 1);
    at += 3;
    if (text[at] === ".") at = endOfDigits(text, at + 1);
  }
  const clock = clockSeconds(year, month, day, hour, minute, second);
  const offset = at === text.length ? 0 : offsetSeconds(text, at);
  const seconds = clock - offset;
  return Number.isNaN(seconds) ? null : { seconds, absolute: at < text.length };
}

/**
 * Seconds since 1970 of a date and time as UTC, or NaN where there is no such date or time. 24:00:00 ends the
 * day (ISO 8601-1, 2019 amendment 1).
 */
export function clockSeconds(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number {
  const fits =
    month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && minute <= 59 && second <= 59;
  const inDay = hour <= 23 || (hour === 24 && minute === 0 && second === 0);
  return fits && inDay
    ? Date.UTC(year, month - 1, day) / 1000 + hour * SECONDS_PER_HOUR + minute * SECONDS_PER_MINUTE + second
    : Number.NaN;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Seconds east of UTC that the rest of the text from `at` stands for, or NaN. */
export function offsetSeconds(text: string, at: number): number {
  if (text[at] === "Z" && text.length === at + 1) return 0;
  const sign = text.charCodeAt(at);
  if (sign !== PLUS && sign !== MINUS) return Number.NaN;
  const hours = two(text, at + 1);
  const minutesAt = text[at + 3] === ":" ? at + 4 : at + 3;
  const minutes = text.length === at + 3 ? 0 : two(text, minutesAt);
  const whole = text.length === at + 3 || text.length === minutesAt + 2;
  return whole && hours <= 15 && minutes <= 59
    ? (sign === MINUS ? -1 : 1) * (hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE)
    : Number.NaN;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
  // A point without digits: a position that no offset fits at.
  return at === from ? text.length + 1 : at;
}
