import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { SHIPPED_CLASS_LISTS } from "../../format/batch/classes/classLists.ts";
import type { Rule, RuleContent, RuleSurroundings } from "../../stages/rules/ports.ts";
import { withShipped } from "../../stages/rules/withShipped.ts";
import type { Context } from "../context.ts";
import { shippedRules } from "./ruleSteps.ts";

/** What a file is checked beside. */
export interface RulesBeside extends Pick<Context, "classLists"> {
  readonly others: RuleSurroundings["others"];
  /** A rehearsal, in which `publish` takes what begins in the past. */
  readonly rehearsal: boolean;
  /** How the folder has the very file; null where it does not. */
  readonly standingOf: (content: RuleContent) => Rule | null;
}

/** What ships alone. */
export function shippedBeside(): RulesBeside {
  return {
    classLists: SHIPPED_CLASS_LISTS,
    others: shippedRules(),
    rehearsal: false,
    standingOf: () => null,
  };
}

/** The rules of a folder as a tenant sees them, and those that ship; null for these alone. */
export async function rulesBeside(
  folder: Context | null,
  { rehearsal }: Pick<Context["config"], "rehearsal"> = folder?.config ?? { rehearsal: false },
): Promise<RulesBeside> {
  if (folder === null) return { ...shippedBeside(), rehearsal };
  const listed = await listRules(folder.db, folder.tenant);
  return {
    classLists: folder.classLists,
    rehearsal,
    others: withShipped(shippedRules(), listed),
    standingOf: ({ kind, id }) => listed.find((rule) => rule.kind === kind && rule.id === id) ?? null,
  };
}
