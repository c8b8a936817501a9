import { SECONDS_PER_DAY } from "../../../base/lib/time.ts";
import type { Session } from "../engine/database.ts";

/** UTC day of an instant, as days since 1970-01-01. */
export function utcDay(instant: number): number {
  return Math.floor(instant / SECONDS_PER_DAY);
}

/**
 * Makes the partitions of `reductions` that these UTC days lack, in the transaction given. ATTACH, unlike
 * CREATE … PARTITION OF, does not shut out those who read and write other partitions meanwhile; who needs new
 * partitions at the same time waits for this transaction's end.
 */
export async function ensureDayPartitions(tx: Session, days: readonly number[]): Promise<void> {
  if ((await missingOf(tx, days)).length === 0) return;
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('microtonne/partitions', 0))");
  const missing = await missingOf(tx, days);
  const script = missing.map(({ day, name }) => {
    const start = String(day * SECONDS_PER_DAY);
    const end = String((day + 1) * SECONDS_PER_DAY);
    return `CREATE TABLE ${name} (LIKE reductions INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
      ALTER TABLE reductions ATTACH PARTITION ${name} FOR VALUES FROM (${start}) TO (${end});`;
  });
  if (script.length > 0) await tx.execute(script.join("\n"));
}

/**
 * Asks the catalogue's table, which a transaction that has waited sees as it is now; `to_regclass` may still
 * answer what it has remembered.
 */
async function missingOf(tx: Session, days: readonly number[]): Promise<{ day: number; name: string }[]> {
  return tx.query(
    `SELECT day, name FROM unnest($1::integer[]) AS day,
       LATERAL (SELECT 'reductions_' || to_char(date '1970-01-01' + day, 'YYYYMMDD') AS name) named
     WHERE NOT EXISTS (SELECT FROM pg_class c JOIN pg_class parent ON parent.relnamespace = c.relnamespace
       WHERE parent.oid = 'reductions'::regclass AND c.relname = named.name)
     ORDER BY day`,
    [days],
  );
}
