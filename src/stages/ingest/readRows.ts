import { InputError } from "../../base/errors/errors.ts";
import type { IngestCaps } from "./caps.ts";
import { CsvRows } from "./csvRows.ts";
import { inflate } from "./inflate.ts";
import { LineCutter } from "./lines.ts";
import { NdjsonRows } from "./ndjsonRows.ts";
import type { ColumnRef, CsvFormat, Profile } from "./profileSchema.ts";
import type { RawRow, RowReader } from "./rawRow.ts";

/** Rows that one piece of the file completes. */
export interface RowBlock {
  readonly rows: readonly RawRow[];
  /** Names of the columns of a delimited file, known from the first block on; null for JSON. */
  readonly columns: readonly string[] | null;
  /** Lines that were read and are no rows (header, lines before it), for the digest; in the first block only. */
  readonly preamble: string | null;
}

/**
 * Rows of a file, plain or gzip, block by block. Memory stays flat whatever the file's size.
 * @param members of JSON rows, as `NdjsonRows` takes them
 * @throws InputError `input.header` where a header is missing or can't be read; as `inflate` and `LineCutter`
 */
export async function* readRows(
  source: AsyncIterable<Uint8Array>,
  format: Profile["format"],
  caps: IngestCaps,
  members: readonly ColumnRef[] = [],
): AsyncGenerator<RowBlock> {
  const head = format.kind === "csv" ? new CsvHead(format, caps) : null;
  const reader: RowReader = head ? head.rows : new NdjsonRows(members, caps.rowCharacters, caps.jsonDepth);
  let preamble: string | null = head ? null : "";
  const block = (lines: readonly string[], last: boolean): RowBlock | null => {
    const rest = head ? head.take(lines) : lines;
    if (head?.columns === null) {
      if (!last) return null;
      head.incomplete();
    }
    const rows = reader.push(rest);
    if (last) rows.push(...reader.end());
    const first = preamble === null ? (head?.preamble ?? "") : null;
    preamble ??= "";
    return { rows, columns: head?.columns ?? null, preamble: first };
  };
  const cutter = new LineCutter(format.encoding, caps.rowCharacters);
  for await (const bytes of inflate(source, caps)) {
    const next = block(cutter.push(bytes), false);
    if (next) yield next;
  }
  const final = block(cutter.end(), true);
  if (final) yield final;
}

/** The lines before the first row of a delimited file. */
class CsvHead {
  readonly rows: CsvRows;
  columns: readonly string[] | null;
  preamble = "";
  #skip: number;

  constructor(format: CsvFormat, caps: IngestCaps) {
    this.columns = format.columns;
    this.#skip = format.skipLines;
    this.rows = new CsvRows(format, caps.rowCharacters, format.columns?.length ?? null);
  }

  /** Takes what belongs to the head; answers the lines after it. */
  take(lines: readonly string[]): readonly string[] {
    if (this.columns !== null && this.#skip === 0) return lines;
    let at = 0;
    for (; this.#skip > 0 && at < lines.length; at++, this.#skip--) this.preamble += `${lines[at] as string}\n`;
    // One line at a time: a quoted column name may hold a line end.
    for (; this.columns === null && at < lines.length; at++) this.#header(this.rows.push([lines[at] as string]));
    return lines.slice(at);
  }

  /** @throws InputError `input.header` */
  incomplete(): never {
    throw new InputError("input.header", "The file ends before its header. It is empty, or the header has a quote that is never closed.");
  }

  #header([row]: readonly RawRow[]): void {
    if (!row) return;
    if (!row.fields) {
      throw new InputError(
        "input.header",
        `The header can't be read (${String(row.code)}). Check the profile's delimiter, quote and skipLines.`,
      );
    }
    this.columns = row.fields;
    this.preamble += `${row.raw}\n`;
    this.rows.expectColumns(row.fields.length);
  }
}
