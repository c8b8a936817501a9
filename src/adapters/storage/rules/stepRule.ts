import { fromHex, toHex } from "../../../base/lib/bytes.ts";
import type { Address, Hex, TenantId } from "../../../base/types/ids.ts";
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
import { findRule } from "./findRule.ts";
import { listRules } from "./listRules.ts";
import { rulesVersion } from "./rulesVersion.ts";

/** How a step is decided and its row hashed, and the rules of the program itself. */
export interface RuleSteps {
  readonly decide: DecideRuleStep;
  readonly hash: (decision: Decision, previous: Hex | null) => Hex;
  readonly shipped: RuleSurroundings["others"];
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
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('microtonne/rules', 0))");
    const own = await findRule(tx, tenant, content.kind, content.id);
    // What is published carries its proposer on, whose key may not publish, whoever hears of it first.
    const standing = own ?? (isProposers(event) ? null : await firstProposal(tx, content.kind, content.id));
    const listed = await listRules(tx, tenant);
    const { shipped, local, reachBack, rehearsal } = steps;
    const step = steps.decide(content, standing, event, {
      others: [...shipped, ...listed.filter(({ state }) => state !== "proposed")],
      local,
      reachBack,
      rehearsal,
      openProposals: listed.filter(({ state }) => state === "proposed").length,
    });
    if (step.before !== step.after) {
      await writeState(tx, standing?.tenant ?? tenant, content, event, step);
      await writeDecision(tx, tenant, content, event, step, steps.hash);
    }
    const after = await findRule(tx, tenant, content.kind, content.id);
    return after ?? { ...(standing as Rule), state: step.after };
  });
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

async function writeDecision(
  tx: Session,
  tenant: TenantId,
  { kind, id }: RuleContent,
  event: RuleEvent,
  { before, after }: RuleStep,
  hash: RuleSteps["hash"],
): Promise<void> {
  const last = await rulesVersion(tx);
  const [previous] = await tx.query<{ hash: Uint8Array }>(
    "SELECT hash FROM rule_decisions WHERE sequence = $1",
    [last],
  );
  const decision: Decision = {
    sequence: last + 1,
    kind,
    id,
    what: event.what,
    by: event.by.toLowerCase() as Address,
    before,
    after,
    why: event.what === "withdraw" ? event.why : null,
    at: event.at,
  };
  const digest = hash(decision, previous === undefined ? null : toHex(previous.hash));
  await tx.query(
    `INSERT INTO rule_decisions (tenant, sequence, kind, id, what, by_key, before, after, why, at, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      tenant,
      decision.sequence,
      kind,
      fromHex(id, 32),
      decision.what,
      fromHex(decision.by, 20),
      before,
      after,
      decision.why,
      decision.at,
      fromHex(digest, 32),
    ],
  );
}
