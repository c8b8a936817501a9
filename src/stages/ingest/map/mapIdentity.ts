import { utcText } from "../../../base/lib/time/calendar.ts";
import { formatDecimal, MICRO_PLACES } from "../../../base/lib/decimal.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { MAX_RECORD_ID_BYTES } from "../../../format/v1/recordFields.ts";
import type { ClassList } from "../../../format/batch/classes/classLists.ts";
import type { Bind, FieldReader, RowInHand } from "../fields/columns.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { Refusal } from "../reasonCodes.ts";
import { identifierSpelling, isRounded, normalised } from "./identifierSpelling.ts";

/** One compiled part of a profile. */
export type Mapper<T> = (row: RowInHand) => T | Refusal;

const MAX_SUBJECT_BYTES = 256;
/** What a record id may be made of besides columns. */
export interface ActParts {
  readonly start: UnixSeconds;
  readonly end: UnixSeconds | null;
  readonly micro: number;
}

/**
 * The record id: the profile's columns, joined. `act` finishes it with parts of the act, in one spelling
 * whatever the file's was.
 */
export function recordIdMapper(
  { recordId: { columns, separator, allowEmpty, act: actParts } }: Profile,
  bind: Bind,
): { fromRow: Mapper<string>; withAct: ((id: string, act: ActParts) => string | Refusal) | null } {
  const readers = columns.map(bind);
  const label = readers.map((reader) => reader.label).join(" + ");
  const missing = new Refusal("field.missing", label);
  const malformed = new Refusal("record-id.malformed", label);
  const severalParts = readers.length + actParts.length > 1;
  const fromRow: Mapper<string> = (row) => {
    let id = "";
    let found = readers.length === 0;
    for (let i = 0; i < readers.length; i++) {
      const part = (readers[i] as FieldReader).read(row);
      if (typeof part !== "string") return part;
      if (part === "" && !allowEmpty) return missing;
      if ((severalParts && part.includes(separator)) || isRounded(part)) return malformed;
      found ||= part !== "";
      id = i === 0 ? part : id + separator + part;
    }
    if (!found) return missing;
    return normalised(id, "NFC", MAX_RECORD_ID_BYTES) ?? malformed;
  };
  if (actParts.length === 0) return { fromRow, withAct: null };
  const spell = {
    start: ({ start }: ActParts) => utcText(start),
    end: ({ end }: ActParts) => (end === null ? "-" : utcText(end)),
    quantity: ({ micro }: ActParts) => formatDecimal(BigInt(micro), MICRO_PLACES),
  };
  const withAct = (id: string, act: ActParts): string | Refusal => {
    const parts = actParts.map((part) => spell[part](act));
    return (
      normalised(
        [...(readers.length === 0 ? [] : [id]), ...parts].join(separator),
        "NFC",
        MAX_RECORD_ID_BYTES,
      ) ?? malformed
    );
  };
  return { fromRow, withAct };
}

/** The subject's identifier, or null where the row names none and the profile allows it. */
export function subjectMapper({ subject }: Profile, bind: Bind): Mapper<string | null> {
  if (!subject) return () => null;
  const reader = bind(subject.column);
  const spell = identifierSpelling(subject, MAX_SUBJECT_BYTES);
  const missing = new Refusal("subject.missing", reader.label);
  const malformed = new Refusal("subject.malformed", reader.label);
  return (row) => {
    const identifier = reader.read(row);
    if (typeof identifier !== "string") return identifier;
    if (identifier === "") return subject.required ? missing : null;
    return spell(identifier) ?? malformed;
  };
}

/** The scenario class of a row. */
export function scenarioMapper({ scenario }: Profile, bind: Bind, { classes }: ClassList): Mapper<string> {
  if ("constant" in scenario) return () => scenario.constant;
  const reader = bind(scenario.column);
  const missing = new Refusal("field.missing", reader.label);
  const unknown = new Refusal("scenario.unknown", reader.label);
  const words = new Map(
    scenario.map ? Object.entries(scenario.map) : classes.map(({ name }) => [name, name]),
  );
  return (row) => {
    const word = reader.read(row);
    if (typeof word !== "string") return word;
    return word === "" ? missing : (words.get(word.normalize("NFC")) ?? unknown);
  };
}
