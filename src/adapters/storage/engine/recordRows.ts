/**
 * Rows in the binary form that Postgres itself sends records in (`record_send`): a number of columns, and for
 * each its type, its length (-1 for NULL) and its bytes. One field a row goes through the driver then, where
 * its parsing of many costs more than all that is done with the row.
 */

/** A column as a driver describes it. */
export interface RecordColumn {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Reads a value of `length` bytes at `at`, in the form that Postgres sends it in. */
export type ValueReader = (bytes: Buffer, at: number, length: number) => unknown;

const READERS: ReadonlyMap<number, ValueReader> = new Map<number, ValueReader>([
  // bool
  [16, (bytes, at) => bytes[at] === 1],
  // bytea
  [17, (bytes, at, length) => new Uint8Array(bytes.buffer, bytes.byteOffset + at, length)],
  // int8, int2, int4
  [20, (bytes, at) => bytes.readBigInt64BE(at)],
  [21, (bytes, at) => bytes.readInt16BE(at)],
  [23, (bytes, at) => bytes.readInt32BE(at)],
  // text, varchar
  [25, (bytes, at, length) => bytes.toString("utf8", at, at + length)],
  [1043, (bytes, at, length) => bytes.toString("utf8", at, at + length)],
]);
/** With fewer columns the driver is as fast. */
const MIN_COLUMNS = 4;

/** The statement whose columns are to be described; it returns no rows. */
export function shapeOf(sql: string): string {
  return `SELECT * FROM (${sql}) AS shape LIMIT 0`;
}

/** The statement whose one column is the record. What reads it keeps the order of the rows. */
export function asRecords(sql: string): string {
  return `SELECT record_send(q) AS record FROM (${sql}) AS q`;
}

/** What reads the values of each column; null where one has a type that only the driver reads. */
export function valueReaders(columns: readonly RecordColumn[]): ValueReader[] | null {
  const readers = columns.map(({ dataTypeID }) => READERS.get(dataTypeID) ?? null);
  return readers.includes(null) ? null : (readers as ValueReader[]);
}

/** What makes rows of records' bytes; null where a column has a type that only the driver reads. */
export function recordReader(columns: readonly RecordColumn[]): ((record: Uint8Array) => object) | null {
  const readers = columns.length < MIN_COLUMNS ? null : valueReaders(columns);
  if (readers === null) return null;
  const names = columns.map(({ name }) => name);
  return (record) => {
    const bytes = Buffer.from(record.buffer, record.byteOffset, record.length);
    const row: Record<string, unknown> = {};
    let at = 4;
    for (let i = 0; i < names.length; i++) {
      const length = bytes.readInt32BE(at + 4);
      at += 8;
      row[names[i] as string] = length < 0 ? null : (readers[i] as ValueReader)(bytes, at, length);
      at += Math.max(0, length);
    }
    return row;
  };
}
