import { dayStart } from "../../base/lib/time/zone.ts";
import { BoundsBook } from "../../stages/plausibility/boundsBook.ts";
import { parseRegionalRules } from "../../stages/plausibility/parseRegionalRules.ts";
import { shippedPlausibility } from "../../stages/plausibility/shippedPlausibility.ts";
import type { RuleContent } from "../../stages/rules/ports.ts";
import type { Context } from "../context.ts";

/**
 * What a region's plausibility rules say of themselves as a rule.
 * @throws InputError `plausibility.malformed`, `plausibility.rules` where they do not fit their classes,
 * `zone.unknown`
 */
export function plausibilityContent(
  value: unknown,
  { classLists }: Pick<Context, "classLists">,
): RuleContent {
  const rules = parseRegionalRules(value);
  // Refuses bounds that no act of the class could be held against.
  const book = new BoundsBook(shippedPlausibility(), [rules], classLists.newest);
  const { json, region, timeZone, firstDay } = rules;
  const { version, hash } = book.versionFor(region, firstDay);
  return {
    kind: "plausibility",
    id: hash,
    json,
    region,
    name: "plausibility",
    version: String(version),
    timeZone,
    scenario: null,
    validFrom: dayStart(timeZone, firstDay),
    validTo: null,
  };
}
