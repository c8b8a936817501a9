import { InputError } from "../../base/errors/errors.ts";

/** Column types that the encoder knows, by their Postgres names. */
export type ColumnType = "int8" | "int4" | "int2" | "bytea" | "text" | "bool";
/** Columns of a COPY in the order of the row's values. */
export type CopyColumns = Readonly<Record<string, ColumnType>>;
/** int8 takes bigint or a safe integer, int4 and int2 a number. */
export type CopyValue = bigint | number | Uint8Array | string | boolean | null;
export type CopyRow = readonly CopyValue[];

/** "PGCOPY\n\377\r\n\0", no flags, no header extension: PostgreSQL manual, COPY, "Binary Format". */
const HEADER = Uint8Array.of(0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0);
/** Room for the widest fixed-size value and its length word. */
const FIXED_ROOM = 12;

/**
 * Rows in Postgres' binary COPY format, version of PostgreSQL 7.4 and later.
 * @throws InputError `storage.text` for a text that Postgres can't hold (NUL, lone surrogate), `storage.out-of-range` for an integer too
 * large for its column
 */
export function encodeCopyRows(columns: CopyColumns, rows: readonly CopyRow[]): Uint8Array<ArrayBuffer> {
  const names = Object.keys(columns);
  const types = Object.values(columns);
  let buffer = Buffer.allocUnsafe(Math.max(4096, rows.length * 32 * types.length));
  buffer.set(HEADER);
  let at = HEADER.length;

  const reserve = (bytes: number): void => {
    if (at + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * buffer.length, at + bytes));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  };

  for (const row of rows) {
    reserve(2);
    at = buffer.writeInt16BE(types.length, at);
    for (let column = 0; column < types.length; column++) {
      const value = row[column] as CopyValue;
      reserve(FIXED_ROOM);
      if (value === null) {
        at = buffer.writeInt32BE(-1, at);
        continue;
      }
      const type = types[column] as ColumnType;
      switch (type) {
        case "text": {
          const text = value as string;
          checkText(text, names[column] as string);
          reserve(4 + 3 * text.length);
          const length = buffer.write(text, at + 4, "utf8");
          buffer.writeInt32BE(length, at);
          at += 4 + length;
          break;
        }
        case "bytea": {
          const bytes = value as Uint8Array;
          reserve(4 + bytes.length);
          buffer.writeInt32BE(bytes.length, at);
          buffer.set(bytes, at + 4);
          at += 4 + bytes.length;
          break;
        }
        case "bool":
          buffer.writeInt32BE(1, at);
          at = buffer.writeUInt8(value === true ? 1 : 0, at + 4);
          break;
        case "int8":
        case "int4":
        case "int2":
          at = writeInteger(buffer, at, type, value as bigint | number, names[column] as string);
          break;
      }
    }
  }
  reserve(2);
  at = buffer.writeInt16BE(-1, at);
  return buffer.subarray(0, at);
}

function writeInteger(buffer: Buffer, at: number, type: "int8" | "int4" | "int2", value: bigint | number, column: string): number {
  try {
    if (type === "int8") {
      buffer.writeInt32BE(8, at);
      return buffer.writeBigInt64BE(BigInt(value), at + 4);
    }
    if (type === "int4") {
      buffer.writeInt32BE(4, at);
      return buffer.writeInt32BE(Number(value), at + 4);
    }
    buffer.writeInt32BE(2, at);
    return buffer.writeInt16BE(Number(value), at + 4);
  } catch (cause) {
    throw new InputError("storage.out-of-range", `The value of ${column} does not fit a column of type ${type}.`, { cause });
  }
}

/** @throws InputError `storage.text` for a text that Postgres can't hold; `column` is named in the message, the text is not */
export function checkText(text: string, column: string): void {
  if (text.isWellFormed() && !text.includes("\0")) return;
  throw new InputError("storage.text", `The text for ${column} holds a NUL or half of a surrogate pair and can't be stored.`);
}
