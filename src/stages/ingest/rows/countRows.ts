import type { IngestCaps } from "../caps.ts";
import type { OpenScratch } from "../ports.ts";
import type { FileFormat } from "../schema/formatSchema.ts";
import { inflate } from "./inflate.ts";
import { readRows } from "./readRows.ts";

const LF = 0x0a;
const CR = 0x0d;

/**
 * How many rows a file has, before any is read for what it says; stops soon after `most`. Lines of delimited
 * text and NDJSON are counted by their ends alone, so one inside quotes counts as well.
 * @throws InputError as `readRows`
 */
export async function countRows(
  source: AsyncIterable<Uint8Array>,
  format: FileFormat,
  caps: IngestCaps,
  most: number,
  openScratch: OpenScratch,
): Promise<number> {
  const isLines = format.kind === "csv" || (format.kind === "ndjson" && format.each === null);
  let rows = 0;
  if (isLines) {
    for await (const piece of inflate(source, caps)) if ((rows += lineEndsIn(piece)) > most) break;
    // The last line may have no end.
    return rows + 1;
  }
  for await (const block of readRows(source, format, caps, [], openScratch))
    if ((rows += block.rows.length) > most) break;
  return rows;
}

function lineEndsIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count++;
  // Only files of old computers end lines by CR alone.
  if (count === 0) for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1)) count++;
  return count;
}
