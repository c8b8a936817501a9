import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import { followEvents } from "../../../src/adapters/storage/events/followEvents.ts";
import { pruneEvents } from "../../../src/adapters/storage/events/pruneEvents.ts";
import { eventRange, readEvents, type StoredEvent } from "../../../src/adapters/storage/events/readEvents.ts";
import { recordEvent, type NewEvent } from "../../../src/adapters/storage/events/recordEvent.ts";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { batchId } from "../../../src/base/lib/ids.ts";
import type { TenantId } from "../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { hash } from "./support/samples.ts";

function committed(name: string, occurredAt?: number): NewEvent {
  const fact: NewEvent = { type: "batch.committed", data: { batchId: batchId(toHex(hash(name))) } };
  return occurredAt === undefined ? fact : { ...fact, occurredAt: occurredAt as UnixSeconds };
}

const all = (db: Database, tenant: TenantId): Promise<StoredEvent[]> =>
  readEvents(db, tenant, { after: 0n, limit: 1_000 });
const numbers = (events: readonly StoredEvent[]): number[] => events.map(({ sequence }) => Number(sequence));

async function take(events: AsyncIterable<StoredEvent>, count: number): Promise<number[]> {
  const taken: StoredEvent[] = [];
  for await (const event of events) if (taken.push(event) === count) break;
  return numbers(taken);
}

describe("events", () => {
  onEachEngine((bench) => {
    it("are numbered per tenant from 1, read behind a number, and keep data and time", async () => {
      const db = bench.db();
      const [tenant, other] = [await bench.tenant(), await bench.tenant()];
      const before = Math.floor(Date.now() / 1000);
      for (const name of ["a", "b", "c"]) await recordEvent(db, tenant, committed(name, 1_700_000_000));
      await recordEvent(db, other, committed("d"));
      expect(await readEvents(db, tenant, { after: 1n, limit: 1 })).toEqual([
        {
          sequence: 2n,
          type: "batch.committed",
          data: { batchId: toHex(hash("b")) },
          occurredAt: 1_700_000_000,
        },
      ]);
      expect(numbers(await readEvents(db, tenant, { after: 1n, limit: 10 }))).toEqual([2, 3]);
      const [own] = await all(db, other);
      expect(own?.sequence).toBe(1n);
      expect(own?.occurredAt).toBeGreaterThanOrEqual(before);
      expect(own?.occurredAt).toBeLessThanOrEqual(Date.now() / 1000);
    });

    it("are recorded with their transaction or not at all, and leave no gap where it is undone", async () => {
      const db = bench.db();
      const tenant = await bench.tenant();
      let woken = 0;
      const stop = db.listen(`events/${tenant}`, () => woken++);
      const cut = db.transaction(async (tx) => {
        await recordEvent(tx, tenant, committed("cut"));
        throw new Error("cut");
      });
      await expect(cut).rejects.toThrow("cut");
      expect(woken).toBe(0);
      await expect(
        recordEvent(db, tenant, { type: "batch.committed", data: { batchId: "Wang" } }),
      ).rejects.toMatchObject({
        code: "event.data",
      });
      await db.transaction(async (tx) => {
        await recordEvent(tx, tenant, committed("kept"));
        expect(woken).toBe(0);
      });
      expect(woken).toBe(1);
      stop();
      await recordEvent(db, tenant, committed("next"));
      expect(woken).toBe(1);
      expect(numbers(await all(db, tenant))).toEqual([1, 2]);
    });

    it("never appear behind a number that a reader has passed, however transactions overlap", async () => {
      const db = bench.db();
      const tenant = await bench.tenant();
      let writing = true;
      const write = async (writer: number): Promise<void> => {
        for (let i = 0; i < 12; i++) {
          const undone = (i + writer) % 5 === 4;
          const done = db.transaction(async (tx) => {
            await recordEvent(tx, tenant, committed(`${String(writer)}/${String(i)}`));
            await tx.query("SELECT pg_sleep($1)", [((i * 7 + writer * 3) % 10) / 2000]);
            if (undone) throw new Error("undone");
          });
          if (undone) await expect(done).rejects.toThrow("undone");
          else await done;
        }
      };
      const seen: number[] = [];
      const read = async (): Promise<void> => {
        for (;;) {
          const last = !writing;
          const events = await readEvents(db, tenant, { after: BigInt(seen.at(-1) ?? 0), limit: 7 });
          seen.push(...numbers(events));
          if (last && events.length === 0) return;
        }
      };
      const reading = read();
      await Promise.all([0, 1, 2, 3, 4].map((writer) => write(writer)));
      writing = false;
      await reading;
      expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i + 1));
      expect(numbers(await all(db, tenant))).toEqual(seen);
      expect(seen).toHaveLength(5 * 12 - 12);
    });

    it("are forgotten from the oldest on, without gaps, and the numbering goes on", async () => {
      const db = bench.db();
      const tenant = await bench.tenant();
      expect(await eventRange(db, tenant)).toEqual({ first: 1n, last: 0n });
      for (const [name, time] of [
        ["a", 10],
        ["b", 30],
        ["c", 20],
        ["d", 40],
      ] as const)
        await recordEvent(db, tenant, committed(name, time));
      // c is old enough, but stands behind b, which is not.
      expect(await pruneEvents(db, tenant, 25 as UnixSeconds)).toBe(1);
      expect(numbers(await all(db, tenant))).toEqual([2, 3, 4]);
      expect(await eventRange(db, tenant)).toEqual({ first: 2n, last: 4n });
      expect(await pruneEvents(db, await bench.tenant(), 99 as UnixSeconds)).toBe(0);
      expect(await pruneEvents(db, tenant, 99 as UnixSeconds)).toBe(3);
      expect(await eventRange(db, tenant)).toEqual({ first: 5n, last: 4n });
      await recordEvent(db, tenant, committed("e"));
      expect(numbers(await all(db, tenant))).toEqual([5]);
    });

    it("are followed: what is there first, then what this process records, at once", async () => {
      const db = bench.db();
      const tenant = await bench.tenant();
      for (let i = 0; i < 230; i++) await recordEvent(db, tenant, committed(String(i)));
      const ends = new AbortController();
      // A poll would come after a minute, which is the test's own limit.
      const following = followEvents(db, tenant, {
        after: 5n,
        signal: ends.signal,
        pollMilliseconds: 60_000,
      });
      const taking = take(following, 227);
      await sleep(200);
      await recordEvent(db, tenant, committed("late"));
      await db.transaction((tx) => recordEvent(tx, tenant, committed("later")));
      expect(await taking).toEqual(Array.from({ length: 227 }, (_, i) => i + 6));
      const rest = take(
        followEvents(db, tenant, { after: 232n, signal: ends.signal, pollMilliseconds: 60_000 }),
        1,
      );
      await sleep(50);
      ends.abort();
      expect(await rest).toEqual([]);
      expect(await take(followEvents(db, tenant, { after: 0n, signal: ends.signal }), 1)).toEqual([]);
    });

    it("of other processes are followed by looking now and then", async () => {
      const db = bench.db();
      const tenant = await bench.tenant();
      const other = db.engine === "postgres" ? await openPostgres(bench.place()) : null;
      const ends = new AbortController();
      const taking = take(
        followEvents(db, tenant, { after: 0n, signal: ends.signal, pollMilliseconds: 20 }),
        2,
      );
      await sleep(100);
      // Without an announcement, as another process would.
      for (const name of ["a", "b"]) {
        await (other ?? db).transaction((tx) =>
          recordEvent({ ...bound(tx), announce: () => undefined }, tenant, committed(name)),
        );
      }
      expect(await taking).toEqual([1, 2]);
      await other?.close();
    });
  });
});

function bound(tx: Parameters<Parameters<Database["transaction"]>[0]>[0]): typeof tx {
  return {
    query: (sql, parameters) => tx.query(sql, parameters),
    execute: (script) => tx.execute(script),
    copyIn: (table, columns, rows) => tx.copyIn(table, columns, rows),
    copyBytes: (table, columns, bytes) => tx.copyBytes(table, columns, bytes),
    transaction: (work) => tx.transaction(work),
    announce: (topic) => tx.announce(topic),
  };
}
