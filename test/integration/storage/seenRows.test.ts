import { describe, expect, it } from "vitest";
import { findSeenRows, saveSeenRows } from "../../../src/adapters/storage/ingests/seenRows.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import { onEachEngine } from "./support/onEachEngine.ts";

const PROVIDER = providerId("metro-gates");
const entry = (rowId: string, used: boolean): { rowId: string; used: boolean } => ({ rowId, used });

describe("rows that were seen", () => {
  onEachEngine((bench) => {
    it("are known to other ingests, not to their own, so that a resumed run decides as before", async () => {
      const tenant = await bench.tenant();
      await saveSeenRows(bench.db(), tenant, PROVIDER, "1", [
        entry("a", false),
        entry("b", true),
        entry("b", false),
      ]);
      expect(await findSeenRows(bench.db(), tenant, PROVIDER, "1", ["a", "b"])).toEqual(new Map());
      expect(await findSeenRows(bench.db(), tenant, PROVIDER, "2", ["a", "b", "c"])).toEqual(
        new Map([
          ["a", "waiting"],
          ["b", "used"],
        ]),
      );
    });

    it("once used stay used, by the ingest that used them", async () => {
      const tenant = await bench.tenant();
      await saveSeenRows(bench.db(), tenant, PROVIDER, "1", [entry("a", false)]);
      await saveSeenRows(bench.db(), tenant, PROVIDER, "2", [entry("a", true)]);
      await saveSeenRows(bench.db(), tenant, PROVIDER, "3", [entry("a", false)]);
      expect(await findSeenRows(bench.db(), tenant, PROVIDER, "1", ["a"])).toEqual(new Map([["a", "used"]]));
      expect(await findSeenRows(bench.db(), tenant, PROVIDER, "2", ["a"])).toEqual(new Map());
    });

    it("are those of one tenant and provider", async () => {
      const [tenant, other] = [await bench.tenant(), await bench.tenant()];
      await saveSeenRows(bench.db(), tenant, PROVIDER, "1", [entry("a", true)]);
      expect(await findSeenRows(bench.db(), other, PROVIDER, "2", ["a"])).toEqual(new Map());
      expect(await findSeenRows(bench.db(), tenant, providerId("other-gates"), "2", ["a"])).toEqual(
        new Map(),
      );
      expect(await findSeenRows(bench.db(), tenant, PROVIDER, "2", [])).toEqual(new Map());
    });

    it("must be texts that the database can hold", async () => {
      const tenant = await bench.tenant();
      await expect(findSeenRows(bench.db(), tenant, PROVIDER, "1", ["a\0"])).rejects.toMatchObject({
        code: "storage.text",
      });
    });
  });
});
