import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { migrate, readMigrations } from "../../src/adapters/storage/engine/migrate.ts";
import { openPglite } from "../../src/adapters/storage/engine/openPglite.ts";

/** Out of git's sight; one for each state of the migrations and each version of the engine. */
const KEPT = resolve(".vitest");
const ENGINE = new URL("../../node_modules/@electric-sql/pglite/package.json", import.meta.url);

/**
 * Puts the files of a migrated embedded database without any row into the folder, unless one is there, so
 * that `openPglite` finds it. To make a cluster takes seconds of a processor, to copy it none: it is made
 * once and kept.
 */
export async function placeMigrated(folder: string): Promise<void> {
  if (existsSync(join(folder, "cluster"))) return;
  const state = createHash("sha256").update(readFileSync(ENGINE)).update(JSON.stringify(readMigrations()));
  const kept = join(KEPT, `cluster-${state.digest("hex").slice(0, 16)}`);
  if (!existsSync(kept)) await make(kept);
  cpSync(join(kept, "cluster"), join(folder, "cluster"), { recursive: true });
}

/** Test files that run side by side may each make one; the first to be complete stays. */
async function make(kept: string): Promise<void> {
  mkdirSync(KEPT, { recursive: true });
  const draft = mkdtempSync(join(KEPT, "draft-"));
  const db = await openPglite(draft);
  try {
    await migrate(db);
  } finally {
    await db.close();
  }
  try {
    renameSync(draft, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
}
