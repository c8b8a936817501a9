import { readFileSync } from "node:fs";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";

/** Linux counts a process' time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/**
 * Processor time that this process and, where it can be seen (a server on this very Linux machine), the
 * database's connections have used so far. Unlike time on the wall it does not
 * grow with what else the machine does.
 */
export async function cpuSeconds(db: Database): Promise<number> {
  const { user, system } = process.cpuUsage();
  if (db.engine === "pglite") return (user + system) / 1e6;
  const backends = await db.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()",
  );
  return backends.reduce((sum, { pid }) => sum + secondsOfProcess(pid), (user + system) / 1e6);
}

function secondsOfProcess(pid: number): number {
  try {
    // The command's name stands in parentheses and may hold spaces; user and system time are the 12th and
    // 13th field behind it.
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, "utf8")
        .split(") ")
        .at(-1)
        ?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}
