import { fieldReader, type ColumnIndex, type JoinIndex, type RowInHand } from "../fields/columns.ts";
import type { Join } from "../schema/profileSchema.ts";
import { Refusal } from "../reasonCodes.ts";
import { normalKey, type LookupTable } from "./loadTable.ts";

/** A profile's join with its table. */
export interface LoadedJoin {
  readonly join: Join;
  readonly table: LookupTable;
}

/** Fields that a row comes with before any join: those of the entry tap, or of the period. */
export interface GivenFields {
  readonly name: string;
  readonly fields: readonly string[];
}

/** Where fields that come from joins are found; given ones stand first. */
export function joinIndex(joins: readonly LoadedJoin[], given: GivenFields | null): JoinIndex {
  const loaded = joins.map(({ join, table }) => ({ name: join.name, fields: table.fields }));
  const all: GivenFields[] = given ? [given, ...loaded] : loaded;
  return new Map(all.map(({ name, fields }, index) => [name, { index, fields }]));
}

/** Fills in what the joins find for a row; returns why a row has no match. */
export function joiner(
  joins: readonly LoadedJoin[],
  columns: ColumnIndex,
  index: JoinIndex,
): (row: RowInHand) => Refusal | null {
  const parts = joins.map(({ join, table: { rows } }) => {
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
