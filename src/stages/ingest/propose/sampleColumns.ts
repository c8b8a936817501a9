import { DEFAULT_CAPS, type IngestCaps } from "../caps.ts";
import type { FileFormat } from "../schema/formatSchema.ts";
import { inflate } from "../rows/inflate.ts";
import type { OpenScratch } from "../ports.ts";
import { readRows } from "../rows/readRows.ts";
import { columnFacts, type ColumnFacts } from "./columnFacts.ts";

/** A file that can be read again from its beginning. */
export interface Reopened {
  open(): AsyncIterable<Uint8Array>;
}

/** The first rows of a file, column by column. */
export interface Sample {
  readonly rows: number;
  readonly columns: readonly ColumnFacts[];
  /** Words of the sample that stand for empty fields. */
  readonly empty: readonly string[];
  /** JSON members that are lists of objects. */
  readonly lists: readonly string[];
}

const MAX_COLUMNS = 200;
const MAX_LOOKED_ROWS = 50_000;
/** A list of so few plain values is a place or a span, each with a meaning of its own. */
const SHORT_LIST = 4;
const EMPTY_WORDS = /^(?:null|none|nil|n\/a|na|nan|\\n|-+|#n\/a|undefined|无|暂无)$/i;

/** The first bytes of a file, decompressed. */
export async function readHead(
  source: Reopened,
  bytes: number,
  caps: IngestCaps = DEFAULT_CAPS,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of inflate(source.open(), caps)) {
    pieces.push(piece);
    length += piece.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(pieces).subarray(0, bytes);
}

/**
 * Looks at up to `most` rows. JSON members inside objects are named by their pointers. @throws InputError as
 * `readRows`
 */
export async function sampleColumns(
  source: Reopened,
  format: FileFormat,
  most: number,
  openScratch: OpenScratch,
  caps: IngestCaps = DEFAULT_CAPS,
): Promise<Sample> {
  const values = new Map<string, string[]>();
  const lists = new Set<string>();
  let rows = 0;
  let looked = 0;
  const add = (name: string, value: string): void => {
    if (!values.has(name) && values.size >= MAX_COLUMNS) return;
    const column = values.get(name) ?? [];
    values.set(name, column);
    // Rows before this one had no such member.
    while (column.length < rows) column.push("");
    column.push(value);
  };
  for await (const block of readRows(source.open(), format, caps, [], openScratch)) {
    for (const { raw, fields } of block.rows) {
      looked++;
      if (!fields) continue;
      if (block.columns) block.columns.forEach((name, index) => add(name, fields[index] ?? ""));
      else for (const [name, value] of membersOf(raw, lists)) add(name, value);
      rows++;
      if (rows >= most) break;
    }
    for (const name of block.columns ?? []) if (!values.has(name)) values.set(name, []);
    // A file of empty lines has no row that says anything, however far it is read.
    if (rows >= most || looked >= MAX_LOOKED_ROWS) break;
  }
  for (const column of values.values()) while (column.length < rows) column.push("");
  const delimiter = format.kind === "csv" ? format.delimiter : null;
  const empty = new Set(
    [...values.values()].flatMap((column) =>
      column.map((value) => value.trim()).filter((value) => EMPTY_WORDS.test(value)),
    ),
  );
  const columns = [...values].map(([name, column]) =>
    columnFacts(
      name,
      column.map((value) => (empty.has(value.trim()) ? "" : value)),
      delimiter,
    ),
  );
  return { rows, columns, empty: [...empty], lists: [...lists] };
}

/**
 * The plain members of a JSON row and of what is in it, by name or pointer; of arrays only short ones.
 * `lists` collects lists of objects.
 */
function* membersOf(raw: string, lists: Set<string>): Generator<[string, string]> {
  const seen: { value: object; path: string }[] = [{ value: JSON.parse(raw) as object, path: "" }];
  for (let next = seen.shift(); next; next = seen.shift()) {
    const isArray = Array.isArray(next.value);
    for (const [key, value] of Object.entries(next.value) as [
      string,
      object | string | number | boolean | null,
    ][]) {
      const path = `${next.path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      const name = next.path === "" && !isArray && !key.startsWith("/") ? key : path;
      if (Array.isArray(value) && value.some((one) => typeof one === "object")) lists.add(path);
      else if (Array.isArray(value) && (value.length > SHORT_LIST || isArray)) continue;
      else if (typeof value === "object" && value !== null) seen.push({ value, path });
      else yield [name.startsWith("/../") ? name.slice(1) : name, value === null ? "" : String(value)];
    }
  }
}
