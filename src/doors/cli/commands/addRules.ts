import type { Command } from "commander";
import { describeRules, describeWholeRule } from "../../../app/rules/describeRule.ts";
import { act } from "../command.ts";
import { inFolder } from "../inFolder.ts";
import { shortId } from "../shortId.ts";
import { addRuleVerbs, decisionLines, lineOf, type RuleFamily } from "../ruleVerbs.ts";

const FAMILY: RuleFamily = {
  command: "rules",
  kinds: ["scenario-classes", "plausibility", "recognition"],
  noun: "list of scenario classes, a region's plausibility rules, or an authority's rules of recognition",
  file: "our-plausibility.json",
  name: "plausibility:OURCITY@1",
};

/** `microtonne rules`: scenario classes, plausibility rules and recognition, which registrars publish. */
export function addRules(program: Command): void {
  const rules = program.command("rules").addHelpText(
    "after",
    `
The same doors as for methodologies: an operator proposes, the region's registrar publishes, a verifier adds \
the same file: see docs/rules.md.

Example:
  microtonne rules check ${FAMILY.file}`,
  );
  const list = rules
    .command("list")
    .description("The list of scenario classes that ships, and what binds in this folder beside it.")
    .option("--all", "proposals and withdrawn ones as well")
    .addHelpText("after", "\nExample:\n  microtonne rules list --all");
  act<{ all?: boolean }>(list, async (run, { all }) => {
    const every = await inFolder(run, (folder) => describeRules(folder, FAMILY.kinds));
    const shown = every.filter(({ state }) => all === true || state === "shipped" || state === "published");
    run.io.result(shown, shown.map((one) => lineOf(one, shortId(one.id))).join("\n"));
    return undefined;
  });
  const show = rules
    .command("show")
    .description("One of them in full, with who decided what about it.")
    .argument("<name>", "its name, or the first digits of its id")
    .addHelpText(
      "after",
      `
Example:
  microtonne rules show ${FAMILY.name}
  microtonne rules show scenario-classes:SHIPPED@2 --json`,
    );
  act(show, async (run, _options, name = "") => {
    const rule = await inFolder(run, (folder) => describeWholeRule(folder, name, FAMILY.kinds));
    run.io.result(
      rule,
      [lineOf(rule), JSON.stringify(rule.content, null, 2), ...decisionLines(rule)].join("\n"),
    );
    return undefined;
  });
  addRuleVerbs(rules, FAMILY);
}
