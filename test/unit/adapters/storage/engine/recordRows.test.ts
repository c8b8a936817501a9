import { describe, expect, it } from "vitest";
import {
  asRecords,
  recordReader,
  shapeOf,
  valueReaders,
} from "../../../../../src/adapters/storage/engine/recordRows.ts";

const COLUMNS = [
  { name: "flag", dataTypeID: 16 },
  { name: "bytes", dataTypeID: 17 },
  { name: "big", dataTypeID: 20 },
  { name: "small", dataTypeID: 21 },
  { name: "number", dataTypeID: 23 },
  { name: "words", dataTypeID: 25 },
  { name: "short", dataTypeID: 1043 },
];

/** As `record_send` writes a record: a number of columns, and of each its type, its length and its bytes. */
function sent(values: readonly (Uint8Array | null)[]): Uint8Array {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  return Buffer.concat([
    number(values.length),
    ...values.flatMap((value, i) => [
      number(COLUMNS[i]?.dataTypeID ?? 0),
      number(value?.length ?? -1),
      value ?? Buffer.alloc(0),
    ]),
  ]);
}
const big = Buffer.alloc(8);
big.writeBigInt64BE(-(2n ** 60n));
const VALUES = [
  Uint8Array.of(1),
  Uint8Array.of(0, 255),
  big,
  Uint8Array.of(0xff, 0xfe),
  Uint8Array.of(0x7f, 0xff, 0xff, 0xff),
  Buffer.from("碳 ü"),
  Buffer.from(""),
];
const ROW = {
  flag: true,
  bytes: Uint8Array.of(0, 255),
  big: -(2n ** 60n),
  small: -2,
  number: 2 ** 31 - 1,
  words: "碳 ü",
  short: "",
};

describe("records in the form that Postgres sends", () => {
  it("are asked for by what they hold", () => {
    expect(shapeOf("SELECT 1")).toBe("SELECT * FROM (SELECT 1) AS shape LIMIT 0");
    expect(asRecords("SELECT 1")).toBe("SELECT record_send(q) AS record FROM (SELECT 1) AS q");
  });

  it("are read column by column, what is missing as null", () => {
    const read = recordReader(COLUMNS) as (record: Uint8Array) => object;
    expect(read(sent(VALUES))).toEqual(ROW);
    expect(read(sent([Uint8Array.of(0), ...VALUES.slice(1)]))).toEqual({ ...ROW, flag: false });
    for (const [i, { name }] of COLUMNS.entries())
      expect(read(sent(VALUES.map((value, at) => (at === i ? null : value))))).toEqual({
        ...ROW,
        [name]: null,
      });
    // Wherever the record lies in its buffer.
    const shifted = Buffer.concat([Buffer.alloc(3), sent(VALUES)]).subarray(3);
    expect(read(shifted)).toEqual(ROW);
  });

  it("are left to the driver where there are few columns, or one of another type", () => {
    expect(recordReader(COLUMNS.slice(0, 3))).toBeNull();
    expect(recordReader(COLUMNS.slice(0, 4))).not.toBeNull();
    expect(recordReader([...COLUMNS, { name: "price", dataTypeID: 1700 }])).toBeNull();
    expect(valueReaders(COLUMNS.slice(0, 1))).toHaveLength(1);
    expect(valueReaders([{ name: "price", dataTypeID: 1700 }])).toBeNull();
  });
});
