import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { startClosing } from "./support/startClosing.ts";
import { streamPooled } from "../../../src/adapters/storage/batches/streamPooled.ts";
import { migrate, readMigrations } from "../../../src/adapters/storage/engine/migrate.ts";
import type { Database, Session } from "../../../src/adapters/storage/engine/database.ts";
import { findRecord } from "../../../src/adapters/storage/reductions/findRecord.ts";
import { tenantId, providerId } from "../../../src/base/lib/ids.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import type { Reduction } from "../../../src/base/types/reduction.ts";
import type { DayAct, DayRules } from "../../../src/stages/plausibility/ports.ts";
import { onEachEngine, type EmptyDatabase } from "./support/onEachEngine.ts";
import { insertOldDay, insertOldRows } from "./support/oldRows.ts";
import { admit, hash, MORNING, reduction, REGION } from "./support/samples.ts";

const LAST_OLD = 11;
/** Of all migrations from one on. */
const numbersFrom = (first: number): number[] =>
  readMigrations()
    .map(({ number }) => number)
    .filter((number) => number >= first);
const DAY = Math.floor(MORNING / 86_400);
const TENANT = tenantId("old");
const OTHER = tenantId("other");
const acts: Record<string, Reduction> = {
  pooled: reduction({ id: "pooled", subject: "s" }),
  aggregated: reduction({ id: "aggregated", subject: "s", startedAt: MORNING + 20 }),
  open: reduction({ id: "open", subject: null, endedAt: null }),
  redeemed: reduction({ id: "redeemed", startedAt: MORNING + 86_400 }),
  donated: reduction({ id: "donated", startedAt: MORNING + 86_400, quantity: 0n }),
  signed: reduction({ id: "signed 碳", provider: "bus", startedAt: MORNING - 3600, day: DAY }),
  old: reduction({ id: "old", region: "SGP", startedAt: 1_000_000_000 }),
  oldest: reduction({ id: "oldest", methodology: "other", startedAt: 0 }),
};
const COLUMNS = `tenant, started_at, ended_at, quantity, milligrams, day, closing, activity_key, subject_key,
  methodology, provider, record_id, scenario, unit, region, disposition, signing_key, evidence, arrived_at`;
const ALL = `SELECT ${COLUMNS} FROM reductions ORDER BY tenant, record_id`;

/** A database as version 0.2 left it, with a closing that is being sealed. */
async function fill(db: Database): Promise<void> {
  await migrate(db, readMigrations().slice(0, LAST_OLD));
  await db.query("INSERT INTO tenants (tenant) VALUES ($1), ($2)", [TENANT, OTHER]);
  const [closing] = await db.query<{ closing: number }>(
    `INSERT INTO closings (tenant, closing_id, region, start_day, end_day, time_zone, created_at, reductions,
       milligrams) VALUES ($1, $2, $3, $4, $4, 'Asia/Shanghai', 0, 2, 156800) RETURNING closing`,
    [TENANT, hash("closing"), REGION, DAY],
  );
  const pooled = { disposition: "pooled", closing: closing?.closing ?? 0 } as const;
  const signed = { key: hash("key"), evidence: new Uint8Array([1, ...hash("e")]), arrivedAt: MORNING + 7 };
  await insertOldRows(db, TENANT, [
    { reduction: acts["pooled"] as Reduction, ...pooled },
    { reduction: acts["aggregated"] as Reduction, ...pooled },
    { reduction: acts["open"] as Reduction },
    { reduction: acts["redeemed"] as Reduction, disposition: "redeemed" },
    { reduction: acts["donated"] as Reduction, disposition: "donated" },
    { reduction: acts["signed"] as Reduction, signed },
    { reduction: acts["old"] as Reduction },
    { reduction: acts["oldest"] as Reduction },
  ]);
  await insertOldRows(db, OTHER, [{ reduction: acts["pooled"] as Reduction }]);
}

const OLD_DAYS = 300_000;
/** Bytes of the old table that one run moves. */
const STRETCH = 1024 * 8192;
/** Days of as many subjects, as `insertOldDay` writes them. */
const MANY_OLD_DAYS = `INSERT INTO subject_days
  SELECT $1, int4send(20000 + n / 10000) || sha256(int4send(n)),
    int2send(1::smallint) || int4send(20000 + n / 10000)
    || int8send(86400 * (20000 + n / 10000)::bigint) || int8send(1::bigint) || int4send(-1)
  FROM generate_series(1, ${String(OLD_DAYS)}) n`;

describe("tables of version 0.2", () => {
  onEachEngine((bench) => {
    const opened: EmptyDatabase[] = [];
    afterEach(async () => {
      for (const database of opened.splice(0)) await database.drop();
    });
    const open = async (): Promise<Database> => {
      const database = await bench.empty();
      opened.push(database);
      return database.db;
    };

    it("move into the lean ones, each fact as it was", async () => {
      const db = await open();
      await fill(db);
      const before = await db.query(ALL);
      expect(await migrate(db)).toEqual(numbersFrom(12));
      expect(await db.query(ALL)).toEqual(before);
      expect(await db.query("SELECT to_regclass('old_reductions')::text AS old")).toEqual([{ old: null }]);
      for (const [name, { record, activityKey }] of Object.entries(acts)) {
        const found = await findRecord(db, TENANT, record.provider, record.recordId);
        expect(found?.activityKey, name).toEqual(activityKey);
      }
      expect(await findRecord(db, OTHER, providerId("metro"), "open")).toBeNull();
    });

    it("stay as they are where a view of somebody's reads them, which is named", async () => {
      const db = await open();
      await fill(db);
      await db.execute("CREATE VIEW my_report AS SELECT tenant, milligrams FROM reductions");
      await expect(migrate(db)).rejects.toThrow(/my_report/);
      expect(await db.query("SELECT count(*) AS facts FROM my_report")).toEqual([{ facts: 9n }]);
      await db.execute("DROP VIEW my_report");
      expect(await migrate(db)).toEqual(numbersFrom(12));
    });

    it("stay as they are where something of somebody's stands on one range of them", async () => {
      const db = await open();
      await fill(db);
      const day = new Date(MORNING * 1000).toISOString().slice(0, 10).replaceAll("-", "");
      const range = `reductions_${day}`;
      const readers = [
        [`CREATE VIEW day_report AS SELECT tenant, milligrams FROM ${range}`, "VIEW day_report"],
        [`CREATE MATERIALIZED VIEW kept AS SELECT tenant FROM ${range}`, "MATERIALIZED VIEW kept"],
        [`CREATE TABLE copied (one ${range})`, "TABLE copied"],
        [
          `CREATE FUNCTION of_day() RETURNS SETOF ${range} LANGUAGE sql AS 'SELECT * FROM ${range}'`,
          "FUNCTION of_day",
        ],
      ] as const;
      for (const [create, what] of readers) {
        await db.execute(create);
        const name = what.split(" ").at(-1) as string;
        await expect(migrate(db)).rejects.toThrow(new RegExp(`Views read tables.*${name}`));
        await db.execute(`DROP ${what}`);
      }
      expect(await migrate(db, readMigrations().slice(0, 12))).toEqual([12]);
      // As an earlier wording of that migration let it pass.
      await db.execute(readers[0][0]);
      await expect(migrate(db)).rejects.toThrow(new RegExp(`acts in ${range} were not moved.*day_report`));
      await db.execute("DROP VIEW day_report");
      expect(await migrate(db)).toEqual(numbersFrom(13));
      expect(await db.query("SELECT count(*) AS facts FROM reductions")).toEqual([{ facts: 9n }]);
    });

    it("are read on by those who were granted it", async () => {
      const db = await open();
      await fill(db);
      const role = `microtonne_reader_${randomBytes(4).toString("hex")}`;
      await db.execute(`CREATE ROLE ${role}; GRANT SELECT ON reductions TO PUBLIC;
        GRANT SELECT ON reductions TO ${role} WITH GRANT OPTION;
        GRANT UPDATE (milligrams) ON reductions TO ${role}`);
      const grants = `SELECT a.privilege_type, a.is_grantable, a.grantee::text, acl.place FROM (
          SELECT relacl AS acl, '' AS place FROM pg_class WHERE oid = 'reductions'::regclass UNION ALL
          SELECT attacl, attname FROM pg_attribute WHERE attrelid = 'reductions'::regclass) acl,
        aclexplode(acl.acl) a
        WHERE a.grantee <> current_user::regrole ORDER BY a.grantee, acl.place`;
      const before = await db.query(grants);
      await migrate(db);
      expect(before).toHaveLength(3);
      expect(await db.query(grants)).toEqual(before);
      const read = db.transaction(async (tx) => {
        await tx.execute(`SET LOCAL ROLE ${role}`);
        return tx.query("SELECT count(*) AS facts FROM reductions");
      });
      expect(await read).toEqual([{ facts: 9n }]);
      await db.execute(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    });

    it("lose nothing where their tenant is unknown: the day is named, and moved afterwards", async () => {
      const db = await open();
      await fill(db);
      await insertOldRows(db, tenantId("ghost"), [{ reduction: acts["open"] as Reduction }]);
      const day = new Date(MORNING * 1000).toISOString().slice(0, 10).replaceAll("-", "");
      await expect(migrate(db)).rejects.toThrow(
        new RegExp(`Of 5 acts in reductions_${day} only 4 could be moved`),
      );
      await db.query("INSERT INTO tenants (tenant) VALUES ('ghost')");
      expect(await migrate(db)).toEqual(numbersFrom(13));
      expect(await db.query("SELECT count(*) AS facts FROM reductions")).toEqual([{ facts: 10n }]);
    });

    it("keep what is here from coming again, and closed keys closed", async () => {
      const db = await open();
      await fill(db);
      await migrate(db);
      const again = await admit(db, TENANT, Object.values(acts));
      expect(new Set(again.outcomes)).toEqual(new Set(["duplicate.record-id"]));
      const others = [
        reduction({ id: "same act", subject: "s" }),
        reduction({ id: "same minute", subject: "s", startedAt: MORNING + 40 }),
        reduction({ id: "redeemed's minute", subject: "redeemed", startedAt: MORNING + 86_420 }),
      ];
      expect((await admit(db, TENANT, others)).outcomes).toEqual([
        "duplicate.same-content",
        "duplicate.closed",
        "accepted",
      ]);
    });

    it("close as before: what was frozen stays in its closing, what was open is free", async () => {
      const db = await open();
      await fill(db);
      await migrate(db);
      const closing = hash("closing");
      const ids: string[] = [];
      for await (const rows of streamPooled(db, TENANT, closing, 5_000))
        ids.push(...rows.map(({ record }) => record.recordId));
      expect(ids.toSorted()).toEqual(["aggregated", "pooled"]);
      await db.query("UPDATE closings SET sealed = true");
      const next = await startClosing(db, TENANT, {
        closingId: hash("next"),
        region: REGION,
        startDay: (DAY - 1) as Day,
        endDay: (DAY + 1) as Day,
        timeZone: "Asia/Shanghai",
        createdAt: MORNING as UnixSeconds,
        previousBatchId: null,
      });
      expect(next.closing.reductions).toBe(2);
    });

    it("tell of subjects' days what they told", async () => {
      const db = await open();
      await fill(db);
      const { subjectKey } = acts["pooled"] as Reduction;
      const told: DayAct[] = [
        { scenarioClass: 3, day: DAY - 1, startedAt: MORNING - 7200, endedAt: null, quantity: 2n ** 52n },
        { scenarioClass: 1, day: DAY, startedAt: MORNING, endedAt: MORNING + 600, quantity: 1n },
      ];
      for (const act of told) await insertOldDay(db, TENANT, subjectKey as Uint8Array, DAY, act);
      await migrate(db);
      const seen: DayAct[] = [];
      const watching: DayRules = {
        actOf: ({ record: { startedAt, endedAt, quantity }, day }) => ({
          scenarioClass: 1,
          startedAt,
          endedAt,
          quantity,
          day,
        }),
        daysOf: ({ day }) => [day],
        judge: (_act, own) => (seen.push(...own), null),
      };
      await admit(db, TENANT, [reduction({ id: "new", subject: "s", startedAt: MORNING + 9000 })], watching);
      expect(seen.toSorted((a, b) => a.startedAt - b.startedAt)).toEqual(told);
      await admit(db, OTHER, [reduction({ id: "new", subject: "s", startedAt: MORNING + 9000 })], watching);
      expect(seen).toHaveLength(told.length);
    });

    it("go on moving where a run was cut off", async () => {
      const db = await open();
      await fill(db);
      const before = await db.query(ALL);
      await migrate(db, readMigrations().slice(0, LAST_OLD + 1));
      const step = readMigrations()[LAST_OLD + 1]?.sql ?? "";
      for (const day of [1, 2]) {
        const rows = await db.transaction((tx) => tx.execute(step));
        expect(rows.at(-1), String(day)).toEqual({ again: true });
      }
      expect(await migrate(db)).toEqual(numbersFrom(LAST_OLD + 2));
      expect(await db.query(ALL)).toEqual(before);
    });

    it(
      "move subjects' days a stretch at a time, wherever a run is cut off",
      { timeout: 600_000 },
      async () => {
        const db = await open();
        await fill(db);
        await db.query(MANY_OLD_DAYS, [TENANT]);
        const bytes = "SELECT pg_total_relation_size('old_subject_days') AS bytes";
        await migrate(db, readMigrations().slice(0, LAST_OLD + 2));
        const step = readMigrations()[LAST_OLD + 2]?.sql ?? "";
        const run = (tx: Session) => tx.execute(step);
        const cutOff = db.transaction(async (tx) => {
          await run(tx);
          throw new Error("cut off");
        });
        await expect(cutOff).rejects.toThrow("cut off");
        expect((await db.transaction(run)).at(-1)).toEqual({ again: true, vacuum: "old_subject_days" });
        // Cut off before the room was given back, which the next run makes good.
        const [moved] = await db.query<{ days: bigint }>("SELECT count(*) AS days FROM subject_days");
        expect(Number(moved?.days)).toBeLessThan(OLD_DAYS / 2);
        const [whole] = await db.query<{ bytes: bigint }>(bytes);
        const sizes: number[] = [Number(whole?.bytes)];
        const watched: Pick<Database, "query" | "transaction" | "execute"> = {
          query: (sql, parameters) => db.query(sql, parameters),
          transaction: (work) => db.transaction(work),
          execute: async (script) => {
            const rows = await db.execute(script);
            const [left] = await db.query<{ bytes: bigint }>(bytes);
            sizes.push(Number(left?.bytes));
            return rows;
          },
        };
        expect(await migrate(watched as Database, readMigrations().slice(0, LAST_OLD + 3))).toEqual([
          LAST_OLD + 3,
        ]);
        expect(sizes.length).toBeGreaterThan(3);
        for (const [i, size] of sizes.entries())
          if (i > 1) expect(size).toBeLessThan((sizes[i - 1] as number) - STRETCH / 2);
        expect(
          await db.query("SELECT count(*) AS days, count(DISTINCT subject) AS subjects FROM subject_days"),
        ).toEqual([{ days: BigInt(OLD_DAYS), subjects: BigInt(OLD_DAYS) }]);
        expect(await db.query("SELECT to_regclass('old_subject_days_left')::text AS left")).toEqual([
          { left: null },
        ]);
      },
    );

    it("lose no subject's day whose tenant is unknown", async () => {
      const db = await open();
      await fill(db);
      const act: DayAct = { scenarioClass: 1, day: DAY, startedAt: MORNING, endedAt: null, quantity: 1n };
      await insertOldDay(db, TENANT, hash("s"), DAY, act);
      await insertOldDay(db, tenantId("ghost"), hash("s"), DAY, act);
      await expect(migrate(db)).rejects.toThrow(
        /Of 2 acts of subjects .* old_subject_days only 1 could be moved/,
      );
      expect(await db.query("SELECT count(*) AS days FROM old_subject_days")).toEqual([{ days: 2n }]);
      await db.query("INSERT INTO tenants (tenant) VALUES ('ghost')");
      expect(await migrate(db)).toEqual(numbersFrom(14));
      expect(await db.query("SELECT count(*) AS days FROM subject_days")).toEqual([{ days: 2n }]);
    });

    it(
      "are empty in a new place, which has few ranges whatever dates are told",
      { timeout: 600_000 },
      async () => {
        const db = await open();
        await migrate(db);
        await db.query("INSERT INTO tenants (tenant) VALUES ($1)", [TENANT]);
        // A day in every eight since 1970, then every single one of the last weeks.
        const days = [
          ...Array.from({ length: Math.floor(DAY / 8) }, (_, i) => 8 * i),
          ...Array.from({ length: 60 }, (_, i) => DAY - i),
        ];
        const all = days.map((day, i) => reduction({ id: String(i), startedAt: day * 86_400 }));
        expect((await admit(db, TENANT, all)).result.accepted).toBe(all.length);
        const ranges = await db.query<{ bound: string }>(
          `SELECT pg_get_expr(c.relpartbound, c.oid) AS bound
         FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'facts'::regclass`,
        );
        const lengths = ranges.map(({ bound }) => {
          const [from = 0, to = 0] = Array.from(bound.matchAll(/[0-9]+/g), Number);
          return to - from;
        });
        expect(lengths.length).toBeLessThan(220);
        expect(lengths.filter((length) => length === 1)).toHaveLength(46);
        expect(new Set((await admit(db, TENANT, all)).outcomes)).toEqual(new Set(["duplicate.record-id"]));
      },
    );
  });
});
