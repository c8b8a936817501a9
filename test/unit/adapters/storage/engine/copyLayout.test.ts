import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeCopyRows } from "../../../../../src/adapters/storage/engine/copyFormat.ts";
import { CopyLayout } from "../../../../../src/adapters/storage/engine/copyLayout.ts";

const LIMIT = 2n ** 63n;
const COLUMNS = {
  big: "int8",
  start: "int8",
  count: "int4",
  small: "int2",
  half: "bytea",
  id: "bytea",
  words: "text",
  blob: "bytea",
} as const;
const LAYOUT = new CopyLayout({ big: 8, start: 8, count: 4, small: 2, half: 16, id: 16 }, ["words", "blob"]);

const row = fc.record({
  big: fc.bigInt({ min: -LIMIT, max: LIMIT - 1n }),
  start: fc.maxSafeInteger(),
  count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  small: fc.integer({ min: -32_768, max: 32_767 }),
  key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  words: fc
    .oneof(fc.string({ unit: "grapheme", maxLength: 60 }), fc.string({ unit: "binary", maxLength: 200 }))
    .filter((text) => !text.includes("\0") && text.isWellFormed()),
  blob: fc.uint8Array({ maxLength: 300 }),
});

describe("rows of one layout", () => {
  it("are the bytes that the general encoder makes", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), fc.nat(50), (rows, room) => {
        const { at } = LAYOUT;
        const written = LAYOUT.open(rows.length, room);
        for (const { big, start, count, small, key, words, blob } of rows) {
          written.next();
          written.bigint(at.big, big, "big");
          written.int8(at.start, start);
          written.int4(at.count, count, "count");
          written.int2(at.small, small, "small");
          written.bytes(at.half, key, 16, 32);
          written.bytes(at.id, key, 0, 16);
          written.text(words, "words");
          written.blob(blob);
        }
        const general = encodeCopyRows(
          COLUMNS,
          rows.map(({ big, start, count, small, key, words, blob }) => [
            big,
            start,
            count,
            small,
            key.subarray(16),
            key.subarray(0, 16),
            words,
            blob,
          ]),
        );
        expect(Buffer.compare(written.finish(), general)).toBe(0);
      }),
    );
  });

  it("refuse what their columns can't hold", () => {
    const { at } = LAYOUT;
    const rows = LAYOUT.open(1);
    rows.next();
    for (const write of [
      () => rows.bigint(at.big, LIMIT, "big"),
      () => rows.int4(at.count, 2 ** 31, "count"),
      () => rows.int4(at.count, 0.5, "count"),
      () => rows.int2(at.small, 40_000, "small"),
    ])
      expect(write).toThrow(expect.objectContaining({ code: "storage.out-of-range" }) as Error);
    for (const text of ["a\0b", "\ud800"])
      expect(() => rows.text(text, "words")).toThrow(
        expect.objectContaining({ code: "storage.text" }) as Error,
      );
  });
});
