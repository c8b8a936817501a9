import { rm } from "node:fs/promises";
import { openPostgres } from "../../src/adapters/storage/engine/openPostgres.ts";
import type { Context } from "../../src/app/context.ts";
import { openContext } from "../../src/app/openContext.ts";
import { parseConfig } from "../../src/app/process/config.ts";
import { createLog } from "../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../src/app/process/system.ts";

/** Works in an empty data folder, on a new database of the server or the embedded one; both go afterwards. */
export async function inFreshPlace<T>(
  folder: string,
  server: string | undefined,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const name = `microtonne_bench_${String(process.pid)}`;
  const admin = server === undefined ? null : await openPostgres(server, { connections: 1 });
  await admin?.execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin?.execute(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const url = server === undefined ? null : new URL(server);
  if (url) url.pathname = `/${name}`;
  const config = parseConfig(url ? { DATABASE_URL: url.href } : {}, { folder });
  const context = await openContext({
    config,
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
