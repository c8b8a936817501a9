import { UsageError } from "../../base/errors/errors.ts";
import {
  MILLISECONDS_PER_DAY,
  SECONDS_PER_DAY,
  SECONDS_PER_HOUR,
  SECONDS_PER_MINUTE,
} from "../../base/lib/time/units.ts";
import type { Day, UnixSeconds } from "../../base/types/quantities.ts";

/** Asia/Shanghai, without daylight saving since 1991. */
const OFFSET_SECONDS = 8 * SECONDS_PER_HOUR;
const FIRST_DAY = Date.UTC(1992, 0, 1) / MILLISECONDS_PER_DAY;
const LAST_DAY = Date.UTC(2099, 11, 30) / MILLISECONDS_PER_DAY;

const FIRST_HOUR = 5;
/**
 * Of a thousand acts, how many start in each hour from 5 o'clock on: two rush hours, nothing after 23
 * o'clock. Invented.
 */
const STARTS_PER_HOUR = [10, 40, 100, 110, 60, 45, 50, 55, 45, 45, 45, 60, 105, 100, 50, 40, 25, 15];

/** The clock on the wall of the generated city, on one calendar day and the next. */
export class CityClock {
  readonly #midnight: number;
  readonly #dates: readonly string[];

  /**
   * `day`: days since 1970-01-01 in Asia/Shanghai.
   * @throws UsageError `demo.day` outside 1992 to 2099
   */
  constructor(day: Day) {
    if (!Number.isInteger(day) || day < FIRST_DAY || day > LAST_DAY) {
      throw new UsageError("demo.day", "The day of a generated city must lie in the years 1992 to 2099.");
    }
    this.#midnight = day * SECONDS_PER_DAY - OFFSET_SECONDS;
    this.#dates = [0, 1].map((days) =>
      new Date((day + days) * MILLISECONDS_PER_DAY).toISOString().slice(0, 10),
    );
  }

  /**
   * The start at a place in the day's order of starts, 0 <= place < 1. Grows with the place; an eighth of all
   * starts spans over an hour.
   */
  startAt(place: number): UnixSeconds {
    let perMille = place * 1000;
    let hour = 0;
    let share = STARTS_PER_HOUR[hour] as number;
    while (perMille >= share && hour < STARTS_PER_HOUR.length - 1) {
      perMille -= share;
      share = STARTS_PER_HOUR[++hour] as number;
    }
    return (this.#midnight +
      (FIRST_HOUR + hour) * SECONDS_PER_HOUR +
      Math.min(Math.floor((perMille / share) * SECONDS_PER_HOUR), SECONDS_PER_HOUR - 1)) as UnixSeconds;
  }

  /** The instant at so many seconds after the midnight with which the day begins. */
  after(seconds: number): UnixSeconds {
    return (this.#midnight + seconds) as UnixSeconds;
  }

  /** `yyyy-MM-dd` of the day itself. */
  get date(): string {
    return this.#dates[0] as string;
  }

  /** `yyyy-MM-dd` on the city's clock. */
  dateOf(instant: UnixSeconds): string {
    return this.#dates[Math.floor((instant - this.#midnight) / SECONDS_PER_DAY)] as string;
  }

  /** `HH:mm:ss` on the city's clock. */
  timeOf(instant: UnixSeconds): string {
    const seconds = (instant - this.#midnight) % SECONDS_PER_DAY;
    const hours = Math.floor(seconds / SECONDS_PER_HOUR);
    const minutes = Math.floor(seconds / SECONDS_PER_MINUTE);
    return `${two(hours)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  }
}

function two(number: number): string {
  return number < 10 ? `0${String(number)}` : String(number);
}
