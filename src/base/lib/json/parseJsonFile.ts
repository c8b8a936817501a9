import { InputError } from "../../errors/errors.ts";
import { scanJson } from "./scanJson.ts";
import { MIB } from "../sizes.ts";

/** More than any rule or project needs: a table of ten thousand rows fits. */
export const MAX_JSON_FILE_BYTES = MIB;
const MAX_DEPTH = 16;
/** A schema may look at each of them. */
const MAX_VALUES = 100_000;

/**
 * The value in a file of JSON in UTF-8 as people write it, with any spacing. What a reader could take in
 * two ways is refused.
 * @param name of the file, for the sentences
 * @throws InputError `file.json` for what is too large, too deep, too much, no JSON, or names a member twice
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
  checkStructure(text, name);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused(name, "is no JSON; look for a comma too many or a quote too few", cause);
  }
}

function checkStructure(text: string, name: string): void {
  // What is no JSON at all is called so before it is counted.
  const fault =
    scanJson(text, { depth: MAX_DEPTH, values: Number.POSITIVE_INFINITY }) ??
    scanJson(text, { depth: MAX_DEPTH, values: MAX_VALUES });
  switch (fault?.kind) {
    case undefined:
      return;
    case "depth":
      throw refused(name, `is nested more than ${String(MAX_DEPTH)} levels deep`);
    case "values":
      throw refused(name, `has more than ${String(MAX_VALUES)} members and elements`);
    case "open-string":
      throw refused(name, "is no JSON: a string has no closing quote");
    case "repeated":
      throw refused(name, `names ${JSON.stringify(fault.member.slice(0, 40))} twice in one object`);
  }
}

function refused(name: string, what: string, cause?: unknown): InputError {
  return new InputError("file.json", `${name} ${what}.`, { cause });
}
