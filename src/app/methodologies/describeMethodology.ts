import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { UnknownError, UsageError } from "../../base/errors/errors.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import type { MethodologyId } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import { parseCanonicalJson } from "../../format/canonicalJson.ts";
import { isTestMethodology, methodologyIdOf, parseMethodology } from "../../format/batch/methodology.ts";
import { shippedMethodologies } from "../../stages/quantify/shippedMethodologies.ts";
import type { RuleState } from "../../stages/rules/ports.ts";
import type { Context } from "../context.ts";
import { oneNamed } from "../../stages/rules/oneNamed.ts";

/** A methodology version with the id that its content hashes to. */
export type MethodologyDescription = Methodology & {
  readonly methodologyId: MethodologyId;
  /** True: local networks only. */
  readonly test: boolean;
  /** `shipped` with the program; else its standing in this folder. */
  readonly state: "shipped" | RuleState;
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

/** A folder's rules as a tenant sees them; null for what ships alone. */
type Folder = Pick<Context, "db" | "tenant"> | null;

/**
 * All versions that ship or that the folder holds, by code and version: proposals of the tenant and withdrawn
 * ones among them.
 */
export async function describeMethodologies(folder: Folder): Promise<MethodologyDescription[]> {
  const listed = folder === null ? [] : await listRules(folder.db, folder.tenant);
  const stored = listed.filter(({ kind }) => kind === "methodology");
  // Of what ships a folder holds what was withdrawn.
  const held = new Set(stored.filter(({ state }) => state !== "proposed").map(({ id }) => id));
  return [
    ...shippedMethodologies()
      .map((methodology) => description(methodology, "shipped"))
      .filter(({ methodologyId }) => !held.has(methodologyId)),
    ...stored.map(({ json, state }) => description(parseMethodology(parseCanonicalJson(utf8(json))), state)),
  ].toSorted((a, b) => (`${a.code}@${a.version}` < `${b.code}@${b.version}` ? -1 : 1));
}

/**
 * One version, by `CODE`, `CODE@VERSION` or the first digits of its id.
 * @throws UsageError `methodology.unknown`, `methodology.ambiguous`
 */
export async function describeMethodology(folder: Folder, name: string): Promise<MethodologyDescription> {
  const all = await describeMethodologies(folder);
  const found = all.filter(
    (one) =>
      one.code === name ||
      `${one.code}@${one.version}` === name ||
      (name.length >= 6 && one.methodologyId.startsWith(name)),
  );
  const one = oneNamed(found, ({ code, version }) => `${code}@${version}`);
  if (one === "nothing")
    throw new UnknownError("methodology.unknown", `There is no methodology ${JSON.stringify(name)}.`, {
      remedy: { act: "list-methodologies" },
    });
  if (one === "versions")
    throw new UsageError(
      "methodology.ambiguous",
      `${name} stands for ${String(found.length)} versions; write CODE@VERSION, or the first digits ` +
        "of its id.",
    );
  if (one === "proposals")
    throw new UsageError(
      "methodology.ambiguous",
      `${name} stands for ${String(found.length)} proposals of one name (` +
        `${found.map(({ methodologyId }) => methodologyId.slice(0, 10)).join(", ")}); write the first ` +
        "digits of its id.",
    );
  return one;
}

function description(
  methodology: Methodology,
  state: MethodologyDescription["state"],
): MethodologyDescription {
  return {
    methodologyId: methodologyIdOf(methodology),
    test: isTestMethodology(methodology),
    state,
    ...methodology,
  };
}
