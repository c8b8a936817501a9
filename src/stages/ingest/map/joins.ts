import { InputError } from "../../../base/errors/errors.ts";
import type { IngestCaps } from "../caps.ts";
import {
  csvColumns,
  fieldReader,
  type ColumnIndex,
  type JoinIndex,
  type RowInHand,
} from "../fields/columns.ts";
import type { OpenScratch } from "../ports.ts";
import { readRows } from "../rows/readRows.ts";
import type { Join } from "../schema/profileSchema.ts";
import { Refusal } from "../reasonCodes.ts";

/** Between the parts of a key of several columns. */
const KEY_SEPARATOR = "|";

/** Opens a lookup file of a profile by its name; the caller decides where such files may lie. */
export type OpenLookup = (name: string) => AsyncIterable<Uint8Array>;

/** A lookup table in memory: key → its fields, in the order of `fields`. */
export interface LoadedJoin {
  readonly join: Join;
  readonly fields: readonly string[];
  readonly rows: ReadonlyMap<string, readonly string[]>;
}

/**
 * Loads a profile's lookup table, from the profile itself or from its file.
 * @throws InputError `lookup.malformed`, `lookup.ambiguous` where one key has two values, `input.over-cap`,
 * `input.header`
 */
export async function loadJoin(
  join: Join,
  openLookup: OpenLookup,
  openScratch: OpenScratch,
  caps: IngestCaps,
): Promise<LoadedJoin> {
  const rows = new Map<string, readonly string[]>();
  if (join.inline) {
    const fields = [...new Set(Object.values(join.inline).flatMap((entry) => Object.keys(entry)))];
    for (const [key, entry] of Object.entries(join.inline))
      add(
        rows,
        join,
        key,
        fields.map((field) => entry[field] ?? ""),
      );
    return { join, fields, rows };
  }
  const { file, key, fields: columns } = join;
  if (file === null || key === null || columns === null)
    throw new InputError("profile.reference", `The join ${join.name} is not complete.`);
  const bounded = { ...caps, inflatedBytes: caps.lookupBytes };
  let positions: { key: number[]; fields: number[] } | null = null;
  for await (const block of readRows(openLookup(file), join.format, bounded, [], openScratch)) {
    if (block.columns === null) throw new InputError("profile.reference", "A lookup file must be CSV.");
    positions ??= positionsIn(csvColumns(block.columns, `the lookup file ${file}`), key, columns);
    const { key: keyAt, fields: fieldsAt } = positions;
    for (const row of block.rows) {
      // A lost line of a lookup file would silently refuse every act that needs it.
      if (!row.fields)
        throw new InputError(
          "lookup.malformed",
          `Row ${String(rows.size + 1)} or later of the lookup file ${file} can't be read ` +
            `(${String(row.code)}).`,
        );
      add(
        rows,
        join,
        keyAt.map((at) => row.fields?.[at]?.trim() ?? "").join(KEY_SEPARATOR),
        fieldsAt.map((at) => row.fields?.[at]?.trim() ?? ""),
      );
      if (rows.size > caps.lookupRows)
        throw new InputError(
          "input.over-cap",
          `The lookup file ${file} goes over the cap lookupRows (${String(caps.lookupRows)}).`,
        );
    }
  }
  return { join, fields: Object.keys(columns), rows };
}

function positionsIn(
  index: ColumnIndex,
  key: Join["key"],
  columns: NonNullable<Join["fields"]>,
): { key: number[]; fields: number[] } {
  const keys = Array.isArray(key) ? key : [key ?? ""];
  return {
    key: keys.map((column) => index.indexOf(column)),
    fields: Object.values(columns).map((column) => index.indexOf(column)),
  };
}

function add(rows: Map<string, readonly string[]>, join: Join, key: string, fields: readonly string[]): void {
  const normal = normalKey(key, join.dropSuffix);
  const known = rows.get(normal);
  if (known && known.some((value, i) => value !== fields[i])) {
    throw new InputError(
      "lookup.ambiguous",
      `The lookup for the join ${join.name} gives two values for one key. Mend it so that each key ` +
        "stands once.",
    );
  }
  rows.set(normal, fields);
}

function normalKey(key: string, dropSuffix: string | null): string {
  const trimmed = key.trim().normalize("NFC");
  return dropSuffix !== null && trimmed.endsWith(dropSuffix) ? trimmed.slice(0, -dropSuffix.length) : trimmed;
}

/** Fields that a row comes with before any join: those of the entry tap, or of the period. */
export interface GivenFields {
  readonly name: string;
  readonly fields: readonly string[];
}

/** Where fields that come from joins are found; given ones stand first. */
export function joinIndex(joins: readonly LoadedJoin[], given: GivenFields | null): JoinIndex {
  const loaded = joins.map(({ join, fields }) => ({ name: join.name, fields }));
  const all: GivenFields[] = given ? [given, ...loaded] : loaded;
  return new Map(all.map(({ name, fields }, index) => [name, { index, fields }]));
}

/** Fills in what the joins find for a row; returns why a row has no match. */
export function joiner(
  joins: readonly LoadedJoin[],
  columns: ColumnIndex,
  index: JoinIndex,
): (row: RowInHand) => Refusal | null {
  const parts = joins.map(({ join, rows }) => {
    const reader = fieldReader(join.column, columns, index);
    const at = index.get(join.name)?.index ?? 0;
    const missing = join.missing === "reject" ? new Refusal("lookup.missing", reader.label) : null;
    return { reader, at, rows, dropSuffix: join.dropSuffix, missing };
  });
  return (row) => {
    for (const { reader, at, rows, dropSuffix, missing } of parts) {
      const key = reader.read(row);
      if (typeof key !== "string") return key;
      const found = rows.get(normalKey(key, dropSuffix));
      if (!found && missing) return missing;
      row.joined[at] = found ?? [];
    }
    return null;
  };
}
