import type { Session } from "./database.ts";

/**
 * For the rest of the transaction, rows are looked up one by one in their indexes, however large the tables
 * are. Without statistics (a fresh load, or PGlite, which gathers none by itself) the planner would read
 * whole tables instead. Where a list is looked up in a key table, the statement says `CROSS JOIN LATERAL (…
 * OFFSET 0)` besides: that keeps the planner from walking the table and searching the list.
 */
export async function preferIndexes(tx: Session): Promise<void> {
  await tx.query(
    `SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
     set_config('enable_seqscan', 'off', true),
            set_config('jit', 'off', true)`,
  );
}
