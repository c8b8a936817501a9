import { StateError } from "../../base/errors/errors.ts";
import type { Remedy } from "../../base/errors/remedy.ts";
import type { RuleContent } from "./ports.ts";
import { ruleName } from "./ruleName.ts";

/** A rule can't take a step. @param why goes on behind the rule's name */
export function ruleRefusal(
  code: string,
  content: RuleContent,
  why: string,
  remedy: Remedy | null = null,
): StateError {
  return new StateError(`rules.${code}`, `${ruleName(content)} ${why}`, { remedy });
}
