import { toHex } from "../../../base/lib/bytes.ts";
import type { Hex, TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Decision, RuleKind, RuleState } from "../../../stages/rules/ports.ts";
import type { Session } from "../engine/database.ts";

interface Row {
  readonly tenant: TenantId;
  readonly sequence: number;
  readonly kind: RuleKind;
  readonly id: Uint8Array;
  readonly what: Decision["what"];
  readonly by_key: Uint8Array;
  readonly before: RuleState | null;
  readonly after: RuleState;
  readonly why: string | null;
  readonly at: bigint;
  readonly hash: Uint8Array;
}

/** All decisions about rules, oldest first, each with its hash as stored and the tenant that made it. */
export async function listDecisions(
  db: Session,
): Promise<{ tenant: TenantId; decision: Decision; hash: Hex }[]> {
  const rows = await db.query<Row>(
    `SELECT tenant, sequence, kind, id, what, by_key, before, after, why, at, hash FROM rule_decisions
     ORDER BY sequence`,
  );
  return rows.map(({ tenant, sequence, kind, id, what, by_key, before, after, why, at, hash }) => ({
    tenant,
    decision: {
      sequence,
      kind,
      id: toHex(id),
      what,
      by: toHex(by_key),
      before,
      after,
      why,
      at: Number(at) as UnixSeconds,
    },
    hash: toHex(hash),
  }));
}
