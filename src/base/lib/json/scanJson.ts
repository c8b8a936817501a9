import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from "./jsonSigns.ts";

/** What a JSON text may make a parser build. */
export interface JsonBounds {
  /** Levels of objects and arrays. */
  readonly depth: number;
  /** Members and elements in all, those of inner objects and arrays counted. */
  readonly values: number;
}

/** What is wrong with a text's structure. `member`: the name that stands twice in one object. */
export type JsonFault =
  | { readonly kind: "depth" | "values" | "open-string" }
  | { readonly kind: "repeated"; readonly member: string };

/**
 * Looks at the structure of a JSON text before anything is built of it: how deep, how many, and whether an
 * object names a member twice, which readers take in two ways. Stops at the first fault. Each character is
 * looked at once, and no more is kept than the bounds let pass. What is no JSON otherwise is left to the
 * parser.
 */
export function scanJson(text: string, { depth, values }: JsonBounds): JsonFault | null {
  /** Names of each open object's members; null for an array. */
  const open: (Set<string> | null)[] = [];
  let count = 0;
  let last: { start: number; end: number } | null = null;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = closingQuote(text, at);
        if (end < 0) return { kind: "open-string" };
        last = { start: at, end };
        at = end;
        break;
      }
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        open.push(text.charCodeAt(at) === OPEN_OBJECT ? new Set() : null);
        if (open.length > depth) return { kind: "depth" };
        if (++count > values) return { kind: "values" };
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        open.pop();
        break;
      case COMMA:
        if (++count > values) return { kind: "values" };
        break;
      case COLON: {
        const names = open.at(-1);
        const member = last && memberName(text.slice(last.start, last.end + 1));
        last = null;
        if (!names || member === null) break;
        if (names.has(member)) return { kind: "repeated", member };
        names.add(member);
        break;
      }
    }
  }
  return null;
}

/** Where the string that begins at `start` ends, or -1. */
function closingQuote(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (end - slashes - 1 > start && text[end - slashes - 1] === "\\") slashes++;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

/** `"\\u0061"` and `"a"` are one name. Null for what is no string. */
function memberName(token: string): string | null {
  if (!token.includes("\\")) return token.slice(1, -1);
  try {
    return JSON.parse(token) as string;
  } catch {
    return null;
  }
}
