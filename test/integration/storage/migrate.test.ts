import { describe, expect, it } from "vitest";
import { saveMethodologies } from "../../../src/adapters/storage/providers/saveMethodologies.ts";
import { migrate, readMigrations } from "../../../src/adapters/storage/engine/migrate.ts";
import { saveProvider } from "../../../src/adapters/storage/providers/saveProvider.ts";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { METHODOLOGY, REGION } from "./support/samples.ts";

describe("migrations", () => {
  onEachEngine((bench) => {
    it("are applied once, and by one process at a time", async () => {
      expect(await migrate(bench.db())).toEqual([]);
      const extra = {
        number: (readMigrations().at(-1)?.number ?? 0) + 1,
        name: "9999_extra.sql",
        sql: "CREATE TABLE extra (tenant text); INSERT INTO extra VALUES ('x');",
      };
      const migrations = [...readMigrations(), extra];
      const others =
        bench.db().engine === "postgres"
          ? [await openPostgres(bench.place()), await openPostgres(bench.place())]
          : [];
      const applied = await Promise.all([bench.db(), ...others].map((db) => migrate(db, migrations)));
      expect(applied.flat()).toEqual([extra.number]);
      await Promise.all(others.map((db) => db.close()));
      await expect(migrate(bench.db())).rejects.toMatchObject({ code: "storage.newer" });
      await bench
        .db()
        .execute(`DROP TABLE extra; DELETE FROM migrations WHERE number = ${String(extra.number)};`);
      expect(await migrate(bench.db())).toEqual([]);
    });

    it("refuse a database whose applied migration is not the one shipped", async () => {
      const altered = readMigrations().map((each) =>
        each.number === 2 ? { ...each, sql: `${each.sql}\n-- more` } : each,
      );
      await expect(migrate(bench.db(), altered)).rejects.toMatchObject({ code: "storage.altered" });
    });

    it("go on with one that was worded otherwise while its version was made", async () => {
      const wording = "c19aa6e9411c97380f6b7f38a833dba499b6945c50449cecb336146ff57a96fe";
      const write = "UPDATE migrations SET checksum = decode($1, 'hex') WHERE number = 13 RETURNING name";
      expect(await bench.db().query(write, [wording])).toHaveLength(1);
      expect(await migrate(bench.db())).toEqual([]);
      await bench.db().query(write, ["00".repeat(32)]);
      await expect(migrate(bench.db())).rejects.toMatchObject({ code: "storage.altered" });
      await bench.db().query(write, [wording]);
    });

    it("leave nothing of one that fails", async () => {
      const failing = [
        ...readMigrations(),
        {
          number: (readMigrations().at(-1)?.number ?? 0) + 1,
          name: "9999_x.sql",
          sql: "CREATE TABLE half (tenant text); SELECT 1 / 0;",
        },
      ];
      await expect(migrate(bench.db(), failing)).rejects.toMatchObject({ code: "22012" });
      expect(await bench.db().query("SELECT to_regclass('half')::text AS found")).toEqual([{ found: null }]);
      expect(await migrate(bench.db())).toEqual([]);
    });

    it("give every table a tenant, but for record keys, which are made of it", async () => {
      const rows = await bench.db().query<{ table_name: string }>(
        `SELECT table_name FROM information_schema.tables t WHERE table_schema = 'public'
         AND table_name <> 'migrations' AND table_name !~ '^records(_[0-9a-f])?$' AND NOT EXISTS (
           SELECT 1 FROM information_schema.columns c WHERE c.table_schema = 'public'
           AND c.table_name = t.table_name AND c.column_name = 'tenant')`,
      );
      expect(rows).toEqual([]);
    });

    it("hold providers and methodologies, whose content never changes under an id", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await saveProvider(db, tenant, { id: providerId("metro"), name: "Metro" });
      await saveProvider(db, tenant, { id: providerId("metro"), name: "Wuhan Metro" });
      await saveProvider(db, tenant, { id: providerId("bus"), name: "公交" });
      const names = "SELECT provider AS id, name FROM providers WHERE tenant = $1 ORDER BY provider";
      expect(await db.query(names, [tenant])).toEqual([
        { id: "bus", name: "公交" },
        { id: "metro", name: "Wuhan Metro" },
      ]);
      const methodology = { id: METHODOLOGY, region: REGION, json: '{"a":1}' };
      await saveMethodologies(db, tenant, [methodology]);
      await saveMethodologies(db, tenant, [methodology]);
      await expect(saveMethodologies(db, tenant, [{ ...methodology, json: "{}" }])).rejects.toMatchObject({
        code: "methodology.differs",
      });
      const versions =
        "SELECT '0x' || encode(methodology, 'hex') AS id, region, json FROM methodologies WHERE tenant = $1";
      expect(await db.query(versions, [tenant])).toEqual([methodology]);
    });
  });
});
