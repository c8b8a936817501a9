import { SECONDS_PER_DAY } from "../../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Bind, FieldReader, RowInHand } from "../fields/columns.ts";
import type { Mapper } from "./mapIdentity.ts";
import type { FieldRef } from "../schema/fieldSchema.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { numberBind } from "../fields/plainNumber.ts";
import { durationReader } from "../fields/durationReader.ts";
import { Refusal } from "../reasonCodes.ts";
import { rowZone, type Times } from "../fields/rowZone.ts";
import { exchangeDayAndMonth, timeParser } from "../fields/timeFormat.ts";

/** When the act began, as an instant. */
export function startMapper(profile: Profile, bind: Bind, corrections: Corrections): Mapper<UnixSeconds> {
  const { label, read } = timeReader(profile.time, profile.start, bind, corrections);
  const missing = new Refusal("field.missing", label);
  return (row) => read(row, 0) ?? missing;
}

/** When the act ended, or null where the row does not say and the profile allows it. */
export function endMapper(
  profile: Profile,
  bind: Bind,
  corrections: Corrections,
): (row: RowInHand, start: UnixSeconds) => UnixSeconds | null | Refusal {
  const { end } = profile;
  if (!end) return () => null;
  if ("columns" in end) {
    const { label, read } = timeReader(profile.time, end, bind, corrections);
    const missing = end.required ? new Refusal("time.end-missing", label) : null;
    if (!end.overMidnight) return (row) => read(row, 0) ?? missing;
    return (row, start) => {
      const sameDay = read(row, 0);
      return (
        (typeof sameDay === "number" && sameDay < start ? read(row, SECONDS_PER_DAY) : sameDay) ?? missing
      );
    };
  }
  const spelled = /^(?:milli)?seconds$|^minutes$|^hours$/.test(end.duration.unit);
  const reader = (spelled ? numberBind(profile, bind) : bind)(end.duration.column);
  const missing = end.required ? new Refusal("time.end-missing", reader.label) : null;
  const malformed = new Refusal("duration.malformed", reader.label);
  const secondsOf = durationReader(end.duration.unit);
  return (row, start) => {
    const text = reader.read(row);
    if (typeof text !== "string") return text;
    if (text === "") return missing;
    const seconds = secondsOf(text);
    return seconds === null ? malformed : ((start + seconds) as UnixSeconds);
  };
}

/** Whether day and month of the file's times are exchanged back, and whether a row's were. */
export interface Corrections {
  readonly exchange: boolean;
  /** Set where a time of the row in hand was corrected. */
  made: boolean;
}

/**
 * Reads columns joined by one space as one time, `later` seconds on the clock further; null where one of them
 * is empty.
 */
export function timeReader(
  time: Times,
  { columns, format: own }: { readonly columns: readonly FieldRef[]; readonly format?: string | null },
  bind: Bind,
  corrections: Corrections,
): { label: string; read: (row: RowInHand, later: number) => UnixSeconds | null | Refusal } {
  const parse = timeParser(own ?? time.format);
  const zoneAt = rowZone(time, bind);
  const readers = columns.map(bind);
  const label = readers.map((reader) => reader.label).join(" + ");
  const malformed = new Refusal("time.malformed", label);
  const refusals = {
    ambiguous: new Refusal("time.ambiguous", label),
    nonexistent: new Refusal("time.nonexistent", label),
  };
  const readRow = (row: RowInHand, later: number): UnixSeconds | null | Refusal => {
    let text = "";
    for (let i = 0; i < readers.length; i++) {
      const part = (readers[i] as FieldReader).read(row);
      if (typeof part !== "string") return part;
      if (part === "") return null;
      text = i === 0 ? part : `${text} ${part}`;
    }
    const read = parse(text);
    if (!read) return malformed;
    if (read.absolute) return read.seconds as UnixSeconds;
    const zone = zoneAt(row);
    if (!zone) return malformed;
    if (zone instanceof Refusal) return zone;
    const clock = corrections.exchange ? exchangeDayAndMonth(read.seconds) : read.seconds;
    if (clock !== read.seconds) corrections.made = true;
    const instant = zone(clock + later);
    return typeof instant === "number" ? instant : refusals[instant];
  };
  return { label, read: readRow };
}
