import { TextDecoder } from "node:util";
import { InputError } from "../../base/errors/errors.ts";

/** Encodings of provider files. */
export type TextEncoding = "utf-8" | "gbk";

/**
 * Cuts a stream of bytes into lines. Line ends are LF, CRLF or CR, mixed as they come; the last one opens no further line. Bytes that
 * are not valid in the encoding become U+FFFD. A byte order mark at the start is dropped.
 * A line longer than `longest` UTF-16 units comes out cut to `longest + 1`, which is how its reader knows; memory stays flat.
 */
export class LineCutter {
  readonly #decoder: TextDecoder;
  readonly #longest: number;
  #started = false;
  #heldCr = false;
  #rest = "";

  constructor(encoding: TextEncoding, longest: number) {
    this.#decoder = new TextDecoder(encoding);
    this.#longest = longest;
  }

  /** Lines that the next bytes complete. @throws InputError `input.encoding` for a file that begins with a UTF-16 mark */
  push(bytes: Uint8Array): string[] {
    if (!this.#started && bytes.length > 0) {
      refuseUtf16(bytes);
      this.#started = true;
    }
    return this.#cut(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The line that the end of the stream completes, if there is one. */
  end(): string[] {
    const lines = this.#cut(this.#decoder.decode() + (this.#heldCr ? "\n" : ""));
    if (this.#rest !== "") lines.push(this.#rest);
    this.#rest = "";
    return lines;
  }

  #cut(decoded: string): string[] {
    let text = decoded;
    if (this.#heldCr && text !== "") {
      this.#heldCr = false;
      if (!text.startsWith("\n")) text = `\n${text}`;
    }
    if (text.endsWith("\r")) {
      // It may be the first half of CRLF.
      this.#heldCr = true;
      text = text.slice(0, -1);
    }
    if (text.includes("\r")) text = text.replaceAll(/\r\n?/g, "\n");
    const lines = text.split("\n");
    lines[0] = this.#bounded(this.#rest + (lines[0] as string));
    this.#rest = this.#bounded(lines.pop() as string);
    return lines;
  }

  /** What is over the bound is dropped at once: a line of any length costs no more than this. */
  #bounded(line: string): string {
    return line.length > this.#longest ? line.slice(0, this.#longest + 1) : line;
  }
}

/** @throws InputError `input.encoding` for bytes that begin with a UTF-16 mark */
export function refuseUtf16(bytes: Uint8Array): void {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new InputError("input.encoding", "The file begins with a UTF-16 byte order mark. Convert it to UTF-8 first.");
  }
}
