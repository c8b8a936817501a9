import { describe, expect, it, vi } from "vitest";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import { onEachEngine } from "./support/onEachEngine.ts";

const ONE_PROCESS = "the embedded database is one process's and has no sessions";

/** Ends the sessions that hold locks. */
async function endHolders(db: Database): Promise<void> {
  const ended = await db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity a WHERE datname = current_database()
     AND pid <> pg_backend_pid() AND EXISTS (
       SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory')`,
  );
  expect(ended.length).toBeGreaterThan(0);
}

describe("locks of a database", () => {
  onEachEngine((bench) => {
    it("hold until they are released, and can be taken again", async () => {
      const first = await bench.db().lock("held");
      await first.confirm();
      await first.renew();
      await first.release();
      await first.release();
      const second = await bench.db().lock("held");
      await first.release();
      await expect(second.confirm()).resolves.toBeUndefined();
      await second.release();
    });

    it("are known to be lost by who held them, and are taken again", async ({ skip }) => {
      skip(bench.db().engine !== "postgres", ONE_PROCESS);
      const db = bench.db();
      const other = await openPostgres(bench.place());
      try {
        const [first, beside] = [await db.lock("lost"), await db.lock("lost too")];
        await first.confirm();
        await endHolders(other);
        const second = await other.lock("lost");
        await expect(first.confirm()).rejects.toMatchObject({ code: "storage.lock-lost" });
        let isBack = false;
        const back = first.renew().then(() => (isBack = true));
        await beside.renew();
        await beside.confirm();
        expect(isBack).toBe(false);
        await second.confirm();
        await second.release();
        await back;
        await first.confirm();
        await Promise.all([first.release(), beside.release()]);
        await (await other.lock("lost")).release();
      } finally {
        await other.close();
      }
    });

    it("leave all connections to those who work, whoever holds and waits", async () => {
      const db = bench.db();
      const held = await Promise.all(Array.from({ length: 12 }, (_, i) => db.lock(`work ${String(i)}`)));
      const waiting = Array.from({ length: 12 }, async () => (await db.lock("work 0")).release());
      const begun = Date.now();
      await Promise.all(Array.from({ length: 20 }, () => db.query("SELECT 1")));
      expect(Date.now() - begun).toBeLessThan(5_000);
      await Promise.all(held.map((lock) => lock.release()));
      await Promise.all(waiting);
    });

    it("are refused to who has waited half a minute, in this process or in another one", async ({ skip }) => {
      skip(bench.db().engine !== "postgres", ONE_PROCESS);
      const other = await openPostgres(bench.place());
      const held = await bench.db().lock("busy");
      try {
        for (const db of [bench.db(), other]) {
          const waiting = db.lock("busy");
          // Nobody waits by the clock; what is awaited is the next look at it.
          const now = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 30_001);
          await expect(waiting).rejects.toMatchObject({
            code: "storage.busy",
            message: expect.stringContaining("(busy) for a while. Wait until it is done") as string,
          });
          now.mockRestore();
        }
      } finally {
        await held.release();
        await other.close();
      }
    });

    it("leave no session behind", async ({ skip }) => {
      skip(bench.db().engine !== "postgres", ONE_PROCESS);
      const db = await openPostgres(bench.place());
      await (await db.lock("a")).release();
      await db.lock("b");
      await db.close();
      await expect
        .poll(() =>
          bench.db().query(
            `SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
             WHERE l.locktype = 'advisory' AND d.datname = current_database()`,
          ),
        )
        .toHaveLength(0);
    });
  });
});
