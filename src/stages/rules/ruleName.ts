import type { RuleContent } from "./ports.ts";

/**
 * What people call a rule: `WUHAN-METRO@2025`; of kinds that have one line of versions a region,
 * `plausibility:WUHAN@2`.
 */
export function ruleName({ kind, region, name, version }: Omit<RuleContent, "json">): string {
  return kind === "methodology" ? `${name}@${version}` : `${name}:${region}@${version}`;
}
