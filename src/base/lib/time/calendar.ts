import type { Day } from "../../types/quantities.ts";
import { CALENDAR_DATE } from "../textPatterns.ts";
import { MILLISECONDS_PER_DAY, SECONDS_PER_DAY } from "./units.ts";

const MONTHS_PER_YEAR = 12;

/** UTC, ISO 8601, of unix seconds; far-off values that no calendar holds are shown as they are. */
export function utcText(seconds: number | bigint): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds.toString()} s` : date.toISOString().replace(".000Z", "Z");
}

/** Days since 1970-01-01 of `YYYY-MM-DD`; null for what is no day of the calendar from then on. */
export function parseDay(text: string): Day | null {
  if (!CALENDAR_DATE.test(text)) return null;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  // Engines differ on 31 February: some roll over. The way back must give the same text.
  if (!(milliseconds >= 0) || new Date(milliseconds).toISOString().slice(0, 10) !== text) return null;
  return (milliseconds / MILLISECONDS_PER_DAY) as Day;
}

/** `YYYY-MM-DD` of days since 1970-01-01. */
export function dayText(day: number): string {
  return utcText(day * SECONDS_PER_DAY).slice(0, 10);
}

/** UTC day of unix seconds, as days since 1970-01-01. */
export function utcDay(seconds: number): number {
  return Math.floor(seconds / SECONDS_PER_DAY);
}

/** Calendar year of a day. */
export function yearOfDay(day: Day): number {
  return new Date(day * MILLISECONDS_PER_DAY).getUTCFullYear();
}

/** 1 January of a calendar year. */
export function firstDayOf(year: number): Day {
  return (Date.UTC(year, 0, 1) / MILLISECONDS_PER_DAY) as Day;
}

/** Calendar months since 1970-01. */
export function monthOfDay(day: Day): number {
  const date = new Date(day * MILLISECONDS_PER_DAY);
  return (date.getUTCFullYear() - 1970) * MONTHS_PER_YEAR + date.getUTCMonth();
}

/** The first day of a month that is counted from 1970-01. */
export function firstDayOfMonth(month: number): Day {
  return (Date.UTC(1970, month, 1) / MILLISECONDS_PER_DAY) as Day;
}

/** `YYYY-MM` of months since 1970-01. */
export function monthText(month: number): string {
  return dayText(firstDayOfMonth(month)).slice(0, 7);
}
