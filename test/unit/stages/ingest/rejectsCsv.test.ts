import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REJECTS_HEADER, rejectLine } from "../../../../src/stages/ingest/rejectsCsv.ts";

const cells = fc
  .array(
    fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", "'", '"', ",", ";", "cmd|' /C calc'!A0", "ü", "1"),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(""));

/** The text that a cell of a rejects file stands for, once a CSV reader has taken its quotes off. */
const unguardCell = (cell: string): string => (cell.startsWith("'") ? cell.slice(1) : cell);

describe("the rejects file", () => {
  it("is read back to what was rejected, by any CSV reader", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1 }), fc.option(cells), cells), { maxLength: 8 }),
        (rejected) => {
          const text =
            REJECTS_HEADER +
            rejected
              .map(([row, field, raw]) =>
                rejectLine({ row, field, code: "row.malformed", sentence: "It is.", raw }),
              )
              .join("");
          const [header, ...read] = parse(text, { record_delimiter: "\r\n" });
          expect(header).toEqual(["row", "field", "code", "sentence", "raw"]);
          expect(read.map((line) => line.map(unguardCell))).toEqual(
            rejected.map(([row, field, raw]) => [String(row), field ?? "", "row.malformed", "It is.", raw]),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("has no cell that a spreadsheet takes for a formula", () => {
    fc.assert(
      fc.property(cells, cells, (field, raw) => {
        for (const cell of parse(rejectLine({ row: 1, field, code: "c", sentence: "s", raw }), {
          record_delimiter: "\r\n",
        })[0] ?? []) {
          expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
