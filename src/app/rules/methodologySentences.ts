import { formatDecimal } from "../../base/lib/decimal.ts";
import type { Methodology, Methodology2, MethodologyRule } from "../../base/types/methodology.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { capsSubjects } from "../../format/batch/methodologies/capsSubjects.ts";
import { periodCapsOf } from "../../format/batch/methodologies/periodCapsOf.ts";
import { exampleOf } from "./exampleOf.ts";

/**
 * What a methodology version does, in plain words, with a worked example.
 * @param validFrom its first second
 */
export function methodologySentences(methodology: Methodology, validFrom: UnixSeconds): string[] {
  const { title, scenario, region, unit, source } = methodology;
  const isFirst = methodology.schema === "microtonne-methodology/1";
  const rule: MethodologyRule = isFirst
    ? { kind: "linear", gramsPerUnit: methodology.gramsPerUnit }
    : methodology.rule;
  return [
    `${title}: counts ${scenario} in ${region}, in ${unit}.`,
    ruleSentence(rule, unit),
    ...(isFirst ? [] : conditionSentences(methodology)),
    ...capSentences(methodology),
    exampleOf(methodology, validFrom),
    `Source: ${source}`,
  ];
}

function ruleSentence(rule: MethodologyRule, unit: string): string {
  switch (rule.kind) {
    case "linear":
      return `Each ${unit} saves ${rule.gramsPerUnit} g CO2e.`;
    case "table": {
      const by =
        typeof rule.by === "string" ? `the ${rule.by} of the start` : `the attribute ${rule.by.attribute}`;
      const rows = rule.rows.slice(0, 5).map(({ value, gramsPerUnit }) => `${value}: ${gramsPerUnit} g`);
      const more = rule.rows.length > 5 ? ` and ${String(rule.rows.length - 5)} more` : "";
      return (
        `Each ${unit} saves what the table says by ${by} (${rows.join(", ")}${more}); ` +
        "without a row nothing."
      );
    }
    case "saving":
      return (
        `Each ${unit} that is saved against the attribute ${rule.reference} saves ` +
        `${rule.gramsPerUnit} g CO2e, where it is at least ${percent(rule.leastBps)} of it and ` +
        `${rule.floorUnits} ${unit}.`
      );
    case "budget":
      return (
        `A subject's ${rule.period} has ${rule.gramsPerPeriod} g; what it did not emit of them is saved, ` +
        `where the attribute ${rule.coverage} says that at least ${String(rule.leastCoverage)} days were ` +
        "measured."
      );
  }
}

function conditionSentences({ category, predicates, deductions, signatures }: Methodology2): string[] {
  const sentences = predicates.map((predicate) => {
    const { attribute, ...bound } = predicate;
    const [name, value] = Object.entries(bound)[0] as [string, string | readonly string[]];
    const words = {
      atMost: "at most",
      atLeast: "at least",
      oneOf: "one of",
      notBefore: "not before",
      notAfter: "not after",
    };
    return `Only where the attribute ${attribute} is ${words[name as keyof typeof words]} ${String(value)}.`;
  });
  for (const { reason, bps } of deductions) sentences.push(`${percent(bps)} are taken off: ${reason}`);
  if (signatures)
    sentences.push(
      `At least ${String(signatures.least)} attestors must have signed each record` +
        `${signatures.of === null ? "" : ` of ${signatures.of.join(", ")}`}.`,
    );
  if (category === "behaviour") sentences.push("It counts behaviour, which is never minted or sold.");
  if (category === "project") sentences.push("It counts a project's months, in batches of their own.");
  return sentences;
}

function capSentences(methodology: Methodology): string[] {
  const { caps, unit } = methodology;
  const words: Readonly<Record<string, string>> = {
    unitsPerAct: `${unit} of an act`,
    gramsPerAct: "g of an act",
    gramsPerSubjectDay: "g of a subject's day",
    gramsPerSubjectYear: "g of a subject's year",
    gramsPerProgrammeYear: "g of the whole programme's year",
  };
  const given = Object.entries(caps).flatMap(([name, cap]) =>
    cap === null ? [] : [`${String(cap)} ${words[name] ?? name}`],
  );
  if (given.length === 0) return ["No cap: an act counts in full."];
  return [`At most count: ${given.join(", ")}.`, ...periodSentences(methodology)];
}

/** What caps on days and years mean beside other acts. */
function periodSentences(methodology: Methodology): string[] {
  const caps = periodCapsOf(methodology);
  if (caps === null) return [];
  const said = [
    `Days and years are those of ${methodology.timeZone}, of an act's start.`,
    "What is admitted first counts; the act that reaches a cap counts in part, and what comes after it not " +
      `at all. All versions of ${methodology.code} count into one sum.`,
  ];
  if (capsSubjects(caps))
    said.push("An act that names no subject counts for nothing: it can't be held against a subject's cap.");
  if (caps.programmeYear !== null) said.push("The programme's year is one operator's, of all its subjects.");
  return said;
}

/** `2.5 %` of 250 ten-thousandths. */
function percent(bps: number): string {
  return `${formatDecimal(BigInt(bps), 2)} %`;
}
