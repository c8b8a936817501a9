import { describe, expect, it } from "vitest";
import {
  checkText,
  COPY_HEADER,
  encodeCopyRows,
  type CopyColumns,
  type CopyRow,
} from "../../../../../src/adapters/storage/engine/copyFormat.ts";

/** The bytes between header and end. */
const encoded = (columns: CopyColumns, ...rows: CopyRow[]) => {
  const bytes = Buffer.from(encodeCopyRows(columns, rows));
  expect(bytes.subarray(0, COPY_HEADER.length)).toEqual(Buffer.from(COPY_HEADER));
  expect(bytes.subarray(-2).toString("hex")).toBe("ffff");
  return bytes.subarray(COPY_HEADER.length, -2).toString("hex");
};
/** Hex with spaces between its parts. */
const hex = (parts: string) => parts.replaceAll(" ", "");
const refusal = (code: string, message: string) => expect.objectContaining({ code, message }) as Error;

describe("rows as COPY takes them", () => {
  it("begin as PostgreSQL's manual says, and end", () => {
    expect(Buffer.from(COPY_HEADER).toString("latin1")).toBe(`PGCOPY\n\xff\r\n${"\0".repeat(9)}`);
    expect(encoded({ a: "int4" })).toBe("");
  });

  it("have a number of fields, and each its length and its bytes", () => {
    expect(encoded({ a: "int4", b: "int2" }, [-2, 3], [4, null])).toBe(
      hex("0002 00000004fffffffe 000000020003 0002 0000000400000004 ffffffff"),
    );
    expect(encoded({ a: "int8" }, [-1n], [7])).toBe(
      hex("0001 00000008ffffffffffffffff 0001 000000080000000000000007"),
    );
    expect(encoded({ a: "bool", b: "bytea" }, [true, Uint8Array.of(1, 2)], [false, new Uint8Array()])).toBe(
      hex("0002 0000000101 000000020102 0002 0000000100 00000000"),
    );
    expect(encoded({ a: "text" }, ["ab"], [""], ["ü碳"])).toBe(
      hex("0001 000000026162 0001 00000000 0001 00000005c3bce7a2b3"),
    );
  });

  it("hold texts and bytes of any length", () => {
    for (const length of [47, 48, 49, 5_000, 100_000]) {
      const size = length.toString(16).padStart(8, "0");
      expect(encoded({ a: "text" }, ["x".repeat(length)])).toBe(`0001${size}${"78".repeat(length)}`);
      expect(encoded({ a: "bytea" }, [new Uint8Array(length).fill(7)])).toBe(
        `0001${size}${"07".repeat(length)}`,
      );
    }
    const rows = Array.from({ length: 2_000 }, (_, i): CopyRow => [`row ${String(i)} of many`]);
    expect(encoded({ a: "text" }, ...rows)).toBe(rows.map((row) => encoded({ a: "text" }, row)).join(""));
  });

  it("take integers to the last that fits, and no further", () => {
    for (const [type, least, most] of [
      ["int2", -(2n ** 15n), 2n ** 15n - 1n],
      ["int4", -(2n ** 31n), 2n ** 31n - 1n],
      ["int8", -(2n ** 63n), 2n ** 63n - 1n],
    ] as const) {
      const value = (of: bigint) => (type === "int8" ? of : Number(of));
      for (const fits of [least, most]) expect(() => encoded({ a: type }, [value(fits)])).not.toThrow();
      for (const beyond of [least - 1n, most + 1n])
        expect(() => encoded({ amount: type }, [value(beyond)])).toThrow(
          refusal("storage.out-of-range", `The value of amount does not fit a column of type ${type}.`),
        );
    }
    expect(() => encoded({ a: "int4" }, [0.5])).toThrow("The value of a does not fit a column of type int4.");
  });

  it("hold no text that Postgres can't hold, and the error does not repeat it", () => {
    for (const text of ["a\0b", "\ud800", `${"x".repeat(60)}\0`]) {
      const told = refusal(
        "storage.text",
        "The text for name holds a NUL or half of a surrogate pair and can't be stored.",
      );
      expect(() => encoded({ name: "text" }, [text])).toThrow(told);
      expect(() => checkText(text, "name")).toThrow(told);
    }
    expect(() => checkText("ü碳😀", "name")).not.toThrow();
  });
});
