import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureSaltKeys } from "../../../src/adapters/storage/batches/ensureSaltKeys.ts";
import { streamPooled } from "../../../src/adapters/storage/batches/streamPooled.ts";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import { migrate } from "../../../src/adapters/storage/engine/migrate.ts";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import type { TenantId } from "../../../src/base/types/ids.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { startClosing } from "./support/startClosing.ts";
import { admit, hash, MORNING, reduction, REGION } from "./support/samples.ts";

const DAY = 86_400;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtonne-settings-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The refusal of the command line on a database; null where it does what was asked. */
async function refusalOf(url: string): Promise<unknown> {
  const args = ["src/doors/cli/main.ts", "--json", "--data", folder, "batch", "list"];
  const env = { PATH: process.env["PATH"] ?? "", DATABASE_URL: url };
  const out = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { env }, (_, stdout) => resolve(stdout));
  });
  return (JSON.parse(out) as { error?: unknown }).error ?? null;
}

function withOptions(place: string, options: string): string {
  const url = new URL(place);
  url.searchParams.set("options", options);
  return url.href;
}

function freeze(db: Database, tenant: TenantId, name: string) {
  return startClosing(db, tenant, {
    closingId: hash(name),
    region: REGION,
    startDay: 0 as Day,
    endDay: 30_000 as Day,
    timeZone: "Asia/Shanghai",
    createdAt: MORNING as UnixSeconds,
    previousBatchId: null,
  });
}

describe("settings of a server, a database or a role", () => {
  onEachEngine((bench) => {
    const isPostgres = () => bench.db().engine === "postgres";

    it("change nothing of how texts and bytes are read, nor where tables are", async () => {
      const empty = await bench.empty();
      const { db: plain, place } = empty;
      const [name] = await plain.query<{ name: string }>("SELECT quote_ident(current_database()) AS name");
      for (const set of [
        "standard_conforming_strings = off",
        "bytea_output = 'escape'",
        "search_path = 'elsewhere'",
      ])
        await plain.execute(`ALTER DATABASE ${name?.name ?? ""} SET ${set}`);
      await plain.execute("CREATE SCHEMA elsewhere");
      const db = isPostgres() ? await openPostgres(place) : plain;
      try {
        await migrate(db);
        const tenant = await bench.tenant();
        await db.query("INSERT INTO tenants (tenant) VALUES ($1) ON CONFLICT DO NOTHING", [tenant]);
        const rows = [0, 1, 2].map((day) =>
          reduction({ id: `a\\'${String(day)}`, startedAt: MORNING + day * DAY, subject: `s${String(day)}` }),
        );
        for (const row of rows) expect((await admit(db, tenant, [row])).outcomes).toEqual(["accepted"]);
        expect((await admit(db, tenant, rows)).result.accepted).toBe(0);
        const [ranges] = await db.query<{ n: bigint }>(
          "SELECT count(*) AS n FROM unnest(day_ranges('facts'))",
        );
        expect(ranges?.n).toBeGreaterThan(0n);
        const { closing } = await freeze(db, tenant, "settings");
        const salt = new Uint8Array(49).fill(0x5c);
        expect(
          await ensureSaltKeys(db, tenant, closing.closingId, (holders) =>
            Promise.resolve(holders.map(() => salt)),
          ),
        ).toBe(3);
        const read = [];
        for await (const some of streamPooled(db, tenant, closing.closingId, 2)) read.push(...some);
        const idsOf = (all: typeof rows) => all.map(({ record }) => record.recordId).toSorted();
        expect(read.map(({ record }) => record.recordId).toSorted()).toEqual(idsOf(rows));
        for (const { storedSaltKey } of read) expect(storedSaltKey).toEqual(salt);
        expect(await db.query("SELECT '\\x0041ff'::bytea AS b, '\\'::text AS t")).toEqual([
          { b: Uint8Array.of(0, 0x41, 0xff), t: "\\" },
        ]);
      } finally {
        if (db !== plain) await db.close();
        await empty.drop();
      }
    });

    it("give way to a schema that the URL names, asked for where tables are in another", async () => {
      if (!isPostgres()) return;
      const empty = await bench.empty();
      const { db: plain, place } = empty;
      await plain.execute("CREATE SCHEMA other");
      const chosen = withOptions(place, "-c search_path=other");
      const db = await openPostgres(chosen);
      try {
        await migrate(db);
        await expect(migrate(plain)).rejects.toMatchObject({ code: "storage.schema" });
        expect(await refusalOf(place)).toMatchObject({
          code: "storage.schema",
          message: expect.stringContaining("?options=-c%20search_path%3Dother") as string,
        });
        expect(await migrate(db)).toEqual([]);
      } finally {
        await db.close();
        await empty.drop();
      }
    });

    it("that end long statements do not end a stream, whatever time its reader takes", async () => {
      if (!isPostgres()) return;
      const options = "-c statement_timeout=400 -c idle_in_transaction_session_timeout=400";
      const db = await openPostgres(withOptions(bench.place(), options));
      try {
        for (const price of ["1", "1.5::numeric"]) {
          let rows = 0;
          const sql = `SELECT g AS a, repeat('x', 900) AS b, ${price} AS c, 2 AS d
            FROM generate_series(1, 20000) g`;
          for await (const some of db.stream(sql, [], 5_000)) {
            rows += some.length;
            await new Promise((resolve) => setTimeout(resolve, 600));
          }
          expect(rows).toBe(20_000);
        }
        await expect(db.query("SELECT pg_sleep(5)")).rejects.toMatchObject({ code: "storage.cut-short" });
        await expect(db.transaction((tx) => tx.query("SELECT pg_sleep(5)"))).rejects.toMatchObject({
          code: "storage.cut-short",
        });
        expect(await db.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      } finally {
        await db.close();
      }
    });

    it("that end long statements leave the sums of a freeze alone", async () => {
      const tenant = await bench.tenant();
      await bench.db().execute("SET statement_timeout = 60000");
      const seen = new Map<string, string>();
      const watched = new Proxy(bench.db(), {
        get: (db, key: keyof Database) =>
          key === "transaction"
            ? (work: (tx: unknown) => Promise<unknown>) =>
                db.transaction((tx) =>
                  work(
                    new Proxy(tx, {
                      get: (real, name: keyof typeof tx) =>
                        name === "query"
                          ? async (sql: string, parameters: []) => {
                              const [row] = await real.query<{ t: string }>(
                                "SELECT current_setting('statement_timeout') AS t",
                              );
                              seen.set(sql.trim().slice(0, 24), row?.t ?? "");
                              return real.query(sql, parameters);
                            }
                          : (real[name] as (...args: unknown[]) => unknown).bind(real),
                    }),
                  ),
                )
            : (db[key] as unknown),
      });
      await admit(bench.db(), tenant, [reduction({ id: "f" })]);
      await freeze(watched, tenant, "freeze");
      expect(seen.get("SELECT count(*) AS reduc")).toBe("0");
      await bench.db().execute("SET statement_timeout = 0");
    });

    it("are named by the command line where they end what it does", async () => {
      if (!isPostgres()) return;
      const empty = await bench.empty();
      try {
        expect(await refusalOf(withOptions(empty.place, "-c statement_timeout=2"))).toMatchObject({
          code: "storage.cut-short",
          message: expect.stringContaining("statement_timeout") as string,
        });
      } finally {
        await empty.drop();
      }
    });
  });

  describe("a pool of connections", () => {
    onEachEngine((bench) => {
      it("is enough for however many streams whose readers ask for more", { timeout: 60_000 }, async () => {
        const sql = "SELECT g AS a FROM generate_series(1, 30) g";
        const read = Array.from({ length: 24 }, async () => {
          let rows = 0;
          for await (const some of bench.db().stream(sql, [], 10)) {
            rows += some.length;
            await bench.db().query("SELECT pg_sleep(0.02)");
          }
          return rows;
        });
        expect(await Promise.all(read)).toEqual(read.map(() => 30));
      });
    });
  });
});
