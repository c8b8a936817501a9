import { describe, expect, it } from "vitest";
import { LookupTables, SERVICE_LOOKUP_CAPS } from "../../../../src/app/sources/lookupTables.ts";
import type { HeldTable } from "../../../../src/stages/ingest/map/loadJoins.ts";

const MOST = SERVICE_LOOKUP_CAPS.lookupHeldBytes;

/** Tables that say of themselves that they are of a size. */
function shelf() {
  const tables = new LookupTables();
  const loaded: string[] = [];
  let atOnce = 0;
  const take = (key: string, heldBytes: number): Promise<HeldTable> =>
    tables.take(key, async () => {
      expect(++atOnce, "loads at once").toBe(1);
      loaded.push(key);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atOnce--;
      return { key, table: { fields: [], rows: new Map(), size: { rows: 1, characters: 1, heldBytes } } };
    });
  return { tables, loaded, take };
}

describe("lookup tables that a process keeps", () => {
  it("are loaded once for all who want the same one at a time, one load after another", async () => {
    const { loaded, take } = shelf();
    const held = await Promise.all(["a", "b", "a", "a"].map((key) => take(key, 1_000)));
    expect(loaded).toEqual(["a", "b"]);
    expect(held[2]?.table).toBe(held[0]?.table);
    for (const { leave } of held) leave();
    await take("a", 1_000);
    expect(loaded).toHaveLength(2);
  });

  it("go, the longest unused first, where too much is not in use", async () => {
    const { tables, loaded, take } = shelf();
    const held = [await take("a", MOST / 2), await take("b", MOST / 2), await take("c", MOST / 2)];
    for (const { leave } of held) {
      leave();
      // Left twice is left once.
      leave();
    }
    expect(tables.bytes).toBe(MOST);
    (await take("c", MOST / 2)).leave();
    (await take("b", MOST / 2)).leave();
    expect(loaded).toEqual(["a", "b", "c"]);
    await take("a", MOST / 2);
    expect(loaded).toEqual(["a", "b", "c", "a"]);
  });

  it("are refused where those in use leave no room, until one is left", async () => {
    const { tables, take } = shelf();
    const [first] = [await take("a", MOST), await take("b", MOST), await take("c", MOST)];
    const fourth = take("d", MOST);
    await expect(fourth).rejects.toMatchObject({ code: "limit.lookups" });
    await expect(fourth).rejects.toThrow(/Send it again/);
    // What is in use may be taken by others as well.
    (await take("b", MOST)).leave();
    first?.leave();
    await take("d", MOST);
    expect(tables.bytes).toBe(3 * MOST);
  });

  it("are those that the file held when it was read, not those it was asked for by", async () => {
    const { tables, loaded, take } = shelf();
    const table = { fields: [], rows: new Map(), size: { rows: 1, characters: 1, heldBytes: 1 } };
    await tables.take("before", () => Promise.resolve({ key: "after", table }));
    expect((await take("after", 1)).table).toBe(table);
    await take("before", 1);
    expect(loaded).toEqual(["before"]);
  });
});
