import type { Rule, RuleContent, RuleSurroundings } from "./ports.ts";

/**
 * The rules beside which one is judged: what ships, and what a folder holds but for proposals. What ships
 * stands as the folder has it where the folder has it: its registrar may have withdrawn it.
 */
export function withShipped(
  shipped: RuleSurroundings["others"],
  listed: readonly (RuleContent & Pick<Rule, "state">)[],
): RuleSurroundings["others"] {
  const held = listed.filter(({ state }) => state !== "proposed");
  const own = new Set(held.map(({ id }) => id));
  return [...shipped.filter(({ id }) => !own.has(id)), ...held];
}
