import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import { ask } from "./support/ask.ts";
import { ndjson, NDJSON } from "./support/rows.ts";
import { onEachService, type Called } from "./support/service.ts";
import { until } from "./support/until.ts";

const rows = (token: string, count: number): Called => ({
  token,
  query: { profile: "canonical-ndjson", provider: "city-metro" },
  body: ndjson(count, randomUUID()),
  headers: { "content-type": NDJSON },
});

describe("a database that ends its sessions", () => {
  onEachService((bench) => {
    const server = (): string | undefined => bench.place().settings["DATABASE_URL"];

    it("what was under way is answered 503 or done, and the next requests are served", async ({ skip }) => {
      const url = server() ?? skip("the embedded database has no sessions that somebody else could end");
      const unhandled: unknown[] = [];
      const keep = (error: unknown): void => void unhandled.push(error);
      process.on("uncaughtException", keep).on("unhandledRejection", keep);
      const token = await bench.token("cut", ROLES);
      const killer = await openPostgres(url, { connections: 1 });
      // A session that is somebody's and does nothing just then: at a lock, and between two statements.
      const lock = await bench.context().db.lock("held while sessions end");
      const open = bench.context().db.transaction(async (tx) => {
        const [own] = await tx.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
        await until("the end of its session", async () => {
          const there = await killer.query("SELECT FROM pg_stat_activity WHERE pid = $1", [own?.pid ?? 0]);
          return there.length === 0;
        });
        await tx.query("SELECT 2");
      });
      const ended = open.catch((error: unknown) => error);
      const statuses: number[] = [];
      try {
        for (let round = 0; round < 5; round++) {
          const busy = Array.from({ length: 6 }, async () =>
            statuses.push((await bench.call("postActivities", rows(token, 400))).status),
          );
          await killer.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()`,
          );
          if (round === 0) expect(await ended).toMatchObject({ code: "storage.unavailable" });
          await Promise.all(busy);
        }
        expect((await ask(bench.url(), { method: "GET", path: "/readyz" })).status).toBe(200);
        expect((await bench.call("postActivities", rows(token, 10))).status).toBe(200);
      } finally {
        await lock.release();
        await killer.close();
        process.off("uncaughtException", keep).off("unhandledRejection", keep);
      }
      expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
      expect(unhandled).toEqual([]);
    });
  });
});
