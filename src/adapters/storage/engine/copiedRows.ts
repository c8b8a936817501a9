import { COPY_HEADER } from "./copyFormat.ts";
import { valueReaders, type RecordColumn, type ValueReader } from "./recordRows.ts";

/** Makes rows of what COPY … TO STDOUT (FORMAT binary) sends, piece by piece. */
export class CopiedRows<T> {
  readonly #names: readonly string[];
  readonly #readers: readonly ValueReader[];
  /** What has come of a row, or of the header, that is not whole. */
  #rest: Buffer = Buffer.alloc(0);
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
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let at = 0;
    if (!this.#begun) {
      if (bytes.length < COPY_HEADER.length) {
        this.#rest = bytes;
        return [];
      }
      this.#begun = true;
      at = COPY_HEADER.length;
    }
    const rows: T[] = [];
    for (let end = rowEnd(bytes, at); end > at; end = rowEnd(bytes, at)) {
      rows.push(this.#row(bytes, at));
      at = end;
    }
    this.#rest = bytes.subarray(at);
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

/** Where the row at `start` ends; `start` itself where it is not whole, or none comes any more. */
function rowEnd(bytes: Buffer, start: number): number {
  if (start + 2 > bytes.length) return start;
  let at = start + 2;
  for (let fields = bytes.readInt16BE(start); fields > 0; fields--) {
    if (at + 4 > bytes.length) return start;
    at += 4 + Math.max(0, bytes.readInt32BE(at));
    if (at > bytes.length) return start;
  }
  return bytes.readInt16BE(start) < 0 ? start : at;
}
