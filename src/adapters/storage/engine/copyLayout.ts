import { InputError } from "../../../base/errors/errors.ts";
import { checkText, COPY_HEADER } from "./copyFormat.ts";
import type { Session } from "./database.ts";

const FIRST_ROOM = 64;
const END_BYTES = 2;
const INT8_LIMIT = 2n ** 63n;
/** Larger ones are not kept: few ingests need them. */
const MAX_SPARE_BYTES = 4 * 2 ** 20;

/**
 * The shape of rows that are copied by the million: columns of fixed width first, then such as vary. What is
 * the same in each row is laid out once; a row is a copy of that, with its values put in their places.
 */
export class CopyLayout<Column extends string> {
  /** Names of all columns. */
  readonly columns: readonly string[];
  /** Where in a row the value of each fixed column begins. */
  readonly at: Readonly<Record<Column, number>>;
  readonly template: Uint8Array;
  /** A buffer that is free again: new ones by the megabyte wait long for the garbage collector. */
  #spare: Buffer<ArrayBuffer> | null = null;

  /** @param fixed bytes of each fixed column, in the order of the row */
  constructor(fixed: Readonly<Record<Column, number>>, varying: readonly string[] = []) {
    const widths = Object.entries<number>(fixed);
    const template = new DataView(new ArrayBuffer(widths.reduce((sum, [, width]) => sum + 4 + width, 2)));
    template.setInt16(0, widths.length + varying.length);
    let end = 2;
    const at: Record<string, number> = {};
    for (const [name, width] of widths) {
      template.setInt32(end, width);
      at[name] = end + 4;
      end += 4 + width;
    }
    this.at = at as Record<Column, number>;
    this.columns = [...widths.map(([name]) => name), ...varying];
    this.template = new Uint8Array(template.buffer);
  }

  /** @param varyingBytes about how many bytes the varying columns of a row take */
  open(rows: number, varyingBytes = 0): CopyRows {
    const room = FIRST_ROOM + rows * (this.template.length + varyingBytes);
    const spare = this.#spare;
    this.#spare = null;
    const fits = spare !== null && spare.length >= room;
    return new CopyRows(this.template, fits ? spare : Buffer.from(new ArrayBuffer(room)));
  }

  /** Appends rows that `finish` gave; their buffer is used again afterwards. */
  async copy(tx: Session, table: string, rows: Uint8Array<ArrayBuffer>): Promise<void> {
    await tx.copyBytes(table, this.columns, rows);
    if (rows.buffer.byteLength <= MAX_SPARE_BYTES) this.#spare = Buffer.from(rows.buffer);
  }
}

/**
 * Rows as they are written. Each begins with `next`, takes its fixed values in any order, then the varying.
 */
export class CopyRows {
  readonly #template: Uint8Array;
  #buffer: Buffer<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #row = 0;
  #end = COPY_HEADER.length;

  constructor(template: Uint8Array, buffer: Buffer<ArrayBuffer>) {
    this.#template = template;
    this.#buffer = buffer;
    this.#view = new DataView(this.#buffer.buffer);
    this.#buffer.set(COPY_HEADER);
  }

  next(): void {
    this.#reserve(this.#template.length);
    this.#row = this.#end;
    this.#buffer.set(this.#template, this.#row);
    this.#end += this.#template.length;
  }

  /** A safe integer. */
  int8(at: number, value: number): void {
    this.#view.setInt32(this.#row + at, Math.floor(value / 2 ** 32));
    this.#view.setInt32(this.#row + at + 4, value | 0);
  }

  /** @throws InputError `storage.out-of-range`, as the others that take a column's name */
  bigint(at: number, value: bigint, column: string): void {
    if (value >= INT8_LIMIT || value < -INT8_LIMIT) throw outOfRange(column);
    this.#view.setBigInt64(this.#row + at, value);
  }

  int4(at: number, value: number, column: string): void {
    if ((value | 0) !== value) throw outOfRange(column);
    this.#view.setInt32(this.#row + at, value);
  }

  int2(at: number, value: number, column: string): void {
    if ((value << 16) >> 16 !== value) throw outOfRange(column);
    this.#view.setInt16(this.#row + at, value);
  }

  /** Bytes `[from, to)` of `source`. */
  bytes(at: number, source: Uint8Array, from: number, to: number): void {
    const start = this.#row + at - from;
    for (let i = from; i < to; i++) this.#buffer[start + i] = source[i] as number;
  }

  /** The next of the varying columns. */
  text(value: string, column: string): void {
    const { length } = value;
    this.#reserve(4 + 3 * length);
    const start = this.#end + 4;
    let written = 0;
    for (; written < length; written++) {
      const code = value.charCodeAt(written);
      if (code === 0 || code > 127) break;
      this.#buffer[start + written] = code;
    }
    if (written < length) {
      checkText(value, column);
      written = this.#buffer.write(value, start, "utf8");
    }
    this.#view.setInt32(this.#end, written);
    this.#end = start + written;
  }

  /** The next of the varying columns. */
  blob(value: Uint8Array): void {
    this.#reserve(4 + value.length);
    this.#view.setInt32(this.#end, value.length);
    this.#buffer.set(value, this.#end + 4);
    this.#end += 4 + value.length;
  }

  /** All rows, as COPY takes them. */
  finish(): Uint8Array<ArrayBuffer> {
    this.#reserve(END_BYTES);
    this.#view.setInt16(this.#end, -1);
    return this.#buffer.subarray(0, this.#end + END_BYTES);
  }

  #reserve(bytes: number): void {
    const needed = this.#end + bytes + END_BYTES;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.from(new ArrayBuffer(Math.max(2 * this.#buffer.length, needed)));
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function outOfRange(column: string): InputError {
  return new InputError("storage.out-of-range", `The value of ${column} does not fit its column.`);
}
