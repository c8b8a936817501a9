import { describe, expect, it } from "vitest";
import { withLiterals } from "../../../../../src/adapters/storage/engine/withLiterals.ts";

describe("a statement with its values in it", () => {
  it("has each where its number is, in whatever way the server reads texts", () => {
    const sql = withLiterals("SELECT $1, $2, $3, $4, $5, $10, $6, $7, $8, $9", [
      Uint8Array.of(0, 255),
      "o'clock \\ $1",
      -1,
      2n ** 62n,
      null,
      true,
      ["a", "b"],
      [1n, 2n],
      [],
      "last",
    ]);
    expect(sql).toBe(
      "SELECT decode('00ff', 'hex'),  E'o''clock \\\\ $1', (-1), (4611686018427387904), NULL, 'last', " +
        "(true), ARRAY['a', 'b'], ARRAY[(1), (2)], '{}'",
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("takes no %d, which is no word of SQL", (value) => {
    expect(() => withLiterals("SELECT $1", [value])).toThrowError(RangeError);
  });
});
