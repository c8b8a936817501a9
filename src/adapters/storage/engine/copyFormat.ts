import { InputError } from "../../../base/errors/errors.ts";

/** Column types that the encoder knows, by their Postgres names. */
export type ColumnType = "int8" | "int4" | "int2" | "bytea" | "text" | "bool";
/** Columns of a COPY in the order of the row's values. */
export type CopyColumns = Readonly<Record<string, ColumnType>>;
/** int8 takes bigint or a safe integer, int4 and int2 a number. */
export type CopyValue = bigint | number | Uint8Array | string | boolean | null;
export type CopyRow = readonly CopyValue[];

/** "PGCOPY\n\377\r\n\0", no flags, no header extension: PostgreSQL manual, COPY, "Binary Format". */
export const COPY_HEADER = Uint8Array.of(
  0x50,
  0x47,
  0x43,
  0x4f,
  0x50,
  0x59,
  0x0a,
  0xff,
  0x0d,
  0x0a,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
);
const FIRST_ROOM = 4096;
/** Longer texts are written by the platform; for short ones its call costs more than the copying. */
const SHORT_TEXT = 48;

/**
 * Rows in Postgres' binary COPY format, version of PostgreSQL 7.4 and later.
 * @throws InputError `storage.text` for a text that Postgres can't hold (NUL, lone surrogate),
 * `storage.out-of-range` for an integer too large for its column
 */
export function encodeCopyRows(columns: CopyColumns, rows: readonly CopyRow[]): Uint8Array<ArrayBuffer> {
  const names = Object.keys(columns);
  const types = Object.values(columns);
  const writer = new CopyWriter(FIRST_ROOM + rows.length * 24 * types.length);
  writer.raw(COPY_HEADER);
  for (const row of rows) {
    writer.int2(types.length);
    for (let column = 0; column < types.length; column++) {
      const value = row[column] as CopyValue;
      if (value === null) writer.int4(-1);
      else writer.field(types[column] as ColumnType, value, names[column] as string);
    }
  }
  writer.int2(-1);
  return writer.bytes();
}

/**
 * @throws InputError `storage.text` for a text that Postgres can't hold; `column` is named in the message,
 * the text is not
 */
export function checkText(text: string, column: string): void {
  if (text.isWellFormed() && !text.includes("\0")) return;
  throw new InputError(
    "storage.text",
    `The text for ${column} holds a NUL or half of a surrogate pair and can't be stored.`,
  );
}

/** A buffer that grows as it is written, big-endian. */
class CopyWriter {
  #buffer: Buffer<ArrayBuffer>;
  #view: DataView;
  #at = 0;

  constructor(room: number) {
    this.#buffer = Buffer.from(new ArrayBuffer(room));
    this.#view = new DataView(this.#buffer.buffer);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#at);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  int2(value: number): void {
    this.#reserve(2);
    this.#view.setInt16(this.#at, value);
    this.#at += 2;
  }

  int4(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.#at, value);
    this.#at += 4;
  }

  /** A value with its length before it. */
  field(type: ColumnType, value: bigint | number | Uint8Array | string | boolean, column: string): void {
    switch (type) {
      case "text":
        this.#text(value as string, column);
        break;
      case "bytea":
        this.int4((value as Uint8Array).length);
        this.raw(value as Uint8Array);
        break;
      case "bool":
        this.int4(1);
        this.raw(Uint8Array.of(value === true ? 1 : 0));
        break;
      case "int8":
        this.#int8(BigInt(value as bigint | number), column);
        break;
      case "int4":
        this.int4(4);
        this.int4(within(Number(value), 2 ** 31, type, column));
        break;
      case "int2":
        this.int4(2);
        this.int2(within(Number(value), 2 ** 15, type, column));
        break;
    }
  }

  #int8(value: bigint, column: string): void {
    if (BigInt.asIntN(64, value) !== value) throw outOfRange("int8", column);
    this.int4(8);
    this.#reserve(8);
    this.#view.setBigInt64(this.#at, value);
    this.#at += 8;
  }

  #text(text: string, column: string): void {
    this.#reserve(4 + 3 * text.length);
    const start = this.#at + 4;
    const length =
      text.length <= SHORT_TEXT && this.#ascii(text, start) ? text.length : this.#utf8(text, start, column);
    this.int4(length);
    this.#at += length;
  }

  /** False, and nothing of use written, where the text is more than plain ASCII. */
  #ascii(text: string, start: number): boolean {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 0 || code > 127) return false;
      this.#buffer[start + i] = code;
    }
    return true;
  }

  #utf8(text: string, start: number, column: string): number {
    checkText(text, column);
    return this.#buffer.write(text, start, "utf8");
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.from(new ArrayBuffer(Math.max(2 * this.#buffer.length, this.#at + bytes)));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function within(value: number, limit: number, type: ColumnType, column: string): number {
  if (!Number.isInteger(value) || value < -limit || value >= limit) throw outOfRange(type, column);
  return value;
}

function outOfRange(type: ColumnType, column: string): InputError {
  return new InputError(
    "storage.out-of-range",
    `The value of ${column} does not fit a column of type ${type}.`,
  );
}
