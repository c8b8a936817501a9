import { InputError } from "../../../../base/errors/errors.ts";
import { utcText } from "../../../../base/lib/time/calendar.ts";
import { SECONDS_PER_DAY } from "../../../../base/lib/time/units.ts";
import { overCap, type IngestCaps } from "../../caps.ts";
import { decimalOfFloatNearest } from "../decimalOfFloatNearest.ts";
import { inflate } from "../inflate.ts";
import type { OpenScratch, ScratchFile } from "../../ports.ts";
import type { XlsxFormat } from "../../schema/formatSchema.ts";
import { refusedRow, type RawRow } from "../rawRow.ts";
import type { RowBlock } from "../readRows.ts";
import { readBook, type Book } from "./readBook.ts";
import { walkXml, type XmlHandlers } from "./xlsxXml.ts";
import { notXlsx, openParts } from "./xlsxZip.ts";

/** ECMA-376: columns A to XFD. */
const MAX_COLUMNS = 16_384;
/**
 * 1899-12-30 and 1904-01-01 in days since 1970: where a sheet's count of days begins, from 1 March 1900 on.
 */
const EPOCHS = { 1900: -25_569, 1904: -24_107 };

/**
 * Rows of one sheet of an Excel workbook. Its directory stands at its end, so the file is spooled first; the
 * sheet itself is then read row by row in flat memory. Cells become texts: numbers as the decimals that their
 * floats stand for, true and false, errors such as #DIV/0! as they are, points in time as
 * `2018-09-06T23:55:00` (to the
 * nearest second, as days are kept in floating point), times of day as `23:55:00`. Rows without any value are
 * empty rows; those behind the last value are none.
 * @throws InputError `input.xlsx`, `input.sheet`, `input.header`, `input.over-cap`; as `inflate`
 */
export async function* xlsxRows(
  source: AsyncIterable<Uint8Array>,
  format: XlsxFormat,
  caps: IngestCaps,
  openScratch: OpenScratch,
): AsyncGenerator<RowBlock> {
  const scratch = await openScratch();
  try {
    await spool(source, scratch, caps);
    const parts = await openParts(scratch, caps);
    try {
      const book = await readBook(parts, format.sheet, caps);
      const sheet = new SheetRows(book, format, caps);
      const xml = parts.read(book.sheetPath, { cap: "inflatedBytes", bytes: caps.inflatedBytes });
      let first = true;
      for await (const _ of walkXml(xml, sheet.handlers)) {
        const rows = sheet.take();
        if (sheet.columns === null || (rows.length === 0 && !first)) continue;
        yield { rows, columns: sheet.columns, preamble: first ? sheet.preamble : null };
        first = false;
      }
      if (sheet.columns === null)
        throw new InputError(
          "input.header",
          "The sheet ends before its header row. Check the profile's format.headerRow.",
        );
    } finally {
      parts.close();
    }
  } finally {
    await scratch.close();
  }
}

async function spool(
  source: AsyncIterable<Uint8Array>,
  scratch: ScratchFile,
  caps: IngestCaps,
): Promise<void> {
  for await (const bytes of inflate(source, caps)) {
    await scratch.append(bytes);
    if (scratch.size > caps.inputBytes) throw overCap("inputBytes", caps.inputBytes);
  }
  if (Buffer.from(await scratch.read(0, 2)).toString("latin1") !== "PK")
    throw notXlsx("does not begin like one");
}

/** Takes a sheet's XML apart, cell by cell. */
class SheetRows {
  columns: readonly string[] | null;
  preamble = "";
  readonly #book: Book;
  readonly #headerRow: number;
  readonly #longest: number;
  #rows: RawRow[] = [];
  /** Empty rows that count only if a row with values follows. */
  #pendingEmpty = 0;
  #rowNumber = 0;
  #cells: string[] = [];
  #characters = 0;
  #tooWide = false;
  #column = -1;
  #type = "n";
  #style = 0;
  #value = "";
  #inValue = false;
  #phonetic = false;

  constructor(book: Book, format: XlsxFormat, caps: IngestCaps) {
    this.#book = book;
    this.#headerRow = format.headerRow;
    this.#longest = caps.rowCharacters;
    this.columns = format.columns;
  }

  readonly handlers: XmlHandlers = {
    open: (name, attributes) => {
      if (name === "c") this.#openCell(attributes);
      else if (name === "v" || name === "t") this.#inValue = !this.#phonetic;
      else if (name === "rPh") this.#phonetic = true;
      else if (name === "row") this.#openRow(attributes["r"]);
    },
    text: (piece) => {
      if (!this.#inValue) return;
      // Beyond the bound only the length is kept.
      this.#characters += piece.length;
      if (this.#characters <= this.#longest) this.#value += piece;
    },
    close: (name) => {
      if (name === "v" || name === "t") this.#inValue = false;
      else if (name === "rPh") this.#phonetic = false;
      else if (name === "c") this.#closeCell();
      else if (name === "row") this.#closeRow();
    },
  };

  take(): RawRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  #openRow(number: string | undefined): void {
    this.#rowNumber = number === undefined ? this.#rowNumber + 1 : Number(number);
    this.#cells = [];
    this.#characters = 0;
    this.#tooWide = false;
    this.#column = -1;
  }

  #openCell({ r, t, s }: Readonly<Record<string, string>>): void {
    this.#column = r === undefined ? this.#column + 1 : columnOf(r);
    this.#type = t ?? "n";
    this.#style = Number(s ?? "0");
    this.#value = "";
  }

  #closeCell(): void {
    if (this.#value === "") return;
    const most = this.columns?.length ?? MAX_COLUMNS;
    if (this.#column < 0 || this.#column >= most) {
      this.#tooWide = true;
      return;
    }
    const text = this.#text();
    if (this.#type === "s") this.#characters += text.length;
    while (this.#cells.length < this.#column) this.#cells.push("");
    this.#cells[this.#column] = this.#characters > this.#longest ? "" : text;
    this.#value = "";
  }

  #text(): string {
    const value = this.#value;
    if (this.#type === "s") return this.#book.sharedStrings[Number(value)] ?? "\uFFFD";
    if (this.#type === "b") return value === "1" ? "true" : "false";
    if (this.#type !== "n") return value;
    return this.#book.isTime[this.#style] === true
      ? timeText(value, this.#book.from1904)
      : decimalOfFloatNearest(value);
  }

  #closeRow(): void {
    if (this.columns === null) {
      if (this.#rowNumber < this.#headerRow) return;
      if (this.#cells.length === 0)
        throw new InputError(
          "input.header",
          "The header row of the sheet is empty. Check the profile's format.headerRow.",
        );
      this.columns = this.#cells;
      this.preamble = `${JSON.stringify(this.#cells)}\n`;
      return;
    }
    if (this.#rowNumber <= this.#headerRow) return;
    if (this.#cells.length === 0 && !this.#tooWide && this.#characters === 0) {
      this.#pendingEmpty++;
      return;
    }
    for (; this.#pendingEmpty > 0; this.#pendingEmpty--) this.#rows.push(refusedRow("", "row.empty"));
    while (this.#cells.length < this.columns.length) this.#cells.push("");
    const raw = JSON.stringify(this.#cells);
    if (this.#characters > this.#longest) this.#rows.push(refusedRow(raw, "row.too-long"));
    else if (this.#tooWide) this.#rows.push(refusedRow(raw, "row.columns"));
    else if (raw.includes("\\u0000")) this.#rows.push(refusedRow(raw, "row.nul"));
    else this.#rows.push({ raw, fields: this.#cells, code: null });
  }
}

/** Position from 0 of a cell reference such as AB12; -1 for what is none. */
function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length && i < 4; i++) {
    const letter = reference.charCodeAt(i) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}

/**
 * A count of days as a point in time, or as a time of day where it is below one day; the text itself where it
 * is no such count.
 */
function timeText(value: string, from1904: boolean): string {
  const days = Number(value);
  if (!(days >= 0) || days > 2_958_466) return value;
  const seconds = Math.round(days * SECONDS_PER_DAY);
  if (days < 1 && !from1904) return utcText(seconds).slice(11, 19);
  return utcText(seconds + EPOCHS[from1904 ? 1904 : 1900] * SECONDS_PER_DAY).slice(0, 19);
}
