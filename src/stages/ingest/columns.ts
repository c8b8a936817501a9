import { InputError } from "../../base/errors/errors.ts";
import type { ColumnRef, FieldRef } from "./fieldSchema.ts";
import { Refusal } from "./reasonCodes.ts";

/** Where the columns that a profile names stand in a row's fields. */
export interface ColumnIndex {
  /** @throws InputError `input.header` where the file has no such column */
  indexOf(ref: ColumnRef): number;
}

/** Columns of a delimited file, by the names of its header or of its profile. */
export function csvColumns(names: readonly string[], what: string): ColumnIndex {
  const trimmed = names.map((name) => name.trim().normalize("NFC"));
  return {
    indexOf(ref) {
      const index = typeof ref === "number" ? ref - 1 : trimmed.indexOf(ref.trim());
      if (index < 0 || index >= names.length)
        throw headerError(what, `no column ${labelOf(ref)} among its ${String(names.length)} columns`);
      if (typeof ref === "string" && trimmed.lastIndexOf(ref.trim()) !== index) {
        throw headerError(what, `two columns named ${labelOf(ref)}; name it by its position`);
      }
      return index;
    },
  };
}

/** Members of JSON rows: each one asked for becomes a field, in the order of `members`. */
export function jsonColumns(): ColumnIndex & { readonly members: readonly ColumnRef[] } {
  const members: ColumnRef[] = [];
  return {
    members,
    indexOf(ref) {
      const known = members.indexOf(ref);
      return known >= 0 ? known : members.push(ref) - 1;
    },
  };
}

// The names that were found are not repeated: a file without the expected header shows its first row there.
function headerError(what: string, problem: string): InputError {
  return new InputError("input.header", `The header of ${what} has ${problem}. Check that profile and file belong together.`);
}

/** A row on its way through the profile: its fields, and per join the fields found for it. */
export interface RowInHand {
  fields: readonly string[];
  joined: (readonly string[])[];
}

/** Reads one field of rows, trimmed. Answers a refusal where its bytes were not valid in the file's encoding. */
export interface FieldReader {
  /** What the provider calls it. */
  readonly label: string;
  read(row: RowInHand): string | Refusal;
}

/** Joins by name: where each stands in `RowInHand.joined`, and its fields in order. */
export type JoinIndex = ReadonlyMap<string, { readonly index: number; readonly fields: readonly string[] }>;

export function fieldReader(ref: FieldRef, columns: ColumnIndex, joins: JoinIndex): FieldReader {
  const label = labelOf(ref);
  const damaged = new Refusal("field.encoding", label);
  const checked = (value: string): string | Refusal => (value.includes("\uFFFD") ? damaged : value.trim());
  if (typeof ref === "object") {
    const join = joins.get(ref.join);
    if (!join) throw new InputError("profile.reference", `No join ${ref.join} is in the profile.`);
    const { index } = join;
    const field = join.fields.indexOf(ref.field);
    return { label, read: ({ joined }) => checked(joined[index]?.[field] ?? "") };
  }
  const index = columns.indexOf(ref);
  return { label, read: ({ fields }) => checked(fields[index] as string) };
}

/** How a column is called in rejections and errors. */
export function labelOf(ref: FieldRef): string {
  if (typeof ref === "object") return `${ref.join}.${ref.field}`;
  return typeof ref === "number" ? `column ${String(ref)}` : ref;
}
