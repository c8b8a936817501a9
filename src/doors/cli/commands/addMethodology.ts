import type { Command } from "commander";
import { describeCatalogue } from "../../../app/methodologies/describeCatalogue.ts";
import {
  describeMethodologies,
  describeMethodology,
  ruleText,
  type MethodologyDescription,
} from "../../../app/methodologies/describeMethodology.ts";
import { describeWholeRule } from "../../../app/rules/describeRule.ts";
import { act } from "../command.ts";
import { addRuleVerbs, decisionLines, type RuleFamily } from "../ruleVerbs.ts";
import { inFolder } from "../inFolder.ts";

const FAMILY: RuleFamily = {
  command: "methodology",
  kinds: ["methodology"],
  noun: "methodology version",
  file: "our-metro.json",
  name: "OUR-METRO@2027",
};

/** `microtonne methodology`: the versioned rules that turn quantities into reductions. */
export function addMethodology(program: Command): void {
  const methodology = program.command("methodology").addHelpText(
    "after",
    `
An operator proposes a version, the registrar of its region publishes it, a verifier adds the same file: see \
docs/rules.md. Some ship with the program.

Example:
  microtonne methodology show WUHAN-METRO`,
  );
  addList(methodology);
  addShow(methodology);
  addRuleVerbs(methodology, FAMILY);
}

function addList(methodology: Command): void {
  const list = methodology
    .command("list")
    .description("The methodology versions that count: those that ship and those published in this folder.")
    .option("--all", "proposals and withdrawn versions as well")
    .option("--catalogue", "named methodologies of the field instead, which nobody can count by yet")
    .addHelpText("after", "\nExample:\n  microtonne methodology list --json");
  act<{ all?: boolean; catalogue?: boolean }>(list, async (run, { all, catalogue }) => {
    if (catalogue) {
      const titles = describeCatalogue();
      run.io.result(
        titles,
        [
          ...titles.map(
            ({ region, code, title }) => `${region.padEnd(10)} ${(code ?? "-").padEnd(20)} ${title ?? "-"}`,
          ),
          "None of these is executable without a published factor: propose a file that names its source.",
        ].join("\n"),
      );
      return undefined;
    }
    const every = await inFolder(run, (folder) => describeMethodologies(folder));
    const shown = every.filter(({ state }) => all === true || state === "shipped" || state === "published");
    run.io.result(shown, shown.map((one) => lineOf(one)).join("\n"));
    return undefined;
  });
}

/** `  78.4 g/passenger-km `: factors stand under each other by their ends, other rules at the left. */
function ruleColumn(text: string): string {
  const [factor = "", rest] = text.split(" g/");
  return rest === undefined || !/^[0-9.]+$/.test(factor)
    ? text.padEnd(23)
    : `${factor.padStart(7)} g/${rest.padEnd(13)}`;
}

function addShow(methodology: Command): void {
  const show = methodology
    .command("show")
    .description(
      "One methodology version in full, with the id that its content hashes to, and who decided what " +
        "about it.",
    )
    .argument("<methodology>", "code, code@version, or the first digits of its id")
    .addHelpText("after", "\nExample:\n  microtonne methodology show WUHAN-METRO");
  act(show, async (run, _options, name = "") => {
    await inFolder(run, async (folder) => {
      const found = await describeMethodology(folder, name);
      if (folder === null || found.state === "shipped") {
        run.io.result(found, fieldsOf(found).join("\n"));
        return;
      }
      const rule = await describeWholeRule(folder, found.methodologyId, FAMILY.kinds);
      const { proposedBy, publishedBy, publishedAt, withdrawnAt, decisions } = rule;
      run.io.result(
        { ...found, proposedBy, publishedBy, publishedAt, withdrawnAt, decisions },
        [...fieldsOf(found), ...decisionLines(rule)].join("\n"),
      );
    });
    return undefined;
  });
}

function fieldsOf(found: MethodologyDescription): string[] {
  return Object.entries(found).map(
    ([field, value]) =>
      `${field.padEnd(14)} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
  );
}

function lineOf(one: MethodologyDescription): string {
  const standing = one.state === "shipped" ? "" : ` ${one.state}`;
  return (
    `${one.code.padEnd(24)} ${one.version.padEnd(6)} ${ruleColumn(ruleText(one))} ` +
    `${one.methodologyId}${standing}`
  );
}
