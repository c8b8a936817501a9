import { InputError } from "../../../base/errors/errors.ts";
import type { ColumnList, ColumnRef, FieldRef } from "../schema/fieldSchema.ts";
import { Refusal } from "../reasonCodes.ts";

/** Where the columns that a profile names stand in a row's fields. */
export interface ColumnIndex {
  /** @throws InputError `input.header` where the file has no such column */
  indexOf(ref: ColumnRef): number;
  /** What stands for an empty field; null: nothing but the empty text. */
  readonly empty: ReadonlySet<string> | null;
}

/** What a profile says of its file's columns as a whole. */
export interface ColumnWords {
  /** Other names of a column. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  readonly empty: readonly string[];
}
const NO_WORDS: ColumnWords = { aliases: {}, empty: [] };

/**
 * Columns of a delimited file, by the names of its header or of its profile. A name that is not there is
 * looked for under its aliases, and then without regard to capitals and white space, as one provider's files
 * differ in these.
 */
export function csvColumns(
  names: readonly string[],
  what: string,
  { aliases, empty }: ColumnWords = NO_WORDS,
): ColumnIndex {
  const trimmed = names.map((name) => name.trim().normalize("NFC"));
  const folded = trimmed.map(fold);
  const find = (name: string): number => {
    for (const [all, spell] of [[trimmed, (one: string) => one.trim()] as const, [folded, fold] as const]) {
      for (const wanted of [name, ...(Object.hasOwn(aliases, name) ? (aliases[name] ?? []) : [])].map(
        spell,
      )) {
        const index = all.indexOf(wanted);
        if (index >= 0 && all.lastIndexOf(wanted) !== index) {
          throw headerError(what, `two columns named ${labelOf(name)}; name it by its position`);
        }
        if (index >= 0) return index;
      }
    }
    return -1;
  };
  return {
    empty: wordSet(empty),
    indexOf(ref) {
      const index = typeof ref === "number" ? ref - 1 : find(ref);
      if (index < 0 || index >= names.length)
        throw headerError(what, `no column ${labelOf(ref)} among its ${String(names.length)} columns`);
      return index;
    },
  };
}

function fold(name: string): string {
  return name.trim().toLowerCase().replaceAll(/\s+/g, " ");
}

function wordSet(words: readonly string[]): ReadonlySet<string> | null {
  return words.length === 0 ? null : new Set(words);
}

/** Members of JSON rows: each one asked for becomes a field, in the order of `members`. */
export function jsonColumns({ empty }: ColumnWords = NO_WORDS): ColumnIndex & {
  readonly members: readonly ColumnRef[];
} {
  const members: ColumnRef[] = [];
  return {
    members,
    empty: wordSet(empty),
    indexOf(ref) {
      const known = members.indexOf(ref);
      return known >= 0 ? known : members.push(ref) - 1;
    },
  };
}

// The names that were found are not repeated: a file without the expected header shows its first row there.
function headerError(what: string, problem: string): InputError {
  return new InputError(
    "input.header",
    `The header of ${what} has ${problem}. Check that profile and file belong together.`,
  );
}

/** A row on its way through the profile: its fields, and per join the fields found for it. */
export interface RowInHand {
  fields: readonly string[];
  joined: (readonly string[])[];
}

/**
 * Reads one field of rows, trimmed. Returns a refusal where its bytes were not valid in the file's encoding.
 */
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
  const { empty } = columns;
  if (!empty) return { label, read: ({ fields }) => checked(fields[index] as string) };
  const read = ({ fields }: RowInHand): string | Refusal => {
    const value = checked(fields[index] as string);
    return typeof value === "string" && empty.has(value) ? "" : value;
  };
  return { label, read };
}

/** The references that a list of columns stands for. @throws InputError `input.header` */
export function listedColumns(list: ColumnList, columns: ColumnIndex): readonly FieldRef[] {
  if (Array.isArray(list)) return list;
  const [first, last] = [columns.indexOf(list.first), columns.indexOf(list.last)];
  if (last < first)
    throw headerError("the file", `the column ${labelOf(list.last)} before ${labelOf(list.first)}`);
  return Array.from({ length: last - first + 1 }, (_, at) => first + at + 1);
}

/** How a column is called in rejections and errors. */
export function labelOf(ref: FieldRef): string {
  if (typeof ref === "object") return `${ref.join}.${ref.field}`;
  return typeof ref === "number" ? `column ${String(ref)}` : ref;
}

/** Compiles one reference of the profile; bound to a file's columns and joins. */
export type Bind = (ref: FieldRef) => FieldReader;
