import { lineProblem, refusedRow, type RawRow, type RowReader } from "./rawRow.ts";
import { splitQuoted } from "./splitQuoted.ts";

export interface CsvDialect {
  readonly delimiter: string;
  /** Null: quotes mean nothing in this file. */
  readonly quote: string | null;
  /** `pad`: rows may lack trailing columns, or have further empty ones. `reject`: the count must be exact. */
  readonly ragged: "reject" | "pad";
  /** Lines that begin so are comments. Null: there are none. */
  readonly comment?: string | null;
}

/**
 * Takes delimited rows apart (RFC 4180). A row goes on over line ends while its quotes are odd in number.
 * Where such a row turns out wrong (a quote never closed, a stray one, a wrong number of columns), only its
 * first line is refused and reading resumes at the second, so a lost quote costs one row, not the rest of the
 * file. No line is read more than twice. Parsers that stream by character can't go back like this: they give
 * up the file, or swallow rows up to the next quote.
 */
export class CsvRows implements RowReader {
  readonly #dialect: CsvDialect;
  readonly #rowCharacters: number;
  /** Set by the header, or by the profile where the file has none. */
  #columns: number | null;
  /**
   * The header's text, to know it where it comes again: files are put one behind the other with their
   * headers.
   */
  #header: string | null = null;
  #open: string[] = [];
  #openCharacters = 0;

  constructor(dialect: CsvDialect, rowCharacters: number, columns: number | null) {
    this.#dialect = dialect;
    this.#rowCharacters = rowCharacters;
    this.#columns = columns;
  }

  /** From here on, rows must have as many columns as the header. */
  expectColumns(columns: number, header: string): void {
    this.#columns = columns;
    this.#header = header;
  }

  push(lines: readonly string[]): RawRow[] {
    const rows: RawRow[] = [];
    for (const line of lines) this.#take(line, rows);
    return rows;
  }

  end(): RawRow[] {
    const rows: RawRow[] = [];
    while (this.#open.length > 0) this.#giveUpFirstLine(rows);
    return rows;
  }

  #take(line: string, rows: RawRow[]): void {
    const { quote, delimiter, comment } = this.#dialect;
    const quotes = quote === null ? 0 : occurrences(line, quote);
    if (this.#open.length > 0) {
      this.#continueOpen(line, quotes, rows);
      return;
    }
    if (comment && line.startsWith(comment)) {
      rows.push(refusedRow(line, "row.comment"));
      return;
    }
    const problem = lineProblem(line, this.#rowCharacters);
    if (problem !== null) rows.push(refusedRow(line, problem));
    else if (quotes === 0) rows.push(this.#checked(line, line.split(delimiter, this.#limit())));
    else if (quotes % 2 === 0) rows.push(this.#quoted(line));
    else {
      this.#open = [line];
      this.#openCharacters = line.length;
    }
  }

  #continueOpen(line: string, quotes: number, rows: RawRow[]): void {
    this.#open.push(line);
    this.#openCharacters += 1 + line.length;
    const tooLong = this.#openCharacters > this.#rowCharacters;
    if (quotes % 2 === 0 && !tooLong) return;
    const raw = tooLong ? "" : this.#open.join("\n");
    const row = tooLong || raw.includes("\0") ? null : this.#quoted(raw);
    if (row?.fields || row?.code === "row.header") {
      this.#open = [];
      rows.push(row);
    } else this.#giveUpFirstLine(rows);
  }

  /** The open row was none: its first line is refused, the others are read as if they came now. */
  #giveUpFirstLine(rows: RawRow[]): void {
    const [first, ...others] = this.#open;
    this.#open = [];
    rows.push(refusedRow(first as string, "row.malformed"));
    for (const line of others) this.#take(line, rows);
  }

  #quoted(raw: string): RawRow {
    const { quote, delimiter } = this.#dialect;
    const fields = quote === null ? null : splitQuoted(raw, delimiter, quote);
    return fields ? this.#checked(raw, fields) : refusedRow(raw, "row.malformed");
  }

  #checked(raw: string, fields: string[]): RawRow {
    const expected = this.#columns;
    if (raw === this.#header) return refusedRow(raw, "row.header");
    if (expected === null || fields.length === expected) return { raw, fields, code: null };
    if (this.#dialect.ragged === "pad") {
      if (fields.length < expected)
        return { raw, fields: [...fields, ...Array<string>(expected - fields.length).fill("")], code: null };
      if (fields.slice(expected).every((field) => field.trim() === ""))
        return { raw, fields: fields.slice(0, expected), code: null };
    }
    return refusedRow(raw, "row.columns");
  }

  /** One more field than expected is enough to see that there are too many; padding needs to see them all. */
  #limit(): number | undefined {
    return this.#columns === null || this.#dialect.ragged === "pad" ? undefined : this.#columns + 1;
  }
}

function occurrences(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}
