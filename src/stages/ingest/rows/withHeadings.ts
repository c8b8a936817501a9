import { csvColumns } from "../fields/columns.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { refusedRow, type RawRow } from "./rawRow.ts";
import type { RowBlock } from "./readRows.ts";

/**
 * Adds the fields of heading rows to the rows below them, as further columns: exports that name a meter
 * or a place once, above its rows, and NEM12. A heading itself ends as `row.heading`. A new heading empties
 * the fields of those that the profile lists behind it.
 */
export async function* withHeadings(
  blocks: AsyncIterable<RowBlock>,
  headings: Profile["headings"],
): AsyncGenerator<RowBlock> {
  if (headings.length === 0) {
    yield* blocks;
    return;
  }
  const names = headings.flatMap(({ fields }) => Object.keys(fields));
  let carry: ((row: RawRow) => RawRow) | null = null;
  for await (const block of blocks) {
    const own = block.columns ?? [];
    carry ??= carrier(own, headings);
    yield { ...block, columns: [...own, ...names], rows: block.rows.map(carry) };
  }
}

function carrier(own: readonly string[], headings: Profile["headings"]): (row: RawRow) => RawRow {
  const index = csvColumns(own, "the file");
  let first = 0;
  const compiled = headings.map(({ when, fields }) => {
    const columns = Object.values(fields).map((ref) => index.indexOf(ref));
    const from = first;
    first += columns.length;
    return { column: index.indexOf(when.column), words: new Set(when.in), columns, from };
  });
  let carried: readonly string[] = Array<string>(first).fill("");
  return (row) => {
    const { fields } = row;
    if (!fields) return row;
    const heading = compiled.find(({ column, words }) => words.has((fields[column] ?? "").trim()));
    if (!heading) return { ...row, fields: [...fields, ...carried] };
    const taken = heading.columns.map((column) => fields[column] ?? "");
    carried = [
      ...carried.slice(0, heading.from),
      ...taken,
      ...Array<string>(first - heading.from - taken.length).fill(""),
    ];
    return refusedRow(row.raw, "row.heading");
  };
}
