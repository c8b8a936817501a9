import { parse } from "csv-parse/sync";
import { lineProblem, refusedRow, type RawRow, type RowReader } from "./rawRow.ts";

export interface CsvDialect {
  readonly delimiter: string;
  /** Null: quotes mean nothing in this file. */
  readonly quote: string | null;
  /** `pad`: rows may lack trailing columns, or have further empty ones. `reject`: the count must be exact. */
  readonly ragged: "reject" | "pad";
}

/** A row with quotes whose fields are still to be taken out: index into the rows, and its text. */
interface Quoted {
  readonly index: number;
  readonly raw: string;
}

/**
 * Takes delimited rows apart. Rows without a quote are split here; those with quotes go to csv-parse, many at once.
 * A row goes on over line ends while its quotes are odd in number. Where such a row turns out wrong (a quote never closed, a stray one, a
 * wrong number of columns), only its first line is refused and reading resumes at the second, so a lost quote costs one row, not the
 * rest of the file. No line is read more than twice.
 */
export class CsvRows implements RowReader {
  readonly #dialect: CsvDialect;
  readonly #rowCharacters: number;
  /** Set by the header, or by the profile where the file has none. */
  #columns: number | null;
  #open: string[] = [];
  #openCharacters = 0;

  constructor(dialect: CsvDialect, rowCharacters: number, columns: number | null) {
    this.#dialect = dialect;
    this.#rowCharacters = rowCharacters;
    this.#columns = columns;
  }

  /** From here on, rows must have this many columns. */
  expectColumns(columns: number): void {
    this.#columns = columns;
  }

  push(lines: readonly string[]): RawRow[] {
    const rows: RawRow[] = [];
    const quoted: Quoted[] = [];
    for (const line of lines) this.#take(line, rows, quoted);
    this.#fill(rows, quoted);
    return rows;
  }

  end(): RawRow[] {
    const rows: RawRow[] = [];
    const quoted: Quoted[] = [];
    while (this.#open.length > 0) this.#giveUpFirstLine(rows, quoted);
    this.#fill(rows, quoted);
    return rows;
  }

  #take(line: string, rows: RawRow[], quoted: Quoted[]): void {
    const { quote, delimiter } = this.#dialect;
    const quotes = quote === null ? 0 : occurrences(line, quote);
    if (this.#open.length > 0) {
      this.#continueOpen(line, quotes, rows, quoted);
      return;
    }
    const problem = lineProblem(line, this.#rowCharacters);
    if (problem !== null) rows.push(refusedRow(line, problem));
    else if (quotes === 0) rows.push(this.#checked(line, line.split(delimiter, this.#limit())));
    else if (quotes % 2 === 0) {
      quoted.push({ index: rows.length, raw: line });
      rows.push(refusedRow(line, "row.malformed"));
    } else {
      this.#open = [line];
      this.#openCharacters = line.length;
    }
  }

  #continueOpen(line: string, quotes: number, rows: RawRow[], quoted: Quoted[]): void {
    const tooLong = this.#openCharacters + 1 + line.length > this.#rowCharacters;
    this.#open.push(line);
    this.#openCharacters += 1 + line.length;
    if (quotes % 2 === 0 && !tooLong) return;
    if (!tooLong) {
      const raw = this.#open.join("\n");
      const row = raw.includes("\0") ? null : this.#parseOne(raw);
      if (row?.fields) {
        rows.push(row);
        this.#open = [];
        return;
      }
    }
    this.#giveUpFirstLine(rows, quoted);
  }

  /** The open row was none: its first line is refused, the others are read as if they came now. */
  #giveUpFirstLine(rows: RawRow[], quoted: Quoted[]): void {
    const [first, ...others] = this.#open;
    this.#open = [];
    rows.push(refusedRow(first as string, "row.malformed"));
    for (const line of others) this.#take(line, rows, quoted);
  }

  /** Parses the rows with quotes together; one by one where one of them is wrong. */
  #fill(rows: RawRow[], quoted: readonly Quoted[]): void {
    if (quoted.length === 0) return;
    const parsed = this.#parse(quoted.map(({ raw }) => raw).join("\n"));
    quoted.forEach(({ index, raw }, i) => {
      const fields = parsed?.length === quoted.length ? parsed[i] : undefined;
      rows[index] = fields ? this.#checked(raw, fields) : this.#parseOne(raw);
    });
  }

  #parseOne(raw: string): RawRow {
    const parsed = this.#parse(raw);
    const fields = parsed?.length === 1 ? parsed[0] : undefined;
    return fields ? this.#checked(raw, fields) : refusedRow(raw, "row.malformed");
  }

  #parse(text: string): string[][] | null {
    const { delimiter, quote } = this.#dialect;
    try {
      // Null would mean csv-parse's default; only rows with a quote come here.
      return parse(text, {
        delimiter,
        quote,
        escape: quote ?? false,
        record_delimiter: "\n",
        relax_column_count: true,
        max_record_size: 0,
      });
    } catch {
      // Its message quotes the row; the reason code says enough.
      return null;
    }
  }

  #checked(raw: string, fields: string[]): RawRow {
    const expected = this.#columns;
    if (expected === null || fields.length === expected) return { raw, fields, code: null };
    if (this.#dialect.ragged === "pad") {
      if (fields.length < expected) return { raw, fields: [...fields, ...Array<string>(expected - fields.length).fill("")], code: null };
      if (fields.slice(expected).every((field) => field.trim() === "")) return { raw, fields: fields.slice(0, expected), code: null };
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
