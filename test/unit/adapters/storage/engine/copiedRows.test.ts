import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CopiedRows } from "../../../../../src/adapters/storage/engine/copiedRows.ts";
import { encodeCopyRows } from "../../../../../src/adapters/storage/engine/copyFormat.ts";

const COLUMNS = { words: "text", bytes: "bytea", big: "int8", number: "int4", flag: "bool" } as const;
const FIELDS = [
  { name: "words", dataTypeID: 25 },
  { name: "bytes", dataTypeID: 17 },
  { name: "big", dataTypeID: 20 },
  { name: "number", dataTypeID: 23 },
  { name: "flag", dataTypeID: 16 },
];

describe("copied rows", () => {
  it("are those that were sent, wherever the stream of bytes is cut", () => {
    const row = fc.record({
      words: fc.option(fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !text.includes("\0"))),
      bytes: fc.option(fc.uint8Array({ maxLength: 40 })),
      big: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      number: fc.option(fc.integer()),
      flag: fc.option(fc.boolean()),
    });
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 20 }),
        fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 10 }),
        (rows, lengths) => {
          const sent = encodeCopyRows(
            COLUMNS,
            rows.map(({ words, bytes, big, number, flag }) => [words, bytes, big, number, flag]),
          );
          const copied = CopiedRows.of<(typeof rows)[number]>(FIELDS) as CopiedRows<(typeof rows)[number]>;
          const read = [];
          for (let at = 0, i = 0; at < sent.length; i++) {
            const end = at + 1 + (lengths[i % lengths.length] as number);
            read.push(...copied.add(Buffer.from(sent.subarray(at, end))));
            at = end;
          }
          expect(read).toEqual(rows);
        },
      ),
    );
  });

  it("are left to the driver where a column has another type", () => {
    expect(CopiedRows.of([...FIELDS, { name: "price", dataTypeID: 1700 }])).toBeNull();
  });
});
