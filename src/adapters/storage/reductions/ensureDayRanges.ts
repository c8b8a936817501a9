import type { Session } from "../engine/database.ts";

/**
 * Makes the ranges of `facts` or `subject_days` that these days lack, in the transaction given; migration
 * 0012 says which. Whoever needs new ones at the same time waits for this transaction's end.
 * @param today day around which days get ranges of their own
 */
export async function ensureDayRanges(
  tx: Session,
  table: "facts" | "subject_days",
  days: ReadonlySet<number>,
  today: number,
): Promise<void> {
  await tx.query("SELECT ensure_day_ranges($1, $2::integer[], $3)", [table, [...days], today]);
}
