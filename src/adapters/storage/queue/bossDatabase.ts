import type { Db } from "pg-boss";
import type { Session, SqlParameter } from "../engine/database.ts";

/**
 * pg-boss' view of our database, or of one transaction of it. It expects int8 as the number that its own
 * connections would make of it.
 */
export function bossDatabase(session: Session): Db {
  return {
    executeSql: async (text, values) => {
      // Without parameters it may be a script, and a script's rows are those of all its statements.
      const rows =
        values === undefined || values.length === 0
          ? await session.execute(text)
          : await session.query(text, values as SqlParameter[]);
      return { rows: rows.map((row) => withNumbers(row as Record<string, unknown>)) };
    },
  };
}

function withNumbers(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]),
  );
}
