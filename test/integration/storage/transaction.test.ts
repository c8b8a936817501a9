import { describe, expect, it } from "vitest";
import { openPostgres } from "../../../src/adapters/storage/postgres.ts";
import { onEachEngine } from "./engines.ts";

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

    it("says so where a failure inside was passed over and nothing can be kept", async () => {
      const passedOver = bench.db().transaction(async (tx) => {
        await tx.query("SELECT 1 / 0").catch(() => undefined);
      });
      await expect(passedOver).rejects.toMatchObject({ code: "storage.not-committed" });
      expect(await bench.db().query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    });
  });

  it("reports a server that is not there, without the URL and its password", async () => {
    const error: unknown = await openPostgres("postgres://someone:secret@127.0.0.1:1/nowhere").catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "storage.unavailable" });
    expect((error as Error).message).not.toContain("secret");
  });
});
