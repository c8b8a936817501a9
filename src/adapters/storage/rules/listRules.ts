import type { TenantId } from "../../../base/types/ids.ts";
import type { Rule } from "../../../stages/rules/ports.ts";
import type { Session } from "../engine/database.ts";
import { RULE_COLUMNS, ruleOf, type RuleRow } from "./ruleRows.ts";

/**
 * Rules by kind, name, region and version.
 * @param tenant whose proposals are among them; null for published and withdrawn ones only
 */
export async function listRules(db: Session, tenant: TenantId | null): Promise<Rule[]> {
  const rows = await db.query<RuleRow>(
    `SELECT ${RULE_COLUMNS} FROM rules WHERE state <> 'proposed' OR tenant = $1
     ORDER BY kind, name, region, version, id`,
    [tenant],
  );
  return rows.map((row) => ruleOf(row));
}
