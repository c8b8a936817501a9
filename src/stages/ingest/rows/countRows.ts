import type { IngestCaps } from "../caps.ts";
import type { OpenScratch } from "../ports.ts";
import type { CsvFormat, FileFormat } from "../schema/formatSchema.ts";
import { inflate } from "./inflate.ts";
import { LineCutter } from "./lineCutter.ts";
import { readRows } from "./readRows.ts";

/**
 * How many rows a file has, before any is read for what it says; stops soon after `most`. Rows of delimited
 * text and NDJSON are counted by their lines alone, but for those that the profile says are none, so a line
 * end inside quotes counts as well.
 * @throws InputError as `readRows`
 */
export async function countRows(
  source: AsyncIterable<Uint8Array>,
  format: FileFormat,
  caps: IngestCaps,
  most: number,
  openScratch: OpenScratch,
): Promise<number> {
  if (format.kind === "csv" || (format.kind === "ndjson" && format.each === null)) {
    const lines = new LineCutter(format.encoding, caps.rowCharacters);
    let rows = format.kind === "csv" ? -headLines(format) : 0;
    for await (const piece of inflate(source, caps)) if ((rows += lines.push(piece).length) > most) break;
    return Math.max(0, rows + lines.end().length);
  }
  let rows = 0;
  for await (const block of readRows(source, format, caps, [], openScratch))
    if ((rows += block.rows.length) > most) break;
  return rows;
}

/** Lines above the first row. */
function headLines({ columns, skipLines }: CsvFormat): number {
  return skipLines + (columns === null ? 1 : 0);
}
