import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context.ts";

const PATIENCE_MILLISECONDS = 2_000;

/** Whether the database answers soon. */
export async function isReady({ db }: Pick<Context, "db">): Promise<boolean> {
  const asked = db.query("SELECT 1").then(
    () => true,
    () => false,
  );
  return Promise.race([asked, sleep(PATIENCE_MILLISECONDS, false, { ref: false })]);
}
