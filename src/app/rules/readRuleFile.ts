import { open } from "node:fs/promises";
import { basename } from "node:path";
import { InputError } from "../../base/errors/errors.ts";
import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { MIB } from "../../base/lib/sizes.ts";
import { parseMethodology } from "../../format/batch/methodology.ts";
import { methodologyContent } from "../../stages/rules/methodologyContent.ts";
import { parseRuleJson } from "../../stages/rules/parseRuleJson.ts";
import type { RuleContent, RuleKind } from "../../stages/rules/ports.ts";

export type { RuleKind };

/** A rule as its bytes have it. */
export interface RuleFile {
  /** For sentences: the file's name, never its path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** @throws UsageError `file.unreadable`; InputError `rules.file` for one that is far too large */
export async function openRuleFile(path: string): Promise<RuleFile> {
  const name = basename(path);
  try {
    const file = await open(path, "r");
    try {
      // One byte more than is allowed shows that it is too large; whatever else it holds stays unread.
      const bytes = new Uint8Array(MIB + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === bytes.length) break;
      }
      return { name, bytes: bytes.subarray(0, length) };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileUnreadable(`The rule file ${path}`, cause);
  }
}

/**
 * What a rule's file says, checked against its schema.
 * @param kinds which kinds the caller takes
 * @throws InputError `rules.file`, `rules.schema` where the file is of another kind, or as the kind's parser,
 * with the file's name in front
 */
export function readRuleFile({ name, bytes }: RuleFile, kinds: readonly RuleKind[]): RuleContent {
  const value = parseRuleJson(bytes, name);
  const schema =
    typeof value === "object" && value !== null && "schema" in value ? String(value.schema) : "none";
  const kind = kinds.find((one) => schema.startsWith(SCHEMAS[one]));
  if (kind === undefined)
    throw new InputError(
      "rules.schema",
      `${name} has the schema ${JSON.stringify(schema.slice(0, 60))}; write ` +
        `${kinds.map((one) => `${SCHEMAS[one]}<version>`).join(" or ")} into its member "schema".`,
    );
  try {
    return READERS[kind](value);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}

const SCHEMAS: Readonly<Record<RuleKind, string>> = {
  methodology: "microtonne-methodology/",
  "scenario-classes": "microtonne-scenario-classes/",
  plausibility: "microtonne-regional-plausibility/",
  recognition: "microtonne-recognition/",
};

const READERS: Readonly<Record<RuleKind, (value: unknown) => RuleContent>> = {
  methodology: (value) => methodologyContent(parseMethodology(value)),
  "scenario-classes": notYet,
  plausibility: notYet,
  recognition: notYet,
};

function notYet(): never {
  throw new InputError("rules.schema", "This version reads no rules of this kind.");
}
