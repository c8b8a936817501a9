import { canonicalJson } from "../../format/canonicalJson.ts";
import type { RuleContent } from "./ports.ts";
import { ruleName } from "./ruleName.ts";
import { ruleRefusal } from "./ruleRefusal.ts";

/**
 * A list of scenario classes goes on from every one that is published: its codes stand inside activity keys,
 * so that a class that changes or vanishes would hide a duplicate.
 * @param order `newest`: it is longer than all of them; `any-order`: one of two is the other's beginning
 * @throws StateError `rules.classes`
 */
export function checkClassesGrow(
  content: RuleContent,
  published: readonly RuleContent[],
  order: "newest" | "any-order",
): void {
  const own = classesOf(content);
  for (const other of published) {
    const earlier = classesOf(other);
    const shared = Math.min(own.length, earlier.length);
    const differs = own.slice(0, shared).findIndex((one, at) => one !== earlier[at]);
    const isTooShort = order === "newest" && own.length <= earlier.length;
    if (differs < 0 && !isTooShort) continue;
    const what =
      differs < 0 ? "it adds no class" : `class ${String(differs + 1)} of the list is another one there`;
    throw ruleRefusal(
      "classes",
      content,
      `does not go on from ${ruleName(other)}: ${what}. The list is append-only: take it over as it is and ` +
        "add classes at its end.",
    );
  }
}

function classesOf({ json }: RuleContent): string[] {
  return (JSON.parse(json) as { classes: unknown[] }).classes.map((one) => canonicalJson(one));
}
