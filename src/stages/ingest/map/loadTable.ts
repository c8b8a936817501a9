import { InputError } from "../../../base/errors/errors.ts";
import { yieldToEventLoop } from "../../../base/lib/yieldToEventLoop.ts";
import { overCap, type IngestCaps } from "../caps.ts";
import { csvColumns, type ColumnIndex } from "../fields/columns.ts";
import type { OpenScratch } from "../ports.ts";
import { readRows } from "../rows/readRows.ts";
import type { Join } from "../schema/profileSchema.ts";

/** Between the parts of a key of several columns. */
const KEY_SEPARATOR = "|";
/** What V8 keeps of a row beside its text, and of each of its values; measured, and rounded up. */
const ROW_BYTES = 120;
const VALUE_BYTES = 48;

/** Opens a lookup file of a profile by its name; the caller decides where such files may lie. */
export type OpenLookup = (name: string) => AsyncIterable<Uint8Array>;

/** What a table takes: rows, UTF-16 units of its file's rows, and about so many bytes of memory. */
export interface TableSize {
  readonly rows: number;
  readonly characters: number;
  readonly heldBytes: number;
}

/** A lookup table in memory: key → its fields, in the order of `fields`. */
export interface LookupTable {
  readonly fields: readonly string[];
  readonly rows: ReadonlyMap<string, readonly string[]>;
  readonly size: TableSize;
}

const NOTHING: TableSize = { rows: 0, characters: 0, heldBytes: 0 };

/** The table that stands in the profile itself. */
export function inlineTable(join: Join, inline: NonNullable<Join["inline"]>): LookupTable {
  const rows = new Map<string, readonly string[]>();
  const fields = [...new Set(Object.values(inline).flatMap((entry) => Object.keys(entry)))];
  for (const [key, entry] of Object.entries(inline))
    add(
      rows,
      join,
      key,
      fields.map((field) => entry[field] ?? ""),
    );
  return { fields, rows, size: NOTHING };
}

/**
 * Loads the table of a join from its lookup file.
 * @param before what the profile's other tables take already: the caps are on all of them together
 * @throws InputError `lookup.malformed`, `lookup.ambiguous` where one key has two values, `input.over-cap`,
 * `input.header`
 */
export async function loadTable(
  join: Join,
  openLookup: OpenLookup,
  openScratch: OpenScratch,
  caps: IngestCaps,
  before: TableSize = NOTHING,
): Promise<LookupTable> {
  const { file, key, fields: columns } = join;
  if (file === null || key === null || columns === null)
    throw new InputError("profile.reference", `The join ${join.name} is not complete.`);
  const rows = new Map<string, readonly string[]>();
  const bounded = { ...caps, inflatedBytes: caps.lookupBytes };
  const values = Object.keys(columns).length + 1;
  let positions: { key: number[]; fields: number[] } | null = null;
  let { characters, heldBytes } = before;
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
      characters += row.raw.length + 1;
      // A value may keep the text alive that it was cut from.
      heldBytes += row.raw.length + ROW_BYTES + values * VALUE_BYTES;
    }
    checkTableCaps({ rows: before.rows + rows.size, characters, heldBytes }, caps, file);
    await yieldToEventLoop();
  }
  const size = {
    rows: rows.size,
    characters: characters - before.characters,
    heldBytes: heldBytes - before.heldBytes,
  };
  return { fields: Object.keys(columns), rows, size };
}

/** @param file the one with which tables come to this size @throws InputError `input.over-cap` */
export function checkTableCaps(
  { rows, characters, heldBytes }: TableSize,
  { lookupRows, lookupBytes, lookupHeldBytes }: IngestCaps,
  file: string,
): void {
  const what = `The lookup file ${file}, with the profile's others,`;
  if (rows > lookupRows) throw overCap("lookupRows", lookupRows, what);
  if (characters > lookupBytes) throw overCap("lookupBytes", lookupBytes, what);
  if (heldBytes > lookupHeldBytes) throw overCap("lookupHeldBytes", lookupHeldBytes, what);
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

/** A key as tables have it. */
export function normalKey(key: string, dropSuffix: string | null): string {
  const trimmed = key.trim().normalize("NFC");
  return dropSuffix !== null && trimmed.endsWith(dropSuffix) ? trimmed.slice(0, -dropSuffix.length) : trimmed;
}
