import { z } from "zod";

/** Pieces of the profile's schema that several of its sections use. */

export const joinName = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,31}$/, "must be a short word");
export const text = (most: number) => z.string().min(1).max(most);
export const seconds = z.int().min(0).max(3_155_760_000);

/** Names a column: by the header's text, by position counted from 1, or as `/pointer` into nested JSON. */
export const columnRef = z.union([text(200), z.int().min(1).max(1000)]);
/** A column of the row, or a field that a join found for the row. */
export const fieldRef = z.union([columnRef, z.strictObject({ join: joinName, field: joinName })]);

/** Several columns: listed, or all from one to another as the file has them. */
export const columnList = z.union([
  z.array(fieldRef).max(400),
  z.strictObject({
    first: columnRef.describe("The first column."),
    last: columnRef.describe("The last column; all between count too."),
  }),
]);

export type ColumnList = z.output<typeof columnList>;
export type ColumnRef = z.output<typeof columnRef>;
export type FieldRef = z.output<typeof fieldRef>;
