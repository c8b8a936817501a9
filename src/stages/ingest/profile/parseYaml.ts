import { isScalar, Lexer, parseDocument, visit, type Document } from "yaml";
import { InputError } from "../../../base/errors/errors.ts";

/** A table of some two thousand stations; what is larger belongs into a lookup file. */
const MAX_TOKENS = 30_000;
const MAX_LEVELS = 32;

/**
 * The value of a text of YAML 1.2, core schema: no aliases, no tags, no repeated keys, one document. How much
 * and how deep it is, is looked at before anything is built of it: the library compares each key with every
 * other one, and goes as deep as the text does.
 * @throws InputError `profile.too-large`, `profile.yaml`
 */
export function parseYaml(text: string): unknown {
  checkTokens(text);
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    uniqueKeys: false,
    merge: false,
    logLevel: "error",
  });
  // A tag that YAML does not know is only a warning to the library.
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) throw new InputError("profile.yaml", `The profile is no plain YAML: ${problem.message}`);
  checkKeys(document);
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new InputError(
      "profile.yaml",
      "The profile uses YAML aliases, which are not allowed; write the value out.",
      { cause },
    );
  }
}

function checkTokens(text: string): void {
  let tokens = 0;
  let flow = 0;
  /** Nested blocks that begin on one line: `- - - …`. */
  let blocks = 0;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > MAX_TOKENS)
      throw new InputError(
        "profile.too-large",
        `The profile has more than ${String(MAX_TOKENS)} words and signs. Put large tables ` +
          "into a lookup file.",
      );
    if (token === "{" || token === "[") flow++;
    else if (token === "}" || token === "]") flow--;
    else if (token === "-" || token === "?") blocks++;
    else if (token === "\n") blocks = 0;
    if (flow > MAX_LEVELS || blocks > MAX_LEVELS)
      throw new InputError(
        "profile.yaml",
        `The profile is nested more than ${String(MAX_LEVELS)} levels deep. Write it as the ` +
          "guide on profiles says.",
      );
  }
}

/** @throws InputError `profile.yaml` that names no key: it is the sender's own text, of any length */
function checkKeys(document: Document.Parsed): void {
  visit(document, {
    Map(_at, { items }) {
      const known = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (known.has(name))
          throw new InputError("profile.yaml", "The profile is no plain YAML: Map keys must be unique.");
        known.add(name);
      }
    },
  });
}
