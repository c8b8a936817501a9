import { UsageError } from "../../base/errors/errors.ts";
import type { MethodologyId } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import { isTestMethodology, methodologyIdOf } from "../../format/batch/methodology.ts";
import { shippedMethodologies } from "../../stages/quantify/shippedMethodologies.ts";

/** A methodology version with the id that its content hashes to. */
export interface MethodologyDescription extends Methodology {
  readonly methodologyId: MethodologyId;
  /** True: local networks only. */
  readonly test: boolean;
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
