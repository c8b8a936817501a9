import type { Session } from "./database.ts";

/**
 * For the rest of the transaction, rows are looked up one by one in their indexes, however large the tables are. Without statistics (a fresh
 * load) the planner would read whole tables instead.
 */
export async function preferIndexes(tx: Session): Promise<void> {
  await tx.query(
    `SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('enable_seqscan', 'off', true),
            set_config('jit', 'off', true)`,
  );
}
