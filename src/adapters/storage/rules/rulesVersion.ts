import type { Session } from "../engine/database.ts";

/** How many decisions about rules there are: another number, other rules. 0 where there are none. */
export async function rulesVersion(db: Session): Promise<number> {
  const [row] = await db.query<{ last: number }>(
    "SELECT coalesce(max(sequence), 0)::int4 AS last FROM rule_decisions",
  );
  return row?.last ?? 0;
}
