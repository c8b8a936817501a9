import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../../../src/adapters/storage/engine/database.ts";
import { ensureTenant } from "../../../../src/adapters/storage/service/ensureTenant.ts";
import { migrate } from "../../../../src/adapters/storage/engine/migrate.ts";
import { openPglite } from "../../../../src/adapters/storage/engine/openPglite.ts";
import { openPostgres } from "../../../../src/adapters/storage/engine/openPostgres.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import type { TenantId } from "../../../../src/base/types/ids.ts";
import { placeMigrated } from "../../../support/placeMigrated.ts";

/** An empty database of one engine and how to be rid of it. */
export interface EmptyDatabase {
  readonly db: Database;
  /** Where a second connection finds it: a folder, or a URL. */
  readonly place: string;
  drop(): Promise<void>;
}

async function newPglite(migrated = false): Promise<EmptyDatabase> {
  const place = mkdtempSync(join(tmpdir(), "microtonne-pglite-"));
  if (migrated) await placeMigrated(place);
  const db = await openPglite(place);
  return {
    db,
    place,
    drop: async () => {
      await db.close();
      rmSync(place, { recursive: true, force: true });
    },
  };
}

async function emptyPostgres(server: string): Promise<EmptyDatabase> {
  const name = `microtonne_test_${String(process.pid)}_${Math.random().toString(36).slice(2, 10)}`;
  const admin = await openPostgres(server, { connections: 1 });
  await admin.execute(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const db = await openPostgres(url.href);
  return {
    db,
    place: url.href,
    drop: async () => {
      await db.close();
      await admin.execute(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.close();
    },
  };
}

const server = process.env["TEST_DATABASE_URL"];
const ENGINES: readonly {
  readonly name: string;
  /** A migrated one may be a copy of one that was made before. */
  readonly open: (migrated?: boolean) => Promise<EmptyDatabase>;
}[] = [
  { name: "PGlite", open: newPglite },
  ...(server === undefined ? [] : [{ name: "Postgres", open: () => emptyPostgres(server) }]),
];

/**
 * What a suite works on; `tenant()` is fresh at each call, so that tests share a database and see nothing of
 * each other.
 */
export interface Bench {
  db(): Database;
  place(): string;
  tenant(): Promise<TenantId>;
  /** Another database of the engine, without any table. */
  empty(): Promise<EmptyDatabase>;
}

/** Runs a suite once per engine, each on a migrated database of its own. */
export function onEachEngine(suite: (bench: Bench) => void): void {
  it.skipIf(server === undefined)(
    "TEST_DATABASE_URL is set, so Postgres is tested (`npm run with-postgres -- npm test` sets it)",
    () => {
      expect(server).toBeDefined();
    },
  );
  describe.each(ENGINES)("on $name", ({ open }) => {
    let opened: EmptyDatabase;
    let tenants = 0;
    beforeAll(async () => {
      opened = await open(true);
      await migrate(opened.db);
    });
    afterAll(async () => {
      await opened.drop();
    });
    suite({
      db: () => opened.db,
      place: () => opened.place,
      empty: () => open(),
      tenant: async () => {
        const tenant = tenantId(`tenant-${String(++tenants)}`);
        await ensureTenant(opened.db, tenant);
        return tenant;
      },
    });
  });
}
