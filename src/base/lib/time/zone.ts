import { Temporal } from "temporal-polyfill";
import { InputError } from "../../errors/errors.ts";
import type { Day, UnixSeconds } from "../../types/quantities.ts";
import { SECONDS_PER_DAY } from "./units.ts";

/** Which of two instants a wall clock shows when it is set back; `reject` takes neither. */
export type AmbiguousTime = "earlier" | "later" | "reject";
/**
 * Why a wall-clock reading has no instant: the clock jumped over it, or shows it twice and `reject` was asked
 * for.
 */
export type WallClockRefusal = "nonexistent" | "ambiguous";

/** A stretch of time, [from, to) in unix seconds, with one offset from UTC in seconds. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** Offsets lie within 26 hours of each other; two days from a change of the clock nothing is in doubt. */
const SAFE_DISTANCE = 2 * SECONDS_PER_DAY;
/** The range of ECMAScript dates, in seconds. */
const MAX_INSTANT = 8.64e12;

/**
 * One IANA time zone. Asks the time-zone database once per stretch of equal offset, so a lookup costs a
 * comparison or two.
 */
export class Zone {
  readonly name: string;
  readonly #stretches: Stretch[] = [];
  #last: Stretch;

  /** @throws InputError `zone.unknown` */
  constructor(name: string) {
    if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(name)) throw unknownZone(name);
    this.name = name;
    try {
      this.#last = stretchAround(name, 0);
    } catch (cause) {
      throw unknownZone(name, cause);
    }
    this.#stretches.push(this.#last);
  }

  /** Offset from UTC in seconds, positive east, at an instant. */
  offsetAt(instant: number): number {
    return this.#stretchAt(instant).offset;
  }

  /**
   * The instant at which a clock in this zone shows `wall`, a reading counted as if it were UTC.
   * Readings that the clock jumps over are refused: nothing says which moment was meant.
   */
  instantOf(wall: number, ambiguous: AmbiguousTime): UnixSeconds | WallClockRefusal {
    const likely = this.#last;
    const guess = wall - likely.offset;
    if (guess >= likely.from + SAFE_DISTANCE && guess < likely.to - SAFE_DISTANCE)
      return guess as UnixSeconds;
    // Around a change of the clock: try the offsets before and after it.
    const before = wall - this.offsetAt(wall - SAFE_DISTANCE);
    const after = wall - this.offsetAt(wall + SAFE_DISTANCE);
    const beforeFits = before + this.offsetAt(before) === wall;
    const afterFits = after + this.offsetAt(after) === wall;
    if (beforeFits && afterFits && before !== after) {
      if (ambiguous === "reject") return "ambiguous";
      return (ambiguous === "earlier" ? Math.min(before, after) : Math.max(before, after)) as UnixSeconds;
    }
    if (beforeFits) return before as UnixSeconds;
    return afterFits ? (after as UnixSeconds) : "nonexistent";
  }

  /**
   * The instant of a reading that the clock jumped over, had it not been set forward: it lies within the
   * jump's length behind the jump. Other readings as the clock two days before would show them.
   */
  unchangedInstantOf(wall: number): UnixSeconds {
    return (wall - this.offsetAt(wall - SAFE_DISTANCE)) as UnixSeconds;
  }

  /**
   * The first instant at which a clock in this zone shows a day, given in days since 1970-01-01. Where the
   * clock jumps over midnight, the day begins with the jump, and a day that is left out whole begins as the
   * next one does; where the clock shows midnight twice, it is the first time.
   */
  startOf(day: number): UnixSeconds {
    const midnight = day * SECONDS_PER_DAY;
    const instant = this.instantOf(midnight, "earlier");
    if (typeof instant === "number") return instant;
    // By the offset before the jump, midnight lies in the stretch that the jump begins.
    return this.#stretchAt(midnight - this.offsetAt(midnight - SAFE_DISTANCE)).from as UnixSeconds;
  }

  #stretchAt(instant: number): Stretch {
    if (instant >= this.#last.from && instant < this.#last.to) return this.#last;
    let found = this.#stretches.find((stretch) => instant >= stretch.from && instant < stretch.to);
    if (!found) {
      found = stretchAround(this.name, instant);
      this.#stretches.push(found);
    }
    this.#last = found;
    return found;
  }
}

const zones = new Map<string, Zone>();

/** The zone of a name, shared by all who ask. @throws InputError `zone.unknown` */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = new Zone(name);
    zones.set(name, zone);
  }
  return zone;
}

/** The calendar day of an instant in an IANA zone. @throws InputError `zone.unknown` */
export function localDay(zone: string, instant: UnixSeconds): Day {
  return Math.floor((instant + zoneOf(zone).offsetAt(instant)) / SECONDS_PER_DAY) as Day;
}

/** The first instant of a day in an IANA zone, as `Zone.startOf`. @throws InputError `zone.unknown` */
export function dayStart(zone: string, day: number): UnixSeconds {
  return zoneOf(zone).startOf(day);
}

/** Version of the time-zone database behind all of this, e.g. "2026c"; manifests carry it. */
export function tzdataVersion(): string {
  return process.versions["tz"] ?? "unknown";
}

function stretchAround(name: string, instant: number): Stretch {
  const there = Temporal.Instant.fromEpochMilliseconds(instant * 1000).toZonedDateTimeISO(name);
  const next = there.getTimeZoneTransition("next");
  // "previous" looks strictly before; one nanosecond later it also finds a change at this very instant.
  const previous = there.add({ nanoseconds: 1 }).getTimeZoneTransition("previous");
  return {
    from: previous === null ? -MAX_INSTANT : Math.floor(previous.epochMilliseconds / 1000),
    to: next === null ? MAX_INSTANT : Math.floor(next.epochMilliseconds / 1000),
    offset: Math.round(there.offsetNanoseconds / 1e9),
  };
}

function unknownZone(name: string, cause?: unknown): InputError {
  return new InputError(
    "zone.unknown",
    `${JSON.stringify(name.slice(0, 60))} is no time zone of the IANA database; write for example ` +
      "Asia/Shanghai or UTC.",
    { cause },
  );
}
