import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
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

  it("are joined a few times, however many pieces a value comes in", () => {
    const copied = CopiedRows.of(FIELDS) as CopiedRows<{ words: string }>;
    const words = "x".repeat(4_000_000);
    const bytes = new Uint8Array(2_000_000);
    const sent = Buffer.from(encodeCopyRows(COLUMNS, [[words, bytes, 1n, 2, true]]));
    let joined = 0;
    const concat = Buffer.concat.bind(Buffer);
    const spy = vi.spyOn(Buffer, "concat").mockImplementation((list, length) => {
      const whole = concat(list, length);
      joined += whole.length;
      return whole;
    });
    const read = [];
    for (let at = 0; at < sent.length; at += 1_000) read.push(...copied.add(sent.subarray(at, at + 1_000)));
    spy.mockRestore();
    expect(read).toEqual([{ words, bytes, big: 1n, number: 2, flag: true }]);
    expect(joined).toBeLessThan(5 * sent.length);
  });

  it("are left to the driver where a column has another type", () => {
    expect(CopiedRows.of([...FIELDS, { name: "price", dataTypeID: 1700 }])).toBeNull();
  });
});
