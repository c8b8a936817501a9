import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import { onEachEngine } from "./support/onEachEngine.ts";

const LIMIT = 2n ** 63n;
const COLUMNS = {
  position: "int4",
  big: "int8",
  small: "int2",
  bytes: "bytea",
  words: "text",
  flag: "bool",
} as const;

async function streamed(db: Database, sql: string, parameters: readonly (bigint | string)[] = [], rows = 7) {
  const all: unknown[] = [];
  for await (const some of db.stream(sql, parameters, rows)) {
    expect(some.length).toBeLessThanOrEqual(rows);
    all.push(...some);
  }
  return all;
}

describe("a stream of rows", () => {
  onEachEngine((bench) => {
    it(
      "brings every value as a query does, in the order that was asked for",
      { timeout: 600_000 },
      async () => {
        const db = bench.db();
        await db.execute(
          `CREATE TABLE streamed (position int, big bigint, small smallint, bytes bytea, words text,
         flag boolean)`,
        );
        const row = fc.record({
          big: fc.option(fc.bigInt({ min: -LIMIT, max: LIMIT - 1n })),
          small: fc.option(fc.integer({ min: -32_768, max: 32_767 })),
          bytes: fc.option(fc.uint8Array({ maxLength: 300 })),
          words: fc.option(
            fc.string({ unit: "grapheme", maxLength: 60 }).filter((text) => !text.includes("\0")),
          ),
          flag: fc.option(fc.boolean()),
        });
        const sql = "SELECT * FROM streamed ORDER BY position DESC";
        await fc.assert(
          fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
            await db.execute("TRUNCATE streamed");
            const values = rows.map(({ big, small, bytes, words, flag }, position) => {
              return [position, big, small, bytes, words, flag];
            });
            await db.copyIn("streamed", COLUMNS, values);
            const read = await streamed(db, sql);
            expect(read).toEqual(await db.query(sql));
            expect(read).toEqual(rows.map((each, position) => ({ position, ...each })).toReversed());
            // Plain bytes, as a query's are.
            for (const { bytes } of read as { bytes: Uint8Array | null }[])
              if (bytes !== null) expect(bytes.constructor).toBe(Uint8Array);
          }),
          { numRuns: 20 },
        );
        await db.execute("DROP TABLE streamed");
      },
    );

    it.each([
      ["few columns", "SELECT n, 'a' AS t FROM generate_series(1, 20) n ORDER BY n DESC"],
      [
        "columns of types that are read by the driver alone",
        `SELECT n, n::numeric / 2 AS half, ARRAY[n, 2] AS list, to_timestamp(n) AS at, 'b'::char(3) AS fixed
         FROM generate_series(1, 20) n ORDER BY n`,
      ],
      [
        "parameters, subqueries and names of any kind",
        `SELECT n AS "an odd ""name", $1::bigint AS big, (SELECT $2::text) AS words, NULL::bytea AS nothing,
         n % 3 AS rest FROM generate_series(1, 20) n ORDER BY n % 3, n`,
      ],
    ])("brings %s as a query does", async (_, sql) => {
      const parameters = sql.includes("$1") ? [5n, "x"] : [];
      expect(await streamed(bench.db(), sql, parameters)).toEqual(await bench.db().query(sql, parameters));
    });

    it("fails as a query does, and leaves the connection sound", async () => {
      const db = bench.db();
      await expect(streamed(db, "SELECT a, b, c, d FROM nowhere")).rejects.toThrow(/nowhere/);
      await expect(
        streamed(db, "SELECT 1 / (n - 9) AS a, 2 AS b, 3 AS c, 4 AS d FROM generate_series(1, 20) n"),
      ).rejects.toThrow(/zero/);
      expect(await db.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    });
  });
});
