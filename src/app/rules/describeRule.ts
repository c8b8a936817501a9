import { listDecisions } from "../../adapters/storage/rules/listDecisions.ts";
import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { UnknownError } from "../../base/errors/errors.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import { checkDecisions } from "../../stages/decisions/checkDecisions.ts";
import type { Rule, RuleContent, RuleKind, RuleState } from "../../stages/rules/ports.ts";
import { ruleName } from "../../stages/rules/ruleName.ts";
import type { Context } from "../context.ts";
import { knownRule } from "./knownRule.ts";
import { shippedClasses } from "./ruleSteps.ts";

/** A rule of the folder as people see it. */
export interface RuleDescription {
  readonly kind: RuleKind;
  readonly name: string;
  readonly id: Hex;
  readonly region: string;
  /** `shipped` with the program; else its standing in this folder. */
  readonly state: "shipped" | RuleState;
  readonly validFrom: string;
  /** Null: no end. */
  readonly validTo: string | null;
  readonly proposedBy: Address | null;
  readonly publishedBy: Address | null;
  readonly publishedAt: string | null;
  readonly withdrawnAt: string | null;
}

/** A rule with its content and with what people decided about it, oldest first. */
export interface WholeRule extends RuleDescription {
  readonly content: unknown;
  readonly decisions: readonly {
    readonly sequence: number;
    readonly what: string;
    readonly by: Address;
    readonly before: RuleState | null;
    readonly after: RuleState;
    readonly why: string | null;
    readonly at: string;
    readonly hash: Hex;
  }[];
  /** The last hash of the chain of all decisions: whoever keeps it elsewhere sees a row that was changed. */
  readonly lastDecisionHash: Hex | null;
}

type AnyRule = RuleContent & Omit<Rule, "state" | "tenant"> & Pick<RuleDescription, "state">;
/** A folder as a tenant sees it; null for what ships alone. */
type Folder = Pick<Context, "db" | "tenant"> | null;

export function describeRule(rule: AnyRule): RuleDescription {
  const text = (seconds: number | null): string | null => (seconds === null ? null : utcText(seconds));
  return {
    kind: rule.kind,
    name: ruleName(rule),
    id: rule.id,
    region: rule.region,
    state: rule.state,
    validFrom: utcText(rule.validFrom),
    validTo: text(rule.validTo),
    proposedBy: rule.proposedBy,
    publishedBy: rule.publishedBy,
    publishedAt: text(rule.publishedAt),
    withdrawnAt: text(rule.withdrawnAt),
  };
}

/**
 * The list of scenario classes that ships, and the folder's rules of these kinds that a tenant sees, its own
 * proposals among them.
 */
export async function describeRules(folder: Folder, kinds: readonly RuleKind[]): Promise<RuleDescription[]> {
  const own = folder === null ? [] : await listRules(folder.db, folder.tenant);
  return [...shipped(kinds), ...own.filter(({ kind }) => kinds.includes(kind))].map((rule) =>
    describeRule(rule),
  );
}

/**
 * One of them, with its decisions; the whole chain of decisions is held against its hashes first.
 * @throws UsageError `rules.unknown`, or as `knownRule`; CheckFailedError `rules.decisions`
 */
export async function describeWholeRule(
  folder: Folder,
  name: string,
  kinds: readonly RuleKind[],
): Promise<WholeRule> {
  const one = shipped(kinds).find((rule) => [ruleName(rule), rule.id].includes(name));
  if (one !== undefined)
    return {
      ...describeRule(one),
      content: JSON.parse(one.json),
      decisions: [],
      lastDecisionHash: null,
    };
  if (folder === null)
    throw new UnknownError(
      "rules.unknown",
      `${JSON.stringify(name.slice(0, 80))} does not ship, and there is no data folder to look into.`,
    );
  return describeStored(folder, name, kinds);
}

async function describeStored(
  context: NonNullable<Folder>,
  name: string,
  kinds: readonly RuleKind[],
): Promise<WholeRule> {
  const rule = await knownRule(context, name, kinds);
  const rows = await listDecisions(context.db);
  const lastDecisionHash = checkDecisions("rules", rows);
  return {
    ...describeRule(rule),
    content: JSON.parse(rule.json),
    decisions: rows
      .filter(
        ({ tenant, decision }) =>
          decision.kind === rule.kind &&
          decision.id === rule.id &&
          // A proposal of the same file by somebody else is nobody's to see.
          (decision.what !== "propose" || tenant === context.tenant || decision.by === rule.proposedBy),
      )
      .map(({ decision: { sequence, what, by, before, after, why, at }, hash }) => ({
        sequence,
        what,
        by,
        before,
        after,
        why,
        at: utcText(at),
        hash,
      })),
    lastDecisionHash,
  };
}

function shipped(kinds: readonly RuleKind[]): AnyRule[] {
  const nobody = { proposedBy: null, publishedBy: null, publishedAt: null, withdrawnAt: null } as const;
  return [shippedClasses()]
    .filter(({ kind }) => kinds.includes(kind))
    .map((content) => ({ ...content, ...nobody, state: "shipped" }));
}
