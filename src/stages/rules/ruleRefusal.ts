import { StateError } from "../../base/errors/errors.ts";
import type { RuleContent } from "./ports.ts";
import { ruleName } from "./ruleName.ts";

/** A rule can't take a step. @param why goes on behind the rule's name, and says what to do */
export function ruleRefusal(code: string, content: RuleContent, why: string): StateError {
  return new StateError(`rules.${code}`, `${ruleName(content)} ${why}`);
}
