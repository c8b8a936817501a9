import type { Database } from "../../../../src/adapters/storage/engine/database.ts";

/**
 * Lays a table's rows out the other way round, without a change to any of them. A database reads rows as they
 * lie where it is not told an order, so a list that is in order by chance alone is in another one afterwards.
 */
export async function turnRound(db: Database, table: string): Promise<void> {
  await db.execute(
    `DO $$ DECLARE place tid; BEGIN
       FOR place IN SELECT ctid FROM ${table} ORDER BY ctid DESC LOOP
         UPDATE ${table} SET tenant = tenant WHERE ctid = place;
       END LOOP;
     END $$`,
  );
}

/** Makes the embedded database, which has one session, read rows as they lie and not by an index. */
export async function readAsTheyLie(db: Database): Promise<void> {
  if (db.engine === "postgres") return;
  for (const way of ["indexscan", "bitmapscan"]) await db.execute(`SET enable_${way} = off`);
}
