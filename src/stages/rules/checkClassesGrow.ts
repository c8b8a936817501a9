import { canonicalJson } from "../../format/canonicalJson.ts";
import type { RuleContent } from "./ports.ts";
import { ruleName } from "./ruleName.ts";
import { ruleRefusal } from "./ruleRefusal.ts";

/**
 * A list of scenario classes goes on from the longest one that is published: its code stands inside activity
 * keys, so that a class that changes or vanishes would hide a duplicate.
 * @throws StateError `rules.classes`
 */
export function checkClassesGrow(content: RuleContent, published: readonly RuleContent[]): void {
  const own = classesOf(content);
  for (const other of published) {
    const earlier = classesOf(other);
    const [short, long] = earlier.length < own.length ? [earlier, own] : [own, earlier];
    const differs = short.findIndex((one, at) => one !== long[at]);
    if (differs >= 0 || earlier.length === own.length)
      throw ruleRefusal(
        "classes",
        content,
        `does not go on from ${ruleName(other)}: ` +
          (differs >= 0 ? `class ${String(differs + 1)} of the list is another one. ` : "it adds none. ") +
          "The list is append-only: take it over as it is and add classes at its end.",
      );
  }
}

function classesOf({ json }: RuleContent): string[] {
  return (JSON.parse(json) as { classes: unknown[] }).classes.map((one) => canonicalJson(one));
}
