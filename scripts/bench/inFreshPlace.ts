import { rm } from "node:fs/promises";
import { openPostgres } from "../../src/adapters/storage/engine/openPostgres.ts";
import { openContext } from "../../src/app/openContext.ts";
import type { Context } from "../../src/app/context.ts";
import { parseConfig } from "../../src/app/process/config.ts";
import { createLog } from "../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../src/app/process/system.ts";

/** A new data folder and, where `server` is given, a new database of it; both are gone afterwards. */
export async function inFreshPlace<T>(
  folder: string,
  server: string | null,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const name = `microtonne_bench_${String(process.pid)}`;
  const admin = server === null ? null : await openPostgres(server, { connections: 1 });
  await admin?.execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin?.execute(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const url = server === null ? null : new URL(server);
  if (url) url.pathname = `/${name}`;
  const context = await openContext({
    config: parseConfig(url ? { DATABASE_URL: url.href } : {}, { folder }),
    log: createLog("warn"),
    clock: systemClock,
    randomness: systemRandomness,
  });
  try {
    return await work(context);
  } finally {
    await context.close();
    await admin?.execute(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin?.close();
    await rm(folder, { recursive: true, force: true });
  }
}
