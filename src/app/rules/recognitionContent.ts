import { canonicalJson } from "../../format/canonicalJson.ts";
import { beginningOf, parseRecognition, recognitionHash } from "../../stages/recognition/matrixSchema.ts";
import type { RuleContent } from "../../stages/rules/ports.ts";

/**
 * What an authority's rules of recognition say of themselves as a rule. @throws InputError
 * `recognition.malformed`
 */
export function recognitionContent(value: unknown): RuleContent {
  const matrix = parseRecognition(value);
  return {
    kind: "recognition",
    id: recognitionHash(matrix),
    json: canonicalJson(matrix),
    region: matrix.authority,
    name: "recognition",
    version: String(matrix.version),
    timeZone: null,
    scenario: null,
    validFrom: beginningOf(matrix),
    validTo: null,
  };
}
