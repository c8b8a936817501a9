import { zoneOf, type AmbiguousTime, type WallClockRefusal } from "../../../base/lib/time/zone.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Bind, RowInHand } from "./columns.ts";
import { offsetSeconds } from "./isoTime.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { Refusal } from "../reasonCodes.ts";

/** The instant of a clock reading in one zone. */
export type ClockReader = (wall: number) => UnixSeconds | WallClockRefusal;

/**
 * A file names few zones; past this many different words the others are unknown, so that none can fill the
 * memory.
 */
const MAX_WORDS = 1000;

/** The clock of a row's zone: null where the row names none and the profile has none either. */
export function rowZone(time: Profile["time"], bind: Bind): (row: RowInHand) => ClockReader | Refusal | null {
  const { ambiguous, zoneColumn } = time;
  const usual = time.zone === null ? null : clockIn(time.zone, ambiguous);
  if (!zoneColumn) return () => usual;
  const reader = bind(zoneColumn.column);
  const unknown = new Refusal("time.zone-unknown", reader.label);
  const known = new Map<string, ClockReader | Refusal>();
  const resolve = (word: string): ClockReader | Refusal => {
    const { map } = zoneColumn;
    const spelled = map && Object.hasOwn(map, word) ? (map[word] ?? word) : word;
    return clockOf(spelled, ambiguous) ?? unknown;
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
export function clockOf(spelled: string, ambiguous: AmbiguousTime): ClockReader | null {
  const utc = /^(?:UTC|GMT)(?:([+-])([0-9]{1,2})(?::?([0-9]{2}))?)?$/.exec(spelled);
  const offset = offsetSeconds(
    utc ? `${utc[1] ?? "+"}${(utc[2] ?? "0").padStart(2, "0")}:${utc[3] ?? "00"}` : spelled,
    0,
  );
  if (!Number.isNaN(offset)) return (wall) => (wall - offset) as UnixSeconds;
  try {
    return clockIn(spelled, ambiguous);
  } catch {
    return null;
  }
}

function clockIn(name: string, ambiguous: AmbiguousTime): ClockReader {
  const zone = zoneOf(name);
  return (wall) => zone.instantOf(wall, ambiguous);
}
