import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { encodeGbk } from "./encodeGbk.ts";

const PIECE_CHARACTERS = 1 << 17;

export interface TextFile {
  readonly path: string;
  readonly encoding: "utf-8" | "gbk";
  readonly gzip: boolean;
  /** Stands before the first row: a header with its line end, a byte order mark, or nothing. */
  readonly opening: string;
}

/**
 * Writes rows, each ended by LF, as they are made: memory does not grow with their number. A file that is
 * there already is replaced.
 */
export async function writeRows(file: TextFile, rows: Iterable<string>): Promise<void> {
  const encode = file.encoding === "gbk" ? encodeGbk : (text: string) => Buffer.from(text, "utf8");
  const source = Readable.from(pieces(file.opening, rows, encode), { objectMode: true });
  const target = createWriteStream(file.path);
  await (file.gzip ? pipeline(source, createGzip({ level: 6 }), target) : pipeline(source, target));
}

function* pieces(
  opening: string,
  rows: Iterable<string>,
  encode: (text: string) => Buffer,
): Generator<Buffer> {
  let piece = opening;
  for (const row of rows) {
    piece += `${row}\n`;
    if (piece.length >= PIECE_CHARACTERS) {
      yield encode(piece);
      piece = "";
    }
  }
  if (piece !== "") yield encode(piece);
}
