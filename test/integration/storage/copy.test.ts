import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeCopyRows } from "../../../src/adapters/storage/engine/copyFormat.ts";
import type { CopyRow } from "../../../src/adapters/storage/engine/copyFormat.ts";
import { onEachEngine } from "./support/onEachEngine.ts";

const COLUMNS = {
  position: "int4",
  big: "int8",
  small: "int2",
  bytes: "bytea",
  words: "text",
  flag: "bool",
} as const;
const LIMIT = 2n ** 63n;

const row = fc.record({
  big: fc.option(fc.bigInt({ min: -LIMIT, max: LIMIT - 1n })),
  small: fc.option(fc.integer({ min: -32_768, max: 32_767 })),
  bytes: fc.option(fc.uint8Array({ maxLength: 300 })),
  words: fc.option(
    fc
      .oneof(fc.string({ unit: "grapheme", maxLength: 60 }), fc.string({ unit: "binary", maxLength: 200 }))
      .filter((text) => !text.includes("\0")),
  ),
  flag: fc.option(fc.boolean()),
});

describe("binary COPY", () => {
  onEachEngine((bench) => {
    it("brings every value back as it was", async () => {
      const db = bench.db();
      await db.execute(
        `CREATE TABLE copied (position integer, big bigint, small smallint, bytes bytea, words text, flag
         boolean)`,
      );
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 50 }), async (rows) => {
          await db.execute("TRUNCATE copied");
          const values = rows.map((each, position): CopyRow => [
            position,
            each.big,
            each.small,
            each.bytes,
            each.words,
            each.flag,
          ]);
          await db.copyIn("copied", COLUMNS, values);
          const read = await db.query("SELECT big, small, bytes, words, flag FROM copied ORDER BY position");
          expect(read).toEqual(rows);
        }),
        { numRuns: 30 },
      );
      await db.execute("DROP TABLE copied");
    });

    it("binds the same values as parameters", async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
      const values = [-LIMIT, 7, bytes, "quote ' \\ \" 碳", true];
      const sql = `SELECT $1::bigint AS a, $2::smallint AS b, $3::bytea AS c, $4::text AS d, $5::boolean AS e,
         $6::text[] AS f, $7::bytea AS g`;
      const [read] = await bench.db().query(sql, [...values, ['a "b", {c}', "NULL", ""], null]);
      expect(read).toEqual({
        a: -LIMIT,
        b: 7,
        c: bytes,
        d: values[3],
        e: true,
        f: ['a "b", {c}', "NULL", ""],
        g: null,
      });
    });
  });

  it.each([
    ["int8", LIMIT],
    ["int8", -LIMIT - 1n],
    ["int4", 2 ** 31],
    ["int2", -32_769],
    ["int2", 1.5],
  ] as const)("refuses what does not fit %s", (type, value) => {
    expect(() => encodeCopyRows({ column: type }, [[value]])).toThrowError(
      expect.objectContaining({ code: "storage.out-of-range" }) as Error,
    );
  });

  it.each(["nul \0", `${"long ".repeat(20)}\0`, "half \ud800", "\udc00 half"])(
    "refuses a text that can't be stored",
    (text) => {
      expect(() => encodeCopyRows({ column: "text" }, [[text]])).toThrowError(
        expect.objectContaining({ code: "storage.text" }) as Error,
      );
    },
  );
});
