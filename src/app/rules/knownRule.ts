import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { UnknownError, UsageError } from "../../base/errors/errors.ts";
import type { Rule, RuleKind } from "../../stages/rules/ports.ts";
import { ruleName } from "../../stages/rules/ruleName.ts";
import type { Context } from "../context.ts";
import { oneNamed } from "../../stages/rules/oneNamed.ts";

/**
 * A rule of this folder that the tenant may see, by its name, its name with its version, or the first digits
 * of its id. Of several with one name and version the one that was published, not what is proposed beside it.
 * @throws UsageError `rules.unknown`, `rules.ambiguous`
 */
export async function knownRule(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  name: string,
  kinds: readonly RuleKind[],
): Promise<Rule> {
  const found = (await listRules(db, tenant)).filter(
    (rule) =>
      kinds.includes(rule.kind) &&
      (ruleName(rule) === name ||
        ruleName(rule).split("@")[0] === name ||
        (name.length >= 6 && rule.id.startsWith(name))),
  );
  const one = oneNamed(found, ruleName);
  if (one === "nothing")
    throw new UnknownError(
      "rules.unknown",
      `There is no rule ${JSON.stringify(name.slice(0, 80))} here; what ships with the program is nobody's ` +
        "to publish or withdraw.",
      { remedy: { act: "list-rules" } },
    );
  if (one === "versions" || one === "proposals")
    throw new UsageError(
      "rules.ambiguous",
      `${name} stands for ${found.map((rule) => nameWithId(rule)).join(", ")}; write ` +
        (one === "versions"
          ? "a name with its version, or the first digits of the id."
          : "the first digits of the id: these are proposals of one name."),
    );
  return one;
}

function nameWithId(rule: Rule): string {
  return `${ruleName(rule)} (${rule.state}, ${rule.id.slice(0, 10)})`;
}
