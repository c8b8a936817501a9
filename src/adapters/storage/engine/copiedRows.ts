import { COPY_HEADER } from "./copyFormat.ts";
import { valueReaders, type RecordColumn, type ValueReader } from "./recordRows.ts";

/** Makes rows of what COPY … TO STDOUT (FORMAT binary) sends, piece by piece. */
export class CopiedRows<T> {
  readonly #names: readonly string[];
  readonly #readers: readonly ValueReader[];
  /** What has come of a row, or of the header, that is not whole; how many bytes that must be at least. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  #needed: number = COPY_HEADER.length;
  #begun = false;

  private constructor(names: readonly string[], readers: readonly ValueReader[]) {
    this.#names = names;
    this.#readers = readers;
  }

  /** Null where a column has a type that only the driver reads. */
  static of<T>(columns: readonly RecordColumn[]): CopiedRows<T> | null {
    const readers = valueReaders(columns);
    return (
      readers &&
      new CopiedRows<T>(
        columns.map(({ name }) => name),
        readers,
      )
    );
  }

  /** The rows that are whole with this piece. Their bytes are views of it. */
  add(piece: Buffer): T[] {
    this.#rest.push(piece);
    this.#restBytes += piece.length;
    // Joined at each piece, a long value would be copied as often as pieces of it come.
    if (this.#restBytes < this.#needed) return [];
    const bytes = this.#rest.length === 1 ? piece : Buffer.concat(this.#rest);
    let at = this.#begun ? 0 : COPY_HEADER.length;
    this.#begun = true;
    const rows: T[] = [];
    let end = rowEnd(bytes, at);
    for (; end <= bytes.length && end > at; end = rowEnd(bytes, at)) {
      rows.push(this.#row(bytes, at));
      at = end;
    }
    this.#rest = [bytes.subarray(at)];
    this.#restBytes = bytes.length - at;
    this.#needed = end - at;
    return rows;
  }

  #row(bytes: Buffer, start: number): T {
    const row: Record<string, unknown> = {};
    let at = start + 2;
    for (let i = 0; i < this.#names.length; i++) {
      const length = bytes.readInt32BE(at);
      at += 4;
      row[this.#names[i] as string] =
        length < 0 ? null : (this.#readers[i] as ValueReader)(bytes, at, length);
      at += Math.max(0, length);
    }
    return row as T;
  }
}

/**
 * Where the row at `start` ends. Beyond the bytes where it is not whole: then it ends there or later. `start`
 * itself where none comes any more.
 */
function rowEnd(bytes: Buffer, start: number): number {
  if (start + 2 > bytes.length) return start + 2;
  let at = start + 2;
  for (let fields = bytes.readInt16BE(start); fields > 0; fields--) {
    if (at + 4 > bytes.length) return at + 4;
    at += 4 + Math.max(0, bytes.readInt32BE(at));
    if (at > bytes.length) return at;
  }
  return bytes.readInt16BE(start) < 0 ? start : at;
}
