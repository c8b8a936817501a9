import { InputError } from "../../../base/errors/errors.ts";
import type { IngestCaps } from "../caps.ts";
import { CsvRows } from "./csvRows.ts";
import { inflate } from "./inflate.ts";
import { ElementCutter } from "./elementCutter.ts";
import { LineCutter } from "./lineCutter.ts";
import { NdjsonRows } from "./ndjsonRows.ts";
import type { OpenScratch } from "../ports.ts";
import type { ColumnRef } from "../schema/fieldSchema.ts";
import type { CsvFormat, FileFormat } from "../schema/formatSchema.ts";
import type { RawRow, RowReader } from "./rawRow.ts";
import { xlsxRows } from "./xlsx/xlsxRows.ts";

/** Rows that one piece of the file completes. */
export interface RowBlock {
  readonly rows: readonly RawRow[];
  /** Names of the columns of a delimited file, known from the first block on; null for JSON. */
  readonly columns: readonly string[] | null;
  /**
   * Lines that were read and are no rows (header, lines before it), for the digest; in the first block only.
   */
  readonly preamble: string | null;
}

/**
 * Rows of a file, plain or gzip, block by block. Memory stays flat whatever the file's size.
 * @param members of JSON rows, as `NdjsonRows` takes them
 * @param openScratch where a workbook is spooled; other formats need none
 * @throws InputError `input.header` where a header is missing or can't be read; as `inflate`, `LineCutter`,
 * `ElementCutter` and `xlsxRows`
 */
export async function* readRows(
  source: AsyncIterable<Uint8Array>,
  format: FileFormat,
  caps: IngestCaps,
  members: readonly ColumnRef[],
  openScratch: OpenScratch,
): AsyncGenerator<RowBlock> {
  if (format.kind === "xlsx") yield* xlsxRows(source, format, caps, openScratch);
  else if (format.kind === "csv") yield* csvBlocks(source, format, caps);
  else {
    const reader = new NdjsonRows(members, format.each, caps);
    const { rowCharacters } = caps;
    const cutter =
      format.kind === "json"
        ? new ElementCutter(format.encoding, format.at, rowCharacters)
        : new LineCutter(format.encoding, rowCharacters);
    let preamble: string | null = "";
    const block = (texts: readonly string[]): RowBlock => {
      const done = { rows: reader.push(texts), columns: null, preamble };
      preamble = null;
      return done;
    };
    for await (const bytes of inflate(source, caps)) yield block(cutter.push(bytes));
    yield block(cutter.end());
  }
}

async function* csvBlocks(
  source: AsyncIterable<Uint8Array>,
  format: CsvFormat,
  caps: IngestCaps,
): AsyncGenerator<RowBlock> {
  const head = new CsvHead(format, caps);
  const reader: RowReader = head.rows;
  let first = true;
  const block = (lines: readonly string[], last: boolean): RowBlock | null => {
    const rest = head.take(lines);
    if (head.columns === null) {
      if (!last) return null;
      head.incomplete();
    }
    const rows = reader.push(rest);
    if (last) rows.push(...reader.end());
    const done = { rows, columns: head.columns, preamble: first ? head.preamble : null };
    first = false;
    return done;
  };
  const cutter = new LineCutter(format.encoding, caps.rowCharacters);
  for await (const bytes of inflate(source, caps)) {
    const next = block(cutter.push(bytes), false);
    if (next) yield next;
  }
  const final = block(cutter.end(), true);
  if (final) yield final;
}

/** No file has so many empty lines and comments above its header, or so long a one. */
const MAX_HEAD_LINES = 10_000;

/** The lines before the first row of a delimited file. */
class CsvHead {
  readonly rows: CsvRows;
  columns: readonly string[] | null;
  preamble = "";
  #lines = 0;
  #skip: number;

  constructor(format: CsvFormat, caps: IngestCaps) {
    this.columns = format.columns;
    this.#skip = format.skipLines;
    this.rows = new CsvRows(format, caps.rowCharacters, format.columns?.length ?? null);
  }

  /** Takes what belongs to the head; returns the lines after it. */
  take(lines: readonly string[]): readonly string[] {
    if (this.columns !== null && this.#skip === 0) return lines;
    let at = 0;
    for (; this.#skip > 0 && at < lines.length; at++, this.#skip--)
      this.preamble += `${lines[at] as string}\n`;
    // One line at a time: a quoted column name may hold a line end.
    for (; this.columns === null && at < lines.length; at++) {
      if (++this.#lines > MAX_HEAD_LINES) this.#headless();
      this.#header(this.rows.push([lines[at] as string]));
    }
    return lines.slice(at);
  }

  /** @throws InputError `input.header` */
  incomplete(): never {
    throw new InputError(
      "input.header",
      "The file ends before its header. It is empty, or the header has a quote that is never closed.",
    );
  }

  #headless(): never {
    throw new InputError(
      "input.header",
      `The first ${String(MAX_HEAD_LINES)} lines hold no header: they are empty, comments, or the ` +
        "quote of one " +
        "is never closed.",
    );
  }

  #header([row]: readonly RawRow[]): void {
    if (!row) return;
    if (row.code === "row.comment" || row.code === "row.empty") {
      this.preamble += `${row.raw}\n`;
      return;
    }
    if (!row.fields) {
      throw new InputError(
        "input.header",
        `The header can't be read (${String(row.code)}). Check the profile's delimiter, quote and skipLines.`,
      );
    }
    this.columns = row.fields;
    this.preamble += `${row.raw}\n`;
    this.rows.expectColumns(row.fields.length, row.raw);
  }
}
