import { findRule } from "../../adapters/storage/rules/findRule.ts";
import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { SHIPPED_CLASS_LISTS } from "../../format/batch/classes/classLists.ts";
import type { Rule, RuleContent, RuleSurroundings } from "../../stages/rules/ports.ts";
import type { Context } from "../context.ts";
import { shippedRules } from "./ruleSteps.ts";

/** What a file is checked beside. */
export interface RulesBeside extends Pick<Context, "classLists"> {
  readonly others: RuleSurroundings["others"];
  /** How the folder has the very file; null where it does not. */
  readonly standingOf: (content: RuleContent) => Promise<Rule | null>;
}

/** The rules of a folder, those that ship among them; null for these alone. */
export async function rulesBeside(folder: Context | null): Promise<RulesBeside> {
  if (folder === null)
    return {
      classLists: SHIPPED_CLASS_LISTS,
      others: shippedRules(),
      standingOf: () => Promise.resolve(null),
    };
  const { db, tenant, classLists } = folder;
  return {
    classLists,
    others: [...shippedRules(), ...(await listRules(db, null))],
    standingOf: ({ kind, id }) => findRule(db, tenant, kind, id),
  };
}
