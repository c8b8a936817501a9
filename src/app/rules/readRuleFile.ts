import { InputError } from "../../base/errors/errors.ts";
import { formatDecimal, scaleDecimal } from "../../base/lib/decimal.ts";
import { MAX_MILLIGRAMS, MILLIGRAM_PLACES_OF_A_GRAM } from "../../base/lib/mass.ts";
import { parseJsonFile } from "../../base/lib/json/parseJsonFile.ts";
import { PLAIN_LINE } from "../../base/lib/textPatterns.ts";
import { parseMethodology } from "../../format/batch/methodology.ts";
import { MAX_ATTESTATIONS } from "../../format/signing/attestations.ts";
import { MethodologyCatalogue } from "../../stages/quantify/catalogue.ts";
import { classesContent } from "../../stages/rules/classesContent.ts";
import { methodologyContent } from "../../stages/rules/methodologyContent.ts";
import type { RuleContent, RuleKind } from "../../stages/rules/ports.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Context } from "../context.ts";
import { recognitionContent } from "./recognitionContent.ts";
import { plausibilityContent } from "./plausibilityContent.ts";

/** A rule as its bytes have it. */
export interface RuleFile {
  /** For sentences: the file's name, never its path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** By which a rule's scenario is known. */
type KnownClasses = Pick<Context, "classLists">;

/**
 * What a rule's file says, checked against its schema.
 * @param kinds which kinds the caller takes
 * @param known the scenario classes that it may name
 * @throws InputError `file.json`, `rules.text`, `rules.schema` where the file is of another kind, or as the
 * kind's parser, with the file's name in front
 */
export function readRuleFile(
  { name, bytes }: RuleFile,
  kinds: readonly RuleKind[],
  known: KnownClasses,
): RuleContent {
  const value = parseJsonFile(bytes, name);
  checkPlainTexts(value, name);
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
    return READERS[kind](value, known);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.code, `${name}: ${error.message}`, { cause: error, remedy: error.remedy });
  }
}

/**
 * No text of a rule acts on whoever shows or stores it. Manifests of the first format are read as they are:
 * the schema that they share takes such texts, a file that comes in does not.
 */
function checkPlainTexts(value: unknown, name: string): void {
  if (typeof value === "string") {
    if (PLAIN_LINE.test(value)) return;
    throw new InputError(
      "rules.text",
      `${name} has a control character, or one that turns the direction of writing, in ` +
        `${JSON.stringify(value.replaceAll(/[^\x20-\x7e]/gu, "?").slice(0, 60))}. Write plain text.`,
    );
  }
  if (typeof value !== "object" || value === null) return;
  for (const [member, part] of Object.entries(value)) {
    checkPlainTexts(member, name);
    checkPlainTexts(part, name);
  }
}

const SCHEMAS: Readonly<Record<RuleKind, string>> = {
  methodology: "microtonne-methodology/",
  "scenario-classes": "microtonne-scenario-classes/",
  plausibility: "microtonne-regional-plausibility/",
  recognition: "microtonne-recognition/",
};

const READERS: Readonly<Record<RuleKind, (value: unknown, known: KnownClasses) => RuleContent>> = {
  methodology: (value, known) => {
    const methodology = parseMethodology(value);
    checkClass(methodology, known);
    checkCaps(methodology);
    checkAttestors(methodology);
    // As whoever opens a folder with it: a cap of the first form may be finer than any quantity.
    new MethodologyCatalogue([methodology], { refuseTestMethodologies: false }).list();
    return methodologyContent(methodology);
  },
  "scenario-classes": classesContent,
  plausibility: plausibilityContent,
  recognition: recognitionContent,
};

/** A cap above what any leaf holds caps nothing: most likely it was meant in another unit. */
function checkCaps({ caps }: Methodology): void {
  for (const [name, cap] of Object.entries(caps) as [string, string | null][]) {
    if (cap === null || !name.startsWith("grams")) continue;
    if (scaleDecimal(cap, MILLIGRAM_PLACES_OF_A_GRAM) > MAX_MILLIGRAMS)
      throw new InputError(
        "methodology.cap-too-large",
        `"caps.${name}" is ${cap} g, and no leaf holds more than ` +
          `${formatDecimal(MAX_MILLIGRAMS, MILLIGRAM_PLACES_OF_A_GRAM)} g. ` +
          "Caps are in grams; write null for no cap.",
      );
  }
}

/** What asks for more attestors than a record can carry counts nothing. */
function checkAttestors(methodology: Methodology): void {
  if (!("signatures" in methodology) || methodology.signatures === null) return;
  const { least } = methodology.signatures;
  if (least > MAX_ATTESTATIONS)
    throw new InputError(
      "methodology.too-many-attestors",
      `"signatures.least" is ${String(least)}, and a record carries at most ${String(MAX_ATTESTATIONS)} ` +
        'attestors\' signatures: nothing would be counted. Ask for fewer; "signatures.of" may name more.',
    );
}

/** A methodology counts a class that is known here, in its unit. */
function checkClass({ scenario, unit }: Methodology, { classLists }: KnownClasses): void {
  const known = classLists.newest.find(scenario);
  if (known === null)
    throw new InputError(
      "scenario.unknown",
      `"scenario" is ${scenario}, which is in no list of scenario classes that is known here. Classes come ` +
        "first.",
      { remedy: { act: "add-class-list" } },
    );
  if (known.unit !== unit)
    throw new InputError("methodology.malformed", `"unit" must be ${known.unit}, the unit of ${scenario}.`);
}
