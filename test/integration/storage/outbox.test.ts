import { describe, expect, it } from "vitest";
import { enqueueIntent, outboxStore } from "../../../src/adapters/storage/outbox/outbox.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { Hex } from "../../../src/base/types/ids.ts";
import type { Intent } from "../../../src/stages/outbox/ports.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { hash } from "./support/samples.ts";

const SENDER: Hex = "0x00000000000000000000000000000000000000aa";
const BLOCK = { number: 7n, hash: toHex(hash("block")) };
const intent = (key: string): Intent => ({ key, kind: "commit", from: SENDER, to: null, data: "0x1234" });
const signed = (nonce: number) => ({
  nonce,
  raw: "0x02ff" as Hex,
  txHash: toHex(hash(`tx ${String(nonce)}`)),
});

describe("the outbox", () => {
  onEachEngine((bench) => {
    it("takes an intent once and keeps the order", async () => {
      const store = outboxStore(bench.db(), await bench.tenant());
      await store.enqueue(intent("one"));
      await store.enqueue({ ...intent("two"), to: SENDER });
      await store.enqueue({ ...intent("one"), data: "0xffff" });
      const entries = await store.unfinished();
      expect(entries.map(({ key }) => key)).toEqual(["one", "two"]);
      expect(entries[0]).toEqual({
        ...intent("one"),
        sequence: entries[0]?.sequence,
        state: "queued",
        nonce: null,
        raw: null,
        txHash: null,
        blockNumber: null,
        blockHash: null,
        failure: null,
      });
      expect(entries[1]?.to).toBe(SENDER);
      expect(await store.find("three")).toBeNull();
      expect(await store.highestNonce(SENDER)).toBeNull();
    });

    it("keeps the order of what is not final, whatever of it moved last", async () => {
      const store = outboxStore(bench.db(), await bench.tenant());
      for (const key of ["one", "two", "three"]) await store.enqueue(intent(key));
      await store.markSigned("two", signed(1));
      await store.markSigned("one", signed(2));
      expect((await store.unfinished()).map(({ key }) => key)).toEqual(["one", "two", "three"]);
    });

    it("stores the signed bytes before they are sent, and the block after", async () => {
      const store = outboxStore(bench.db(), await bench.tenant());
      await store.enqueue(intent("one"));
      await store.markSigned("one", signed(4));
      expect(await store.find("one")).toMatchObject({ state: "signed", ...signed(4) });
      expect(await store.highestNonce(SENDER)).toBe(4);
      await store.markMined("one", BLOCK);
      expect(await store.find("one")).toMatchObject({
        state: "mined",
        blockNumber: 7n,
        blockHash: BLOCK.hash,
      });
      await store.markFinal("one");
      await store.markFinal("one");
      expect(await store.unfinished()).toEqual([]);
    });

    it("takes back what the chain lost, same bytes; what was never signed here starts over", async () => {
      const store = outboxStore(bench.db(), await bench.tenant());
      for (const key of ["one", "two", "three"]) await store.enqueue(intent(key));
      await store.markSigned("one", signed(1));
      await store.markMined("one", BLOCK);
      await store.markFinal("one");
      await store.markFinal("two");
      expect((await store.finalNewestFirst(10)).map(({ key }) => key)).toEqual(["two", "one"]);
      expect(await store.finalNewestFirst(1)).toHaveLength(1);
      await store.demote(["one", "two", "three"]);
      expect(await store.find("one")).toMatchObject({
        state: "signed",
        ...signed(1),
        blockNumber: null,
        blockHash: null,
      });
      expect(await store.find("two")).toMatchObject({ state: "queued", raw: null });
      expect(await store.find("three")).toMatchObject({ state: "queued" });
    });

    it("refuses steps that can't follow, and one nonce for two live intents", async () => {
      const store = outboxStore(bench.db(), await bench.tenant());
      await store.enqueue(intent("one"));
      await store.enqueue(intent("two"));
      await store.markSigned("one", signed(1));
      await expect(store.markSigned("two", signed(1))).rejects.toMatchObject({ code: "outbox.nonce-taken" });
      await store.markFailed("one", "reverted");
      expect(await store.find("one")).toMatchObject({ state: "failed", failure: "reverted" });
      await store.markSigned("two", signed(1));
      await expect(store.markFinal("one")).rejects.toMatchObject({ code: "outbox.step" });
      await expect(store.markMined("nothing", BLOCK)).rejects.toMatchObject({ code: "outbox.step" });
      expect((await store.unfinished()).map(({ key }) => key)).toEqual(["two"]);
      await store.enqueue({ ...intent("one"), data: "0xbeef" });
      expect(await store.find("one")).toMatchObject({
        state: "queued",
        data: "0xbeef",
        nonce: null,
        failure: null,
      });
    });

    it("enqueues in the transaction of a state change, and not without it", async () => {
      const [tenant, other] = [await bench.tenant(), await bench.tenant()];
      const db = bench.db();
      const cut = db.transaction(async (tx) => {
        await enqueueIntent(tx, tenant, intent("one"));
        throw new Error("cut");
      });
      await expect(cut).rejects.toThrow("cut");
      expect(await outboxStore(db, tenant).unfinished()).toEqual([]);
      await db.transaction((tx) => enqueueIntent(tx, tenant, intent("one")));
      expect(await outboxStore(db, tenant).unfinished()).toHaveLength(1);
      expect(await outboxStore(db, other).unfinished()).toEqual([]);
    });
  });
});
