import { describe, expect, it } from "vitest";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import { UnavailableError } from "../../../src/base/errors/errors.ts";
import { newPlace } from "../../e2e/support/newPlace.ts";
import { onFreshChain } from "./support/onFreshChain.ts";
import { announcements, operator } from "./support/testChain.ts";

const here = onFreshChain();
const sent = async (): Promise<number> =>
  Number(await here.rpc("eth_getTransactionCount", operator.address, "pending"));

describe("settling whose lock is lost", () => {
  it("signs and sends nothing more, and goes on once it is held again", async () => {
    const life = await here.enqueue("lost");
    // A signature is confirmed, then its sending, then the next one's signature.
    for (const [lostAt, isSent] of [
      [1, 0],
      [2, 0],
      [3, 1],
    ] as const) {
      let asked = 0;
      const before = await sent();
      const settling = here.chain.settle({
        confirmLock: async () => {
          if (++asked >= lostAt) throw new UnavailableError("storage.lock-lost", "It is lost.");
        },
      });
      await expect(settling).rejects.toMatchObject({ code: "storage.lock-lost" });
      expect(asked).toBe(lostAt);
      expect((await sent()) - before).toBe(isSent);
    }
    await here.chain.settle();
    expect(await announcements(here.chain.client, here.planned, life)).toEqual([1, 1, 1]);
  });
});

const server = process.env["TEST_DATABASE_URL"];

describe("the chain of a process whose session the database ended", () => {
  it.skipIf(server === undefined)(
    "is settled under a lock that was taken again",
    { timeout: 120_000 },
    async () => {
      const place = await newPlace(server ?? null);
      const context = await place.open();
      const other = await openPostgres(place.settings["DATABASE_URL"] ?? "");
      const holders = () =>
        other.query<{ pid: number }>(
          `SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
         WHERE l.locktype = 'advisory' AND d.datname = current_database()`,
        );
      try {
        const side = await context.chain();
        const [first] = await holders();
        await other.query("SELECT pg_terminate_backend($1)", [first?.pid ?? 0]);
        await expect.poll(holders).toEqual([]);
        // Another process has the work meanwhile.
        const lock = await other.lock("microtonne/operator/local");
        let settled = false;
        const settling = side.settle().then(() => (settled = true));
        await new Promise((resolve) => setTimeout(resolve, 600));
        expect(settled).toBe(false);
        await lock.release();
        await settling;
        expect(await holders()).toHaveLength(1);
        await side.close();
      } finally {
        await other.close();
        await context.close();
        await place.remove();
      }
    },
  );
});
