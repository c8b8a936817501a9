import { fromHex } from "../../../base/lib/bytes.ts";
import type { Hex, TenantId } from "../../../base/types/ids.ts";
import type { Rule, RuleKind } from "../../../stages/rules/ports.ts";
import type { Session } from "../engine/database.ts";
import { RULE_COLUMNS, ruleOf, type RuleRow } from "./ruleRows.ts";

/**
 * The rule of an id as a tenant has it: the published or withdrawn one, else its own proposal; null where
 * there is neither.
 */
export async function findRule(db: Session, tenant: TenantId, kind: RuleKind, id: Hex): Promise<Rule | null> {
  const [row] = await db.query<RuleRow>(
    `SELECT ${RULE_COLUMNS} FROM rules WHERE kind = $1 AND id = $2 AND (state <> 'proposed' OR tenant = $3)`,
    [kind, fromHex(id, 32), tenant],
  );
  return row === undefined ? null : ruleOf(row);
}
