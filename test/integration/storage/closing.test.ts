import { describe, expect, it } from "vitest";
import { batchHead, findBatch, listBatches } from "../../../src/adapters/storage/batches/batches.ts";
import { findClosing } from "../../../src/adapters/storage/batches/closings.ts";
import type { ClosingRequest } from "../../../src/adapters/storage/batches/closings.ts";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import { bothSums } from "./support/dispositionSums.ts";
import { findRecord } from "../../../src/adapters/storage/reductions/findRecord.ts";
import { moveDispositions } from "../../../src/adapters/storage/reductions/moveDispositions.ts";
import { ensureSaltKeys } from "../../../src/adapters/storage/batches/ensureSaltKeys.ts";
import { eraseSaltKeys } from "../../../src/adapters/storage/batches/eraseSaltKeys.ts";
import { sealBatch } from "../../../src/adapters/storage/batches/sealBatch.ts";
import { setBatchState } from "../../../src/adapters/storage/batches/setBatchState.ts";
import { startClosing } from "./support/startClosing.ts";
import {
  findPooledUnderActivityKey,
  streamPooled,
} from "../../../src/adapters/storage/batches/streamPooled.ts";
import { checkDispositionOrder } from "../../../src/stages/dedupe/checkDispositionOrder.ts";
import { compareBytes, toHex } from "../../../src/base/lib/bytes.ts";
import { batchId, providerId, regionCode } from "../../../src/base/lib/ids.ts";
import { milligrams } from "../../../src/base/lib/mass.ts";
import type { BatchId, SubjectKey, TenantId } from "../../../src/base/types/ids.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import type { PooledReduction } from "../../../src/stages/pool/ports.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import {
  admit,
  eventsOf,
  eventTypesOf,
  hash,
  METHODOLOGY,
  MORNING,
  reduction,
  REGION,
} from "./support/samples.ts";
import { checkSeal } from "../../../src/stages/pool/checkSeal.ts";
import { decideBatchStep } from "../../../src/stages/pool/decideBatchStep.ts";
import type { BatchEvent } from "../../../src/stages/pool/ports.ts";

const DAY = Math.floor(MORNING / 86_400);

function request(id: string, over: Partial<ClosingRequest> = {}): ClosingRequest {
  return {
    closingId: hash(id),
    region: REGION,
    startDay: DAY as Day,
    endDay: (DAY + 1) as Day,
    timeZone: "Asia/Shanghai",
    createdAt: MORNING as UnixSeconds,
    previousBatchId: null,
    ...over,
  };
}

function sealed(id: string, total: bigint) {
  return {
    closingId: hash(id),
    batchId: batchId(toHex(hash(`batch ${id}`))),
    root: hash(`root ${id}`),
    totalMilligrams: milligrams(total),
    leafCount: 1,
    leavesHash: hash(`leaves ${id}`),
    bufferMilligrams: milligrams(total / 20n),
    manifest: new Uint8Array([1, 2, 3]),
  };
}

async function pooled(db: Database, tenant: TenantId, id: string): Promise<PooledReduction[]> {
  const all: PooledReduction[] = [];
  for await (const rows of streamPooled(db, tenant, hash(id), 7)) all.push(...rows);
  return all;
}

async function saltKeys(db: Database, tenant: TenantId, id: string): Promise<number> {
  let made = 0;
  return ensureSaltKeys(db, tenant, hash(id), async (holders) =>
    holders.map(() => hash(`${id} salt ${String(made++)}`)),
  );
}

describe("closing a batch", () => {
  onEachEngine((bench) => {
    it("freezes the open reductions of the region and days, and no others", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await admit(db, tenant, [
        reduction({ id: "in" }),
        reduction({ id: "last day", startedAt: MORNING + 86_400 }),
        // 16:00Z is the next day in Shanghai: the methodology's day counts, not the partition's.
        reduction({ id: "first day, UTC day before", startedAt: MORNING - 3600, day: DAY }),
        reduction({ id: "too late", startedAt: MORNING + 2 * 86_400 }),
        reduction({ id: "too early", startedAt: MORNING - 86_400, day: DAY - 1 }),
        reduction({ id: "elsewhere", region: "SGP" }),
        reduction({ id: "redeemed" }),
      ]);
      await moveDispositions(
        db,
        tenant,
        {
          from: "open",
          to: "redeemed",
          records: [{ provider: providerId("metro"), recordId: "redeemed" }],
          reference: "redemption 1",
        },
        checkDispositionOrder,
      );
      const { started, closing } = await startClosing(db, tenant, request("one"));
      expect(started).toBe(true);
      expect(closing).toMatchObject({ reductions: 3, milligrams: 235_200n });
      const ids = (await pooled(db, tenant, "one")).map(({ record }) => record.recordId);
      expect(ids.toSorted()).toEqual(["first day, UTC day before", "in", "last day"]);
      const sums = await bothSums(db, tenant);
      expect(sums.rows).toEqual(sums.ledger);
      expect(sums.rows.pooled).toEqual({ reductions: 3n, milligrams: 235_200n });
    });

    it("answers the unfinished closing instead of starting a second one", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await admit(db, tenant, [reduction({ id: "a" }), reduction({ id: "b", region: "SGP" })]);
      const { closing } = await startClosing(db, tenant, request("first"));
      const second = await startClosing(db, tenant, request("second", { region: regionCode("SGP") }));
      expect(second).toEqual({ started: false, closing });
      expect(await findClosing(db, tenant)).toEqual(closing);
    });

    it("refuses to close nothing, and leaves no closing behind", async () => {
      const tenant = await bench.tenant();
      await expect(startClosing(bench.db(), tenant, request("empty"))).rejects.toMatchObject({
        code: "closing.nothing-open",
      });
      expect(await findClosing(bench.db(), tenant)).toBeNull();
    });

    it("streams by activity key and record id bytewise, each with its holder's salt key", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const samples = Array.from({ length: 40 }, (_, i) =>
        reduction({
          id: `r${String(i)}`,
          subject: i % 3 === 0 ? null : `s${String(i % 5)}`,
          startedAt: MORNING + i,
          quantity: BigInt(i + 1),
        }),
      );
      const { result } = await admit(db, tenant, samples);
      expect(result.accepted).toBe(40);
      await startClosing(db, tenant, request("stream"));
      expect(await saltKeys(db, tenant, "stream")).toBe(6);
      expect(await saltKeys(db, tenant, "stream")).toBe(0);
      const rows = await pooled(db, tenant, "stream");
      expect(rows).toHaveLength(40);
      const sorted = rows.toSorted(
        (a, b) =>
          compareBytes(a.activityKey, b.activityKey) || (a.record.recordId < b.record.recordId ? -1 : 1),
      );
      expect(rows).toEqual(sorted);
      const keyOf = new Map<string, string>();
      for (const row of rows) {
        const holder = row.subjectKey === null ? row.record.provider : toHex(row.subjectKey);
        const key = toHex(row.storedSaltKey as Uint8Array);
        expect(keyOf.get(holder) ?? key).toBe(key);
        keyOf.set(holder, key);
      }
      expect(new Set(keyOf.values()).size).toBe(6);
      const { region: _region, ...rest } = samples[4] as (typeof samples)[number];
      const leaf = await findPooledUnderActivityKey(db, tenant, hash("stream"), rest.activityKey);
      expect(leaf.find(({ record }) => record.recordId === "r4")).toMatchObject({
        ...rest,
        methodologyId: METHODOLOGY,
      });
      expect(leaf.length).toBeGreaterThan(1);
    });

    it("gives each holder one salt key where two closers come at once", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const holders = 400;
      await admit(
        db,
        tenant,
        Array.from({ length: holders }, (_, i) =>
          reduction({ id: `r${String(i)}`, subject: `s${String(i)}`, startedAt: MORNING + 60 * i }),
        ),
      );
      await startClosing(db, tenant, request("two closers"));
      // Nobody stores before both know what is missing.
      let [asked, goOn] = [0, (): void => undefined];
      const bothAsked = new Promise<void>((resolve) => (goOn = resolve));
      const closer = (name: string) =>
        ensureSaltKeys(db, tenant, hash("two closers"), async (missing) => {
          if (++asked === 2) goOn();
          if (db.engine === "postgres") await bothAsked;
          return missing.map((_, i) => hash(`${name} ${String(i)}`));
        });
      const made = await Promise.all(["one", "two"].map((name) => closer(name)));
      expect(made.reduce((sum, count) => sum + count, 0)).toBe(holders);
      const rows = await pooled(db, tenant, "two closers");
      expect(new Set(rows.map(({ storedSaltKey }) => toHex(storedSaltKey as Uint8Array))).size).toBe(holders);
      expect(await saltKeys(db, tenant, "two closers")).toBe(0);
    });

    it("answers other calls while a stream is being read, and lets a reader stop early", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await admit(
        db,
        tenant,
        Array.from({ length: 30 }, (_, i) => reduction({ id: `r${String(i)}` })),
      );
      await startClosing(db, tenant, request("interleaved"));
      let seen = 0;
      for await (const rows of streamPooled(db, tenant, hash("interleaved"), 5)) {
        expect(await findClosing(db, tenant)).not.toBeNull();
        seen += rows.length;
        if (seen >= 10) break;
      }
      expect(seen).toBe(10);
      expect(await pooled(db, tenant, "interleaved")).toHaveLength(30);
    });

    it("seals once, with the frozen sum, and names the head", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await admit(db, tenant, [reduction({ id: "a" })]);
      await startClosing(db, tenant, request("seal"));
      expect((await findRecord(db, tenant, providerId("metro"), "a"))?.batchId).toBeNull();
      await expect(sealBatch(db, tenant, sealed("seal", 78_401n), checkSeal)).rejects.toMatchObject({
        code: "batch.total-differs",
      });
      const batch = sealed("seal", 78_400n);
      await sealBatch(db, tenant, batch, checkSeal);
      await sealBatch(db, tenant, batch, checkSeal);
      await expect(
        sealBatch(db, tenant, { ...batch, batchId: batchId(toHex(hash("x"))) }, checkSeal),
      ).rejects.toMatchObject({
        code: "closing.sealed",
      });
      expect(await eventsOf(db, tenant)).toMatchObject([
        {
          type: "batch.sealed",
          data: {
            batchId: batch.batchId,
            region: REGION,
            vintage: 2025,
            totalMilligrams: "78400",
            bufferMilligrams: "3920",
          },
        },
      ]);
      expect(await findClosing(db, tenant)).toBeNull();
      expect(await batchHead(db, tenant)).toBe(batch.batchId);
      expect(await findRecord(db, tenant, providerId("metro"), "a")).toMatchObject({
        batchId: batch.batchId,
        disposition: "pooled",
      });
      expect(await listBatches(db, tenant)).toHaveLength(1);
      expect(await findBatch(db, tenant, batch.batchId.slice(0, 12))).toMatchObject({
        batchId: batch.batchId,
        state: "sealed",
        totalMilligrams: 78_400n,
        bufferMilligrams: 3_920n,
        mintedMilligrams: 0n,
        retiredMilligrams: 0n,
        closingId: hash("seal"),
        leavesHash: batch.leavesHash,
        manifest: batch.manifest,
      });
      await admit(db, tenant, [reduction({ id: "b" })]);
      await expect(startClosing(db, tenant, request("next"))).rejects.toMatchObject({
        code: "closing.head-moved",
      });
      const next = await startClosing(db, tenant, request("next", { previousBatchId: batch.batchId }));
      expect(next.closing.reductions).toBe(1);
    });

    it("takes acts of its local days that start in a UTC day beside them, east and west", async () => {
      const db = bench.db();
      const midnight = DAY * 86_400;
      // New York's last local second is the next UTC day's, Auckland's first one the UTC day's before.
      const edges = [
        { id: "west, last", startedAt: midnight + 2 * 86_400 + 4 * 3_600, day: DAY + 1 },
        { id: "west, beyond", startedAt: midnight + 2 * 86_400 + 6 * 3_600, day: DAY + 2 },
        { id: "east, first", startedAt: midnight - 12 * 3_600, day: DAY },
        { id: "east, before", startedAt: midnight - 14 * 3_600, day: DAY - 1 },
      ];
      const tenant = await bench.tenant();
      await admit(
        db,
        tenant,
        edges.map((edge) => reduction(edge)),
      );
      const { closing } = await startClosing(db, tenant, request("edges", { timeZone: "America/New_York" }));
      expect(closing.reductions).toBe(2);
      const held = await pooled(db, tenant, "edges");
      expect(held.map(({ record }) => record.recordId).toSorted()).toEqual(["east, first", "west, last"]);
    });

    it("finds a batch by the digits that no other shares", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const ids: BatchId[] = [];
      for (const [index, name] of ["p", "q"].entries()) {
        await admit(db, tenant, [reduction({ id: name })]);
        await startClosing(db, tenant, request(name, { previousBatchId: ids.at(-1) ?? null }));
        const id = batchId(`0xabc${String(index)}${"0".repeat(60)}`);
        await sealBatch(db, tenant, { ...sealed(name, 78_400n), batchId: id }, checkSeal);
        ids.push(id);
      }
      await expect(findBatch(db, tenant, "ABC")).rejects.toMatchObject({ code: "batch.ambiguous" });
      await expect(findBatch(db, tenant, "%")).rejects.toMatchObject({ code: "id.prefix" });
      expect((await findBatch(db, tenant, "abc1"))?.batchId).toBe(ids[1]);
      expect(await findBatch(db, tenant, "0xabd")).toBeNull();
      expect(await findBatch(db, await bench.tenant(), "abc1")).toBeNull();
    });

    it("advances a batch only from the state that it is in", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await admit(db, tenant, [reduction({ id: "a" })]);
      await startClosing(db, tenant, request("states"));
      const batch = sealed("states", 78_400n);
      await sealBatch(db, tenant, batch, checkSeal);
      await expect(
        setBatchState(db, tenant, batch.batchId, { kind: "begun", step: "mint" }, decideBatchStep),
      ).rejects.toMatchObject({
        code: "batch.state",
      });
      await setBatchState(db, tenant, batch.batchId, { kind: "begun", step: "commit" }, decideBatchStep);
      await setBatchState(db, tenant, batch.batchId, { kind: "begun", step: "commit" }, decideBatchStep);
      const shown = { kind: "shown", state: "minted", mintedMilligrams: milligrams(74_480n) } as const;
      await setBatchState(db, tenant, batch.batchId, shown, decideBatchStep);
      expect(await listBatches(db, tenant)).toMatchObject([{ state: "minted", mintedMilligrams: 74_480n }]);
      expect(await eventTypesOf(db, tenant)).toEqual(["batch.sealed", "batch.committed", "batch.minted"]);
    });

    it("records commit and mint once, also where a final intent or a step comes again", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await admit(db, tenant, [reduction({ id: "a" })]);
      await startClosing(db, tenant, request("once"));
      const { batchId: id, ...rest } = sealed("once", 78_400n);
      await sealBatch(db, tenant, { batchId: id, ...rest }, checkSeal);
      const minted = milligrams(74_480n);
      const steps: BatchEvent[] = [
        { kind: "begun", step: "commit" },
        // The chain refused, and the commit is taken again from its beginning.
        { kind: "failed", step: "commit" },
        { kind: "begun", step: "commit" },
        { kind: "shown", state: "committed" },
        // A reorg brings the commit again.
        { kind: "shown", state: "committed" },
        { kind: "begun", step: "mint" },
        { kind: "failed", step: "mint" },
        { kind: "begun", step: "mint" },
        { kind: "shown", state: "minted", mintedMilligrams: minted },
        { kind: "shown", state: "minted", mintedMilligrams: minted },
        // And once more, behind the mint.
        { kind: "shown", state: "committed" },
      ];
      for (const step of steps) await setBatchState(db, tenant, id, step, decideBatchStep);
      expect(await findBatch(db, tenant, id)).toMatchObject({ state: "minted", mintedMilligrams: minted });
      const events = await eventsOf(db, tenant);
      expect(events.map(({ type }) => type)).toEqual(["batch.sealed", "batch.committed", "batch.minted"]);
      expect(events[2]?.data).toEqual({ batchId: id, mintedMilligrams: "74480" });
    });

    it("never gives an erased leaf another salt key; later closings give the subject a new one", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const subject = hash("subject s") as SubjectKey;
      await admit(db, tenant, [reduction({ id: "a", subject: "s" })]);
      await startClosing(db, tenant, request("before"));
      await saltKeys(db, tenant, "before");
      await expect(eraseSaltKeys(db, tenant, subject)).rejects.toMatchObject({ code: "closing.unfinished" });
      const batch = sealed("before", 78_400n);
      await sealBatch(db, tenant, batch, checkSeal);
      expect(await eraseSaltKeys(db, tenant, subject)).toBe(1);
      expect(await saltKeys(db, tenant, "before")).toBe(0);
      await admit(db, tenant, [reduction({ id: "b", subject: "s", startedAt: MORNING + 600 })]);
      await startClosing(db, tenant, request("after", { previousBatchId: batch.batchId }));
      expect(await saltKeys(db, tenant, "after")).toBe(1);
      expect((await pooled(db, tenant, "before"))[0]?.storedSaltKey).toBeNull();
      expect((await pooled(db, tenant, "after"))[0]?.storedSaltKey).toEqual(hash("after salt 0"));
    });
  });
});
