import { InputError } from "../../../base/errors/errors.ts";
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from "../../../base/lib/json/jsonSigns.ts";
import { StreamDecoder } from "./textDecoding.ts";
import type { TextEncoding } from "../schema/formatSchema.ts";

const MAX_NAME_CHARACTERS = 1000;

/**
 * Cuts one array of a JSON text into the texts of its elements, as they come: the array stands at a pointer
 * (`/_items`), or is the whole text where the pointer is empty. Elements are cut by their brackets and quotes
 * alone, whatever they hold; their reader judges them. An element longer than `longest` UTF-16 units comes
 * out cut to `longest + 1`. Depth is counted, not stacked, so memory is that of one element.
 */
export class ElementCutter {
  readonly #decoder: StreamDecoder;
  readonly #at: string;
  readonly #steps: readonly string[];
  readonly #longest: number;
  /** Inside the array that was looked for. */
  #inside = false;
  #found = false;
  /** Open brackets, those of the current element not counted. */
  #depth = 0;
  /** How many of them lie on the way to the array. */
  #onWay = 0;
  #inString = false;
  #escaped = false;
  /** The text of the last string that stood where the next step's name may stand. */
  #key = "";
  #atKey = false;
  #element = "";
  #elementDepth = 0;
  #elements = 0;
  #closed = false;

  constructor(encoding: TextEncoding, at: string, longest: number) {
    this.#decoder = new StreamDecoder(encoding);
    this.#at = at;
    this.#steps = at === "" ? [] : at.slice(1).split("/").map(unescapeStep);
    this.#longest = longest;
  }

  /** Elements that the next bytes complete. @throws InputError `input.json` */
  push(bytes: Uint8Array): string[] {
    const done: string[] = [];
    this.#scan(this.#decoder.push(bytes), done);
    return done;
  }

  /** @throws InputError `input.json` where the text ends too early, or had no such array */
  end(): string[] {
    const done: string[] = [];
    this.#scan(this.#decoder.end(), done);
    if (!this.#closed)
      throw this.#bad("ends too early. What was read before stands; get the file again and run once more");
    if (!this.#found) throw this.#bad("has no such array. Check the profile's format.at");
    return done;
  }

  #scan(text: string, done: string[]): void {
    for (let i = 0; i < text.length;)
      i = this.#inside ? this.#scanElement(text, i, done) : this.#scanOutside(text, i);
  }

  /** From `from`, to the end of the current element or of the text; returns where it stopped. */
  #scanElement(text: string, from: number, done: string[]): number {
    for (let i = from; i < text.length; i++) {
      const character = text.charCodeAt(i);
      if (this.#inString) this.#string(character);
      else if (character === QUOTE) this.#inString = true;
      else if (character === OPEN_OBJECT || character === OPEN_ARRAY) this.#elementDepth++;
      else if (this.#elementDepth > 0) {
        if (character === CLOSE_OBJECT || character === CLOSE_ARRAY) this.#elementDepth--;
      } else if (character === COMMA || character === CLOSE_ARRAY) {
        this.#keep(text.slice(from, i));
        this.#finish(character === CLOSE_ARRAY, done);
        return i + 1;
      }
    }
    this.#keep(text.slice(from));
    return text.length;
  }

  #finish(last: boolean, done: string[]): void {
    const element = this.#element;
    // An empty array has no element; between commas, nothing is an element that is missing.
    if (!last || element !== "" || this.#elements > 0) done.push(element);
    this.#elements++;
    this.#element = "";
    if (!last) return;
    this.#inside = false;
    this.#found = true;
    this.#leave();
  }

  #keep(text: string): void {
    // White space around an element is none of it, however much there is.
    const ended = this.#elementDepth === 0 && !this.#inString ? text.trimEnd() : text;
    const piece = this.#element === "" ? ended.trimStart() : ended;
    const room = this.#longest + 1 - this.#element.length;
    if (room > 0) this.#element += piece.slice(0, room);
  }

  /** One step outside the array: what stands there is counted, and only its names on the way are read. */
  #scanOutside(text: string, i: number): number {
    const character = text.charCodeAt(i);
    if (this.#inString) {
      if (this.#atKey && this.#key.length < MAX_NAME_CHARACTERS) this.#key += text[i] as string;
      this.#string(character);
      if (!this.#inString) this.#atKey = false;
    } else if (character === QUOTE) this.#openString();
    else if (character === OPEN_OBJECT || character === OPEN_ARRAY) this.#enter(character === OPEN_ARRAY);
    else if (character === CLOSE_OBJECT || character === CLOSE_ARRAY) this.#leave();
    else if (character === COMMA) this.#expectKey();
    else if (this.#closed && !isSpace(character)) throw this.#bad("has text behind its end");
    return i + 1;
  }

  #openString(): void {
    if (this.#closed) throw this.#bad("has text behind its end");
    this.#inString = true;
    if (this.#atKey) this.#key = '"';
  }

  #string(character: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (character === BACKSLASH) this.#escaped = true;
    else if (character === QUOTE) this.#inString = false;
  }

  #enter(isArray: boolean): void {
    if (this.#closed) throw this.#bad("has text behind its end");
    const onWay =
      this.#onWay === this.#depth && (this.#depth === 0 || this.#name() === this.#steps[this.#depth - 1]);
    this.#depth++;
    this.#atKey = false;
    if (!onWay) return;
    if (this.#depth === this.#steps.length + 1) {
      if (!isArray) return;
      if (this.#found) throw this.#bad("has two such arrays");
      this.#inside = true;
    } else if (!isArray) {
      this.#onWay = this.#depth;
      this.#expectKey();
    }
  }

  #leave(): void {
    this.#depth--;
    if (this.#depth < 0) throw this.#bad("closes a bracket that it never opened");
    if (this.#depth === 0) this.#closed = true;
    this.#onWay = Math.min(this.#onWay, this.#depth);
    this.#key = "";
  }

  #expectKey(): void {
    this.#atKey = this.#depth > 0 && this.#onWay === this.#depth;
    this.#key = "";
  }

  #name(): string | null {
    try {
      return JSON.parse(this.#key) as string;
    } catch {
      return null;
    }
  }

  #bad(problem: string): InputError {
    return new InputError(
      "input.json",
      `The file is to be JSON with its rows in the array at ${JSON.stringify(this.#at)}, but it ${problem}.`,
    );
  }
}

function unescapeStep(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}

function isSpace(character: number): boolean {
  return character === 0x20 || character === 0x0a || character === 0x0d || character === 0x09;
}
