import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../base/errors/errors.ts";
import type { Config } from "./config.ts";
import { hasDatabase } from "./hasDatabase.ts";
import { NETWORK_FILE } from "./networkFile.ts";

/**
 * For commands that look at what is stored, or act on it: a folder that nothing was ever stored in is a name
 * that was misspelt, and none is made for it.
 * @throws UsageError `config.no-data`
 */
export function requireFolder(config: Pick<Config, "databaseUrl" | "folder">): void {
  if (hasDatabase(config) || existsSync(join(config.folder, NETWORK_FILE))) return;
  const found = statSync(config.folder, { throwIfNoEntry: false });
  // What is no folder at all is refused where it is opened.
  if (found?.isDirectory() === false) return;
  throw new UsageError(
    "config.no-data",
    `Nothing is stored in ${config.folder}${found ? "" : ": there is no such folder"}.`,
    { remedy: { act: "name-data-folder" } },
  );
}
