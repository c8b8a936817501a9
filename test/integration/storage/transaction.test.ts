import { describe, expect, it } from "vitest";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import { onEachEngine } from "./support/onEachEngine.ts";

describe("a transaction", () => {
  onEachEngine((bench) => {
    it("keeps all or nothing, and joins the one that it is started in", async () => {
      const db = bench.db();
      await db.execute("CREATE TABLE kept (value integer)");
      const cut = db.transaction(async (tx) => {
        await tx.query("INSERT INTO kept VALUES (1)");
        await tx.transaction((inner) => inner.query("INSERT INTO kept VALUES (2)"));
        throw new Error("cut");
      });
      await expect(cut).rejects.toThrow("cut");
      expect(await db.query("SELECT value FROM kept")).toEqual([]);
      await db.transaction((tx) => tx.query("INSERT INTO kept VALUES (3)"));
      expect(await db.query("SELECT value FROM kept")).toEqual([{ value: 3 }]);
    });

    it("sees what was committed while it waited, whatever the session's default is", async () => {
      const empty = await bench.empty();
      const { db, place } = empty;
      const isServer = place.startsWith("postgres");
      try {
        const name = isServer ? new URL(place).pathname.slice(1) : "postgres";
        await db.execute(`ALTER DATABASE "${name}" SET default_transaction_isolation = 'serializable'`);
        // The setting holds for connections that are made from now on.
        const later = isServer ? await openPostgres(place) : db;
        const [level] = await later.transaction((tx) =>
          tx.query<{ transaction_isolation: string }>("SHOW transaction_isolation"),
        );
        if (isServer) await later.close();
        expect(level?.transaction_isolation).toBe("read committed");
      } finally {
        await empty.drop();
      }
    });

    it("may be begun by a script, whose rows are returned; a failed one leaves nothing broken", async () => {
      const db = bench.db();
      const script =
        "BEGIN; CREATE TABLE scripted (value bigint); INSERT INTO scripted VALUES (1), (2) RETURNING " +
        "value; COMMIT;";
      expect(await db.execute(script)).toEqual([{ value: 1n }, { value: 2n }]);
      // Others come in between where the failing script lets them.
      const failing = db.execute("BEGIN; INSERT INTO scripted VALUES (3); SELECT 1 / 0; COMMIT;");
      const others = Promise.all([1, 2, 3].map(() => db.query("SELECT count(*) AS rows FROM scripted")));
      await expect(failing).rejects.toMatchObject({ code: "22012" });
      expect(await others).toEqual([[{ rows: 2n }], [{ rows: 2n }], [{ rows: 2n }]]);
      await db.transaction((tx) => tx.query("INSERT INTO scripted VALUES (4)"));
      expect(await db.query("SELECT value FROM scripted ORDER BY value")).toEqual([
        { value: 1n },
        { value: 2n },
        { value: 4n },
      ]);
    });

    it("wakes those who listen once it is committed, each topic once, and nobody if it is not", async () => {
      const db = bench.db();
      const woken: string[] = [];
      const stops = ["a", "b"].map((topic) => db.listen(topic, () => woken.push(topic)));
      await db.transaction(async (tx) => {
        for (const topic of ["a", "a", "c"]) tx.announce(topic);
        await tx.transaction(async (inner) => Promise.resolve(inner.announce("b")));
        await tx.query("SELECT 1");
        expect(woken).toEqual([]);
      });
      expect(woken).toEqual(["a", "b"]);
      const cut = db.transaction(async (tx) => {
        tx.announce("a");
        return Promise.reject(new Error("cut"));
      });
      await expect(cut).rejects.toThrow("cut");
      db.announce("b");
      for (const stop of stops) stop();
      db.announce("a");
      expect(woken).toEqual(["a", "b", "b"]);
    });

    it("says so where a failure inside was passed over and nothing can be kept", async () => {
      const passedOver = bench.db().transaction(async (tx) => {
        await tx.query("SELECT 1 / 0").catch(() => undefined);
      });
      await expect(passedOver).rejects.toMatchObject({ code: "storage.not-committed" });
      expect(await bench.db().query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    });
  });

  it("reports a server that is not there, without the URL and its password", async () => {
    const error: unknown = await openPostgres("postgres://someone:secret@127.0.0.1:1/nowhere").catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: "storage.unavailable" });
    expect((error as Error).message).not.toContain("secret");
  });
});
