import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";

/** Whether there is anything to open: looking around makes no data folder. */
export function hasDatabase({ databaseUrl, folder }: Pick<Config, "databaseUrl" | "folder">): boolean {
  return databaseUrl !== null || existsSync(join(folder, "db"));
}
