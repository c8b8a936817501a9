import { StreamDecoder } from "./textDecoding.ts";
import type { TextEncoding } from "../schema/formatSchema.ts";

/**
 * Cuts a stream of bytes into lines, once `StreamDecoder` has made text of them. Line ends are LF, CRLF or
 * CR, mixed as they come; the last one opens no further line. A line longer than `longest` UTF-16 units comes
 * out cut to `longest + 1`, which is how its reader knows; memory stays flat.
 */
export class LineCutter {
  readonly #decoder: StreamDecoder;
  readonly #longest: number;
  #heldCr = false;
  #rest = "";

  constructor(encoding: TextEncoding, longest: number) {
    this.#decoder = new StreamDecoder(encoding);
    this.#longest = longest;
  }

  /** Lines that the next bytes complete. */
  push(bytes: Uint8Array): string[] {
    return this.#cut(this.#decoder.push(bytes));
  }

  /** The line that the end of the stream completes, if there is one. */
  end(): string[] {
    const lines = this.#cut(this.#decoder.end());
    if (this.#heldCr) lines.push(...this.#cut("\n"));
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
