import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CsvRows, type CsvDialect } from "../../../../../src/stages/ingest/rows/csvRows.ts";
import type { RawRow } from "../../../../../src/stages/ingest/rows/rawRow.ts";

const DIALECT: CsvDialect = { delimiter: ",", quote: '"', ragged: "reject" };

function rowsOf(
  text: string,
  columns: number | null,
  { dialect = DIALECT, cap = 1000, block = 3 } = {},
): RawRow[] {
  const reader = new CsvRows(dialect, cap, columns);
  const lines = text.split("\n");
  const rows: RawRow[] = [];
  for (let at = 0; at < lines.length; at += block) rows.push(...reader.push(lines.slice(at, at + block)));
  return [...rows, ...reader.end()];
}
/** Fields, or the code, of each row. */
const seen = (rows: readonly RawRow[]): (readonly string[] | string | null)[] =>
  rows.map(({ fields, code }) => fields ?? code);

describe("rows of delimited text", () => {
  it("may be quoted, with delimiters, quotes and line ends inside", () => {
    expect(seen(rowsOf('a,b\n"c,1","d ""x"""\n"e\nf",g\n,\n"",""', 2))).toEqual([
      ["a", "b"],
      ["c,1", 'd "x"'],
      ["e\nf", "g"],
      ["", ""],
      ["", ""],
    ]);
  });

  it("lose one line to a quote that is never closed, not the rest of the file", () => {
    expect(seen(rowsOf('1,a\n2,"b\n3,c\n4,"d"\n5,e', 2))).toEqual([
      ["1", "a"],
      "row.malformed",
      ["3", "c"],
      ["4", "d"],
      ["5", "e"],
    ]);
  });

  it("lose one line to a stray quote, even where a later one seems to close it", () => {
    expect(seen(rowsOf('1,5" pipe\n2,b\n3,4" pipe\n4,d', 2))).toEqual([
      "row.malformed",
      ["2", "b"],
      "row.malformed",
      ["4", "d"],
    ]);
    expect(seen(rowsOf('1,"a"b"\n2,c', 2))).toEqual(["row.malformed", ["2", "c"]]);
    expect(seen(rowsOf('1,a"b"\n2,c', 2))).toEqual(["row.malformed", ["2", "c"]]);
  });

  it("are not glued together where that gives a wrong number of columns", () => {
    expect(seen(rowsOf('1,"a\n2,b,c\n3",d', 2))).toEqual(["row.malformed", "row.columns", "row.malformed"]);
  });

  it("over the cap are refused alone", () => {
    const long = "x".repeat(60);
    expect(seen(rowsOf(`1,${long}\n2,"${long}"\n3,c\n4,"a\n${long}`, 2, { cap: 50 }))).toEqual([
      "row.too-long",
      "row.too-long",
      ["3", "c"],
      "row.malformed",
      "row.too-long",
    ]);
  });

  it("must have the columns that are expected", () => {
    expect(seen(rowsOf("a\na,b\na,b,c\na,b,", 2))).toEqual([
      "row.columns",
      ["a", "b"],
      "row.columns",
      "row.columns",
    ]);
  });

  it("are padded where the profile allows it, but never cut", () => {
    const dialect = { ...DIALECT, ragged: "pad" } as const;
    expect(seen(rowsOf('a\na,b,, ,\na,b,c\n"a"', 2, { dialect }))).toEqual([
      ["a", ""],
      ["a", "b"],
      "row.columns",
      ["a", ""],
    ]);
  });

  it("with NUL bytes and empty lines have codes of their own", () => {
    expect(seen(rowsOf('a,\0\n\n"\0",b\n"x\n\0",b', 2))).toEqual([
      "row.nul",
      "row.empty",
      "row.nul",
      "row.malformed",
      "row.nul",
    ]);
  });

  it("take quotes as plain text where the dialect has none", () => {
    expect(
      seen(rowsOf('a",b\n"c,d', 2, { dialect: { delimiter: ",", quote: null, ragged: "reject" } })),
    ).toEqual([
      ['a"', "b"],
      ['"c', "d"],
    ]);
  });

  const cell = fc
    .array(fc.constantFrom("a", "ü", ",", '"', "\n", " ", "'", "\t", "=1"), { maxLength: 6 })
    .map((parts) => parts.join(""));
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  it("that are well formed come out as csv-parse reads them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        (table, block) => {
          const text = table
            .map((row) => row.map((field) => (/[",\n]/.test(field) ? quoted(field) : field)).join(","))
            .join("\n");
          expect(seen(rowsOf(text, 3, { block }))).toEqual(table);
          expect(parse(text)).toEqual(table);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("that are not are refused where csv-parse refuses them", () => {
    const noise = fc
      .array(fc.constantFrom("a", '"', '""', ",", " ", '"b"'), { maxLength: 12 })
      .map((parts) => parts.join(""));
    const lenient = { relax_column_count: true };
    fc.assert(
      fc.property(
        noise.filter((line) => line !== "" && line.split('"').length % 2 === 1),
        (line) => {
          let expected: unknown = "row.malformed";
          try {
            [expected] = parse(line, lenient);
          } catch {
            // Refused.
          }
          expect(seen(rowsOf(line, null))).toEqual([expected]);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("after a lost quote come out once the cap is reached, not at the end of the file", () => {
    const reader = new CsvRows(DIALECT, 50, 2);
    expect(reader.push(['1,"a', ...Array<string>(9).fill("2,b")])).toEqual([]);
    expect(seen(reader.push(["2,b", "2,b", "2,b"]))).toEqual([
      "row.malformed",
      ...Array.from({ length: 12 }, () => ["2", "b"]),
    ]);
  });

  it("never lose, repeat or reorder a line, whatever the text", () => {
    const noise = fc
      .array(fc.constantFrom("a", '"', '""', ",", "\n", "x,y\n", '"z"', "\0"), { maxLength: 60 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(noise, fc.integer({ min: 1, max: 5 }), fc.constantFrom(8, 20, 1000), (text, block, cap) => {
        expect(
          rowsOf(text, 2, { block, cap })
            .map((row) => row.raw)
            .join("\n"),
        ).toBe(text);
      }),
      { numRuns: 3000 },
    );
  });
});
