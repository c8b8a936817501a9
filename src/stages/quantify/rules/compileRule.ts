import type { Methodology2 } from "../../../base/types/methodology.ts";
import { budget } from "./budget.ts";
import type { CompiledRule } from "./compiledRule.ts";
import { linear } from "./linear.ts";
import { saving } from "./saving.ts";
import { table } from "./table.ts";

/** The rule of a methodology, by its kind. */
export function compileRule({ rule, timeZone }: Pick<Methodology2, "rule" | "timeZone">): CompiledRule {
  switch (rule.kind) {
    case "linear":
      return linear(rule);
    case "table":
      return table(rule);
    case "saving":
      return saving(rule);
    case "budget":
      return budget(rule, timeZone);
  }
}
