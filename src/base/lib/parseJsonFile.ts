import { InputError } from "../errors/errors.ts";
import { MIB } from "./sizes.ts";

/** More than any rule or project needs: a table of ten thousand rows fits. */
export const MAX_JSON_FILE_BYTES = MIB;
const MAX_DEPTH = 16;
const BRACKETS = "{}[],:";

/**
 * The value in a file of JSON in UTF-8 as people write it, with any spacing. What a reader could take in
 * two ways is refused.
 * @param name of the file, for the sentences
 * @throws InputError `file.json` for what is too large, too deep, no JSON, or names a member twice
 */
export function parseJsonFile(bytes: Uint8Array, name: string): unknown {
  if (bytes.length > MAX_JSON_FILE_BYTES)
    throw refused(name, `is too large; such a file has at most ${String(MAX_JSON_FILE_BYTES)} bytes`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refused(name, "is no text in UTF-8", cause);
  }
  // Before parsing: a parser of its own goes as deep as the text does.
  checkNesting(text, name);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused(name, "is no JSON; look for a comma too many or a quote too few", cause);
  }
}

/** Follows brackets and member names; what is no JSON otherwise is left to the parser. */
function checkNesting(text: string, name: string): void {
  const open: (Set<string> | null)[] = [];
  let last = "";
  for (const token of tokensOf(text, name)) {
    if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : null);
      if (open.length > MAX_DEPTH)
        throw refused(name, `is nested more than ${String(MAX_DEPTH)} levels deep`);
    } else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const members = open.at(-1);
      const member = memberName(last);
      if (members && member !== null) {
        if (members.has(member))
          throw refused(name, `names ${JSON.stringify(member.slice(0, 40))} twice in one object`);
        members.add(member);
      }
    }
    last = token;
  }
}

/**
 * Strings with their quotes, and brackets. Each character is looked at once, whatever the text is: a pattern
 * would begin anew behind each quote of a string that does not end.
 */
function* tokensOf(text: string, name: string): Generator<string> {
  for (let at = 0; at < text.length; at += 1) {
    const start = at;
    const first = text[at] as string;
    if (first !== '"') {
      if (BRACKETS.includes(first)) yield first;
      continue;
    }
    for (at += 1; text[at] !== '"'; at += 1) {
      if (at >= text.length) throw refused(name, "is no JSON: a string has no closing quote");
      if (text[at] === "\\") at += 1;
    }
    yield text.slice(start, at + 1);
  }
}

/** `"\\u0061"` and `"a"` are one name. */
function memberName(token: string): string | null {
  try {
    const value: unknown = JSON.parse(token);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

function refused(name: string, what: string, cause?: unknown): InputError {
  return new InputError("file.json", `${name} ${what}.`, { cause });
}
