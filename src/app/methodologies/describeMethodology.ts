import { UsageError } from "../../base/errors/errors.ts";
import type { MethodologyId } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import { isTestMethodology, methodologyIdOf } from "../../format/batch/methodology.ts";
import { shippedMethodologies } from "../../stages/quantify/shippedMethodologies.ts";

/** A methodology version with the id that its content hashes to. */
export type MethodologyDescription = Methodology & {
  readonly methodologyId: MethodologyId;
  /** True: local networks only. */
  readonly test: boolean;
};

/** What a version counts by, in a few words: `78.4 g/passenger-km`, or the kind of its rule. */
export function ruleText(methodology: Methodology): string {
  const { unit } = methodology;
  if (methodology.schema === "microtonne-methodology/1") return `${methodology.gramsPerUnit} g/${unit}`;
  const { rule } = methodology;
  switch (rule.kind) {
    case "linear":
      return `${rule.gramsPerUnit} g/${unit}`;
    case "table":
      return `table by ${typeof rule.by === "string" ? rule.by : rule.by.attribute}, g/${unit}`;
    case "saving":
      return `${rule.gramsPerUnit} g/${unit} saved`;
    case "budget":
      return `${rule.gramsPerPeriod} g a ${rule.period}`;
  }
}

/** All shipped versions, by code and version. */
export function describeMethodologies(): MethodologyDescription[] {
  return shippedMethodologies()
    .map((methodology) => ({
      methodologyId: methodologyIdOf(methodology),
      test: isTestMethodology(methodology),
      ...methodology,
    }))
    .toSorted((a, b) => (`${a.code}@${a.version}` < `${b.code}@${b.version}` ? -1 : 1));
}

/**
 * One version, by `CODE`, `CODE@VERSION` or the first digits of its id.
 * @throws UsageError `methodology.unknown`, `methodology.ambiguous`
 */
export function describeMethodology(name: string): MethodologyDescription {
  const all = describeMethodologies();
  const found = all.filter(
    (one) =>
      one.code === name ||
      `${one.code}@${one.version}` === name ||
      (name.length >= 6 && one.methodologyId.startsWith(name)),
  );
  const [only] = found;
  if (!only)
    throw new UsageError(
      "methodology.unknown",
      `There is no methodology ${JSON.stringify(name)}. \`microtonne methodology list\` shows all.`,
    );
  if (found.length > 1)
    throw new UsageError(
      "methodology.ambiguous",
      `${name} stands for ${String(found.length)} versions; write CODE@VERSION.`,
    );
  return only;
}
