import type { ClassListFile } from "../../format/batch/classes/classListFile.ts";
import { ruleName } from "../../stages/rules/ruleName.ts";
import type { RuleContent, RuleSurroundings } from "../../stages/rules/ports.ts";

/** Classes that are told one by one. */
const MAX_CLASSES = 20;

/** Which classes a list adds to the version before it, in plain words. */
export function classSentences(content: RuleContent, others: RuleSurroundings["others"]): string[] {
  const [previous] = others
    .filter(({ kind, version }) => kind === content.kind && Number(version) < Number(content.version))
    .toSorted((a, b) => Number(b.version) - Number(a.version));
  const known = new Set(previous === undefined ? [] : listOf(previous).classes.map(({ code }) => code));
  const { classes } = listOf(content);
  const added = classes.filter(({ code }) => !known.has(code));
  const more = added.length - MAX_CLASSES;
  const beside = previous === undefined ? "" : `, ${String(added.length)} more than ${ruleName(previous)}`;
  return [
    `It lists ${String(classes.length)} scenario classes${beside}.`,
    ...added
      .slice(0, MAX_CLASSES)
      .map(({ code, name, unit }) => `New: code ${String(code)}, ${name}, counted in ${unit}.`),
    ...(more > 0 ? [`And ${String(more)} more new classes.`] : []),
  ];
}

function listOf({ json }: Pick<RuleContent, "json">): ClassListFile {
  return JSON.parse(json) as ClassListFile;
}
