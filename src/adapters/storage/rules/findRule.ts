import { fromHex } from "../../../base/lib/bytes.ts";
import type { Hex } from "../../../base/types/ids.ts";
import type { Rule, RuleKind } from "../../../stages/rules/ports.ts";
import type { Session } from "../engine/database.ts";
import { RULE_COLUMNS, ruleOf, type RuleRow } from "./ruleRows.ts";

/** The rule of an id, whoever proposed it; null where there is none. */
export async function findRule(db: Session, kind: RuleKind, id: Hex): Promise<Rule | null> {
  const [row] = await db.query<RuleRow>(`SELECT ${RULE_COLUMNS} FROM rules WHERE kind = $1 AND id = $2`, [
    kind,
    fromHex(id, 32),
  ]);
  return row === undefined ? null : ruleOf(row);
}
