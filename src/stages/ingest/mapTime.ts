import { zoneOf } from "../../base/lib/zone.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { FieldReader, RowInHand } from "./columns.ts";
import type { Bind, Mapper } from "./mapIdentity.ts";
import type { FieldRef } from "./fieldSchema.ts";
import type { Profile } from "./profileSchema.ts";
import { Refusal } from "./reasonCodes.ts";
import { exchangeDayAndMonth, timeParser } from "./timeFormat.ts";

/** When the act began, as an instant. */
export function startMapper(profile: Profile, bind: Bind, corrections: Corrections): Mapper<UnixSeconds> {
  const { label, read } = timeReader(profile.time, profile.start, bind, corrections);
  const missing = new Refusal("field.missing", label);
  return (row) => read(row) ?? missing;
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
    return (row) => read(row) ?? missing;
  }
  const reader = bind(end.duration.column);
  const missing = end.required ? new Refusal("time.end-missing", reader.label) : null;
  const malformed = new Refusal("duration.malformed", reader.label);
  const seconds = { seconds: 1, minutes: 60, hours: 3600 }[end.duration.unit];
  return (row, start) => {
    const text = reader.read(row);
    if (typeof text !== "string") return text;
    if (text === "") return missing;
    if (!/^[0-9]{1,9}(?:\.[0-9]{1,18})?$/.test(text)) return malformed;
    return (start + Math.floor(Number(text) * seconds)) as UnixSeconds;
  };
}

/** Whether day and month of the file's times are exchanged back, and whether a row's were. */
export interface Corrections {
  readonly exchange: boolean;
  /** Set where a time of the row in hand was corrected. */
  made: boolean;
}

/** Reads columns joined by one space as one time; null where one of them is empty. */
export function timeReader(
  time: Profile["time"],
  { columns, format: own }: { readonly columns: readonly FieldRef[]; readonly format?: string | null },
  bind: Bind,
  corrections: Corrections,
): { label: string; read: Mapper<UnixSeconds | null> } {
  const { zone: zoneName, ambiguous } = time;
  const format = own ?? time.format;
  const parse = timeParser(format);
  const zone = zoneName === null ? null : zoneOf(zoneName);
  const readers = columns.map(bind);
  const label = readers.map((reader) => reader.label).join(" + ");
  const malformed = new Refusal("time.malformed", label);
  const refusals = { ambiguous: new Refusal("time.ambiguous", label), nonexistent: new Refusal("time.nonexistent", label) };
  const readRow = (row: RowInHand): UnixSeconds | null | Refusal => {
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
    if (!zone) return malformed;
    const clock = corrections.exchange ? exchangeDayAndMonth(read.seconds) : read.seconds;
    if (clock !== read.seconds) corrections.made = true;
    const instant = zone.instantOf(clock, ambiguous);
    return typeof instant === "number" ? instant : refusals[instant];
  };
  return { label, read: readRow };
}
