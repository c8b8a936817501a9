import { zoneOf, type WallClockRefusal } from "../../../base/lib/time/zone.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Bind, RowInHand } from "./columns.ts";
import { offsetSeconds } from "./isoTime.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { Refusal } from "../reasonCodes.ts";

/**
 * What counts where a clock is changed. `in-order` reads as `earlier`: who knows the order of rows takes the
 * other one. `unchanged` places what the clock jumped over just behind the jump.
 */
export interface ClockChanges {
  readonly ambiguous: Profile["time"]["ambiguous"];
  readonly nonexistent: Profile["time"]["nonexistent"] | "unchanged";
}

/** How a file's times are to be read. */
export type Times = Omit<Profile["time"], keyof ClockChanges> & ClockChanges;

/** The instant of a clock reading in one zone. */
export type ClockReader = (wall: number) => UnixSeconds | WallClockRefusal;

/**
 * A file names few zones; past this many different words the others are unknown, so that none can fill the
 * memory.
 */
const MAX_WORDS = 1000;

/** The clock of a row's zone: null where the row names none and the profile has none either. */
export function rowZone(time: Times, bind: Bind): (row: RowInHand) => ClockReader | Refusal | null {
  const { zoneColumn } = time;
  const usual = time.zone === null ? null : clockIn(time.zone, time);
  if (!zoneColumn) return () => usual;
  const reader = bind(zoneColumn.column);
  const unknown = new Refusal("time.zone-unknown", reader.label);
  const known = new Map<string, ClockReader | Refusal>();
  const resolve = (word: string): ClockReader | Refusal => {
    const { map } = zoneColumn;
    const spelled = map && Object.hasOwn(map, word) ? (map[word] ?? word) : word;
    return clockOf(spelled, time) ?? unknown;
  };
  return (row) => {
    const word = reader.read(row);
    if (typeof word !== "string") return word;
    if (word === "") return usual;
    let clock = known.get(word);
    if (!clock) {
      if (known.size >= MAX_WORDS) return unknown;
      clock = resolve(word);
      known.set(word, clock);
    }
    return clock;
  };
}

/** The clock of an IANA zone or of an offset (`+08:00`, `UTC+8`, `Z`), or null where the text is none. */
export function clockOf(spelled: string, changes: ClockChanges): ClockReader | null {
  const utc = /^(?:UTC|GMT)(?:([+-])([0-9]{1,2})(?::?([0-9]{2}))?)?$/.exec(spelled);
  const offset = offsetSeconds(
    utc ? `${utc[1] ?? "+"}${(utc[2] ?? "0").padStart(2, "0")}:${utc[3] ?? "00"}` : spelled,
    0,
  );
  if (!Number.isNaN(offset)) return (wall) => (wall - offset) as UnixSeconds;
  try {
    return clockIn(spelled, changes);
  } catch {
    return null;
  }
}

function clockIn(name: string, { ambiguous, nonexistent }: ClockChanges): ClockReader {
  const zone = zoneOf(name);
  const counts = ambiguous === "in-order" ? "earlier" : ambiguous;
  if (nonexistent === "reject") return (wall) => zone.instantOf(wall, counts);
  return (wall) => {
    const instant = zone.instantOf(wall, counts);
    return instant === "nonexistent" ? zone.unchangedInstantOf(wall) : instant;
  };
}
