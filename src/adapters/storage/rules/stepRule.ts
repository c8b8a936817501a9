import { fromHex } from "../../../base/lib/bytes.ts";
import type { Hex, TenantId } from "../../../base/types/ids.ts";
import type {
  DecideRuleStep,
  Decision,
  Rule,
  RuleContent,
  RuleEvent,
  RuleStep,
  RuleSurroundings,
} from "../../../stages/rules/ports.ts";
import type { Session } from "../engine/database.ts";
import { takeStep } from "../engine/takeStep.ts";
import { findRule } from "./findRule.ts";
import { listRules } from "./listRules.ts";

/** How a step is decided and its row hashed, and the rules of the program itself. */
export interface RuleSteps {
  readonly decide: DecideRuleStep;
  readonly hash: (decision: Decision, previous: Hex | null) => Hex;
  readonly shipped: RuleSurroundings["others"];
  /** What a rule is judged beside, of what ships and what the folder holds. */
  readonly beside: (
    shipped: RuleSurroundings["others"],
    listed: readonly Rule[],
  ) => RuleSurroundings["others"];
  readonly local: boolean;
  readonly reachBack: boolean;
  readonly rehearsal: boolean;
}

/**
 * Takes a rule where `decide` says that an event takes it, with a row of the decision, in one transaction;
 * where it is there already nothing is written. Processes that decide together take turns.
 * @throws StateError as `decide`
 */
export async function stepRule(
  db: Session,
  tenant: TenantId,
  content: RuleContent,
  event: RuleEvent,
  steps: RuleSteps,
): Promise<Rule> {
  return db.transaction(async (tx) => {
    const { standing, step } = await takeStep(tx, event, {
      lock: "microtonne/rules",
      read: () => readStanding(tx, tenant, content, event),
      decide: ({ standing: rule, listed }) => {
        const { shipped, beside, local, reachBack, rehearsal } = steps;
        return steps.decide(content, rule, event, {
          others: beside(shipped, listed),
          local,
          reachBack,
          rehearsal,
          openProposals: listed.filter(({ state }) => state === "proposed").length,
        });
      },
      isWritten: ({ before, after }) => before !== after,
      writeState: (_tx, { standing: rule }, taken) =>
        writeState(tx, rule?.tenant ?? tenant, content, event, taken),
      table: "rule_decisions",
      chainOf: null,
      tenant,
      decisionOf: ({ before, after }, common): Decision => ({
        ...common,
        kind: content.kind,
        id: content.id,
        what: event.what,
        before,
        after,
        why: event.what === "withdraw" ? event.why : null,
      }),
      columnsOf: ({ kind, id, why }) => ({ kind, id: fromHex(id, 32), why }),
      hash: steps.hash,
    });
    const after = await findRule(tx, tenant, content.kind, content.id);
    return after ?? { ...(standing.standing as Rule), state: step.after };
  });
}

/** The rule as it stands for the tenant, and the rules that the tenant sees. */
async function readStanding(
  tx: Session,
  tenant: TenantId,
  { kind, id }: RuleContent,
  event: RuleEvent,
): Promise<{ standing: Rule | null; listed: readonly Rule[] }> {
  const own = await findRule(tx, tenant, kind, id);
  // What is published carries its proposer on, whose key may not publish, whoever hears of it first.
  const standing = own ?? (isProposers(event) ? null : await firstProposal(tx, kind, id));
  return { standing, listed: await listRules(tx, tenant) };
}

/** A proposal is its tenant's own. */
function isProposers({ what }: RuleEvent): boolean {
  return what === "propose" || what === "retract";
}

/** What is not said of a rule stays as it is stored. */
async function writeState(
  tx: Session,
  tenant: TenantId,
  content: RuleContent,
  event: RuleEvent,
  { after }: RuleStep,
): Promise<void> {
  if (event.what === "retract") {
    await tx.query("DELETE FROM rules WHERE kind = $1 AND id = $2 AND tenant = $3 AND state = 'proposed'", [
      content.kind,
      fromHex(content.id, 32),
      tenant,
    ]);
    return;
  }
  const by = fromHex(event.by, 20);
  const publishes = event.what === "publish" || event.what === "shown";
  await tx.query(
    `INSERT INTO rules (kind, id, json, region, name, version, time_zone, scenario, valid_from, valid_to,
       state, tenant, proposed_by, published_by, published_at, withdrawn_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     ON CONFLICT (kind, id, tenant) DO UPDATE SET state = excluded.state,
       published_by = coalesce(rules.published_by, excluded.published_by),
       published_at = coalesce(rules.published_at, excluded.published_at),
       withdrawn_at = coalesce(rules.withdrawn_at, excluded.withdrawn_at)`,
    [
      content.kind,
      fromHex(content.id, 32),
      content.json,
      content.region,
      content.name,
      content.version,
      content.timeZone,
      content.scenario,
      content.validFrom,
      content.validTo,
      after,
      tenant,
      event.what === "propose" ? by : null,
      publishes ? by : null,
      publishes || event.what === "withdraw" ? event.at : null,
      event.what === "withdraw" ? event.at : null,
    ],
  );
  // Everybody has the published one: whoever else proposed the same file has nothing left to wait for.
  if (after !== "proposed")
    await tx.query("DELETE FROM rules WHERE kind = $1 AND id = $2 AND state = 'proposed'", [
      content.kind,
      fromHex(content.id, 32),
    ]);
}

/** Of several tenants' standing proposals the one that was made first. */
async function firstProposal(tx: Session, kind: Rule["kind"], id: Hex): Promise<Rule | null> {
  const [first] = await tx.query<{ tenant: TenantId }>(
    `SELECT r.tenant FROM rules r
     JOIN rule_decisions d ON d.kind = r.kind AND d.id = r.id AND d.tenant = r.tenant AND d.what = 'propose'
     WHERE r.kind = $1 AND r.id = $2 AND r.state = 'proposed'
     GROUP BY r.tenant ORDER BY max(d.sequence) LIMIT 1`,
    [kind, fromHex(id, 32)],
  );
  return first === undefined ? null : findRule(tx, first.tenant, kind, id);
}
