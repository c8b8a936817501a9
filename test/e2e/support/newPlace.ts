import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import type { Context } from "../../../src/app/context.ts";
import { openContext } from "../../../src/app/openContext.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import type { Clock } from "../../../src/base/lib/system.ts";
import { placeMigrated } from "../../support/placeMigrated.ts";

/** A data folder of its own, and on Postgres a database of its own, for one test file. */
export interface Place {
  readonly folder: string;
  /** Environment settings with which another process finds the same database. */
  readonly settings: Readonly<Record<string, string>>;
  /** @param clock the machine's own where not given */
  open(clock?: Clock): Promise<Context>;
  remove(): Promise<void>;
}

/**
 * @param server Postgres server to make a database on; null for the embedded database
 * @param more further settings of the environment
 */
export async function newPlace(
  server: string | null,
  more: Readonly<Record<string, string>> = {},
): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "microtonne-e2e-"));
  const database = server === null ? null : await newDatabase(server);
  const settings: Record<string, string> = { ...more, ...(database && { DATABASE_URL: database.url }) };
  const config = parseConfig(settings, { folder });
  return {
    folder,
    settings,
    open: async (clock = systemClock) => {
      if (server === null) await placeMigrated(join(folder, "db"));
      return openContext({ config, log: createLog("warn"), clock, randomness: systemRandomness });
    },
    async remove() {
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function newDatabase(server: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `microtonne_e2e_${String(process.pid)}_${Math.random().toString(36).slice(2, 10)}`;
  const admin = await openPostgres(server, { connections: 1 });
  await admin.execute(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      await admin.execute(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.close();
    },
  };
}
