import { zoneOf } from "../../base/lib/zone.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { FieldReader, RowInHand } from "./columns.ts";
import type { Bind, Mapper } from "./mapIdentity.ts";
import type { FieldRef, Profile } from "./profileSchema.ts";
import { Refusal } from "./reasonCodes.ts";
import { timeParser } from "./timeFormat.ts";

/** When the act began, as an instant. */
export function startMapper(profile: Profile, bind: Bind): Mapper<UnixSeconds> {
  const { label, read } = timeReader(profile, profile.start.columns, bind);
  const missing = new Refusal("field.missing", label);
  return (row) => read(row) ?? missing;
}

/** When the act ended, or null where the row does not say and the profile allows it. */
export function endMapper(profile: Profile, bind: Bind): (row: RowInHand, start: UnixSeconds) => UnixSeconds | null | Refusal {
  const { end } = profile;
  if (!end) return () => null;
  if ("columns" in end) {
    const { label, read } = timeReader(profile, end.columns, bind);
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

/** Reads columns joined by one space as one time; null where one of them is empty. */
function timeReader(profile: Profile, columns: readonly FieldRef[], bind: Bind): { label: string; read: Mapper<UnixSeconds | null> } {
  const { format, zone: zoneName, ambiguous } = profile.time;
  const parse = timeParser(format);
  const zone = zoneName === null ? null : zoneOf(zoneName);
  const readers = columns.map(bind);
  const label = readers.map((reader) => reader.label).join(" + ");
  const malformed = new Refusal("time.malformed", label);
  const refusals = { ambiguous: new Refusal("time.ambiguous", label), nonexistent: new Refusal("time.nonexistent", label) };
  const read = (row: RowInHand): UnixSeconds | null | Refusal => {
    let text = "";
    for (let i = 0; i < readers.length; i++) {
      const part = (readers[i] as FieldReader).read(row);
      if (typeof part !== "string") return part;
      if (part === "") return null;
      text = i === 0 ? part : `${text} ${part}`;
    }
    const time = parse(text);
    if (!time) return malformed;
    if (time.absolute) return time.seconds as UnixSeconds;
    if (!zone) return malformed;
    const instant = zone.instantOf(time.seconds, ambiguous);
    return typeof instant === "number" ? instant : refusals[instant];
  };
  return { label, read };
}
