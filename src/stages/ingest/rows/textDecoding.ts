import { TextDecoder } from "node:util";
import type { TextEncoding } from "../schema/formatSchema.ts";

/**
 * Decodes a stream of bytes piece by piece. A byte order mark at the start is dropped, and one of UTF-16
 * decides whatever the profile says, as no text in another encoding begins so. Bytes that are not valid in
 * the encoding become U+FFFD.
 */
export class StreamDecoder {
  readonly #encoding: TextEncoding;
  #decoder: TextDecoder | null = null;
  /** The first byte, while the second is not there. */
  #held: Uint8Array | null = null;

  constructor(encoding: TextEncoding) {
    this.#encoding = encoding;
  }

  push(bytes: Uint8Array): string {
    if (this.#decoder) return this.#decoder.decode(bytes, { stream: true });
    const first = this.#held ? Buffer.concat([this.#held, bytes]) : bytes;
    if (first.length < 2) {
      this.#held = first.length === 0 ? null : first;
      return "";
    }
    this.#held = null;
    this.#decoder = new TextDecoder(utf16Mark(first) ?? this.#encoding);
    return this.#decoder.decode(first, { stream: true });
  }

  /** What the end of the stream completes. */
  end(): string {
    this.#decoder ??= new TextDecoder(this.#encoding);
    return this.#decoder.decode(this.#held ?? new Uint8Array());
  }
}

/** The encoding that a UTF-16 byte order mark at the start of a file names, or null. */
export function utf16Mark([first, second]: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : null;
}
