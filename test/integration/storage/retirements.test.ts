import { describe, expect, it } from "vitest";
import { batchHead, listBatches } from "../../../src/adapters/storage/batches/batches.ts";
import { findRetirement } from "../../../src/adapters/storage/retirements/findRetirement.ts";
import { listRetirements } from "../../../src/adapters/storage/retirements/listRetirements.ts";
import { outboxStore } from "../../../src/adapters/storage/outbox/outbox.ts";
import {
  failRetirement,
  findRetirementProof,
  finishRetirement,
  insertRetirement,
  saveRetirementProof,
} from "../../../src/adapters/storage/retirements/retirements.ts";
import { milligrams } from "../../../src/base/lib/mass.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import type { Retirement } from "../../../src/base/types/retirement.ts";
import { decideFailure } from "../../../src/stages/retire/decideFailure.ts";
import { decideFinal } from "../../../src/stages/retire/decideFinal.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { intentOf, plan, record, sealOne } from "./support/retirementSamples.ts";
import { eventsOf, eventTypesOf, MORNING } from "./support/samples.ts";

describe("retirements", () => {
  onEachEngine((bench) => {
    it("are planned together with their intent, once", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const planned = plan("one", await sealOne(db, tenant), 300n);
      await insertRetirement(db, tenant, planned, intentOf(planned));
      expect((await outboxStore(db, tenant).unfinished()).map(({ key }) => key)).toEqual([
        `retire:${planned.retirementId}`,
      ]);
      const stored = { ...planned, state: "requested", record: null, failure: null, proven: false };
      expect(await listRetirements(db, tenant)).toEqual([stored]);
      expect(await findRetirement(db, tenant, planned.retirementId.slice(0, 10))).toEqual(stored);
      expect(await findRetirement(db, await bench.tenant(), planned.retirementId)).toBeNull();
      await expect(insertRetirement(db, tenant, planned, intentOf(planned))).rejects.toMatchObject({
        code: "retirement.known",
      });
      await expect(
        insertRetirement(
          db,
          tenant,
          { ...plan("none", planned.amounts[0]?.batchId as BatchId, 1n), amounts: [] },
          intentOf(planned),
        ),
      ).rejects.toMatchObject({
        code: "retirement.amounts",
      });
      const { retirementId: id, purpose, reportingYear, country } = planned;
      const batches = [{ batchId: planned.amounts[0]?.batchId, milligrams: "300" }];
      expect((await eventsOf(db, tenant)).slice(1)).toMatchObject([
        {
          type: "retirement.requested",
          data: { retirementId: id, milligrams: "300", purpose, reportingYear, country, batches },
        },
      ]);
    });

    it("keep their lines in the order that they were planned in", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const batches: BatchId[] = [];
      for (const name of ["", " second", " third"]) {
        batches.push(await sealOne(db, tenant, name, batches.at(-1) ?? null));
        expect(await batchHead(db, tenant)).toBe(batches.at(-1));
      }
      const [first, second, third] = batches as [BatchId, BatchId, BatchId];
      for (const order of [
        [first, third, second],
        [second, third, first],
      ]) {
        const planned = {
          ...plan(`in order ${order.join()}`, first, 1n),
          amounts: order.map((batch) => ({ batchId: batch, milligrams: milligrams(1n) })),
        };
        await insertRetirement(db, tenant, planned, intentOf(planned));
        const stored = await findRetirement(db, tenant, planned.retirementId);
        expect(stored?.amounts.map(({ batchId }) => batchId)).toEqual(order);
      }
    });

    it("become final with the record of the chain, and count against their batch", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const planned = plan("final", await sealOne(db, tenant), 300n);
      await insertRetirement(db, tenant, planned, intentOf(planned));
      await expect(
        saveRetirementProof(db, tenant, planned.retirementId, new Uint8Array([1])),
      ).rejects.toMatchObject({
        code: "retirement.not-final",
      });
      expect((await listBatches(db, tenant))[0]?.retiredMilligrams).toBe(0n);
      await finishRetirement(db, tenant, record(planned, 0n), decideFinal);
      await finishRetirement(db, tenant, record(planned, 0n), decideFinal);
      expect(await findRetirement(db, tenant, planned.retirementId)).toMatchObject({
        state: "final",
        record: record(planned, 0n),
      });
      expect((await listBatches(db, tenant))[0]?.retiredMilligrams).toBe(300n);
      const events = await eventsOf(db, tenant);
      expect(events.map(({ type }) => type)).toEqual([
        "batch.sealed",
        "retirement.requested",
        "retirement.final",
      ]);
      expect(events[2]?.data).toEqual({
        retirementId: planned.retirementId,
        milligrams: "300",
        retiredAt: MORNING + 60,
        lines: [{ batchId: planned.amounts[0]?.batchId, start: "0", end: "300" }],
      });
      expect(await findRetirementProof(db, tenant, planned.retirementId)).toBeNull();
      await saveRetirementProof(db, tenant, planned.retirementId, new Uint8Array([1, 2]));
      expect(await findRetirementProof(db, tenant, planned.retirementId)).toEqual(new Uint8Array([1, 2]));
      expect((await findRetirement(db, tenant, planned.retirementId))?.proven).toBe(true);
    });

    it("refuse a record that is not what was asked for, and a serial range used up already", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const batch = await sealOne(db, tenant);
      const [one, two] = [plan("first", batch, 300n), plan("second", batch, 200n)];
      for (const planned of [one, two]) await insertRetirement(db, tenant, planned, intentOf(planned));
      await finishRetirement(db, tenant, record(one, 0n), decideFinal);
      const wrong: Retirement[] = [
        { ...record(two, 300n), purpose: "event-neutrality" },
        { ...record(two, 300n), lines: [{ batchId: batch, start: milligrams(300n), end: milligrams(501n) }] },
        { ...record(two, 300n), lines: [] },
      ];
      for (const each of wrong)
        await expect(finishRetirement(db, tenant, each, decideFinal)).rejects.toMatchObject({
          code: "retirement.differs",
        });
      for (const start of [299n, 0n, 100n]) {
        await expect(finishRetirement(db, tenant, record(two, start), decideFinal)).rejects.toMatchObject({
          code: "retirement.overlap",
        });
      }
      await finishRetirement(db, tenant, record(two, 300n), decideFinal);
      await expect(
        finishRetirement(db, tenant, record(plan("unknown", batch, 1n), 0n), decideFinal),
      ).rejects.toMatchObject({
        code: "retirement.unknown",
      });
    });

    it("take the chain's newest word after a reorg, and drop the proof of the older one", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const planned = plan("reorganised", await sealOne(db, tenant), 300n);
      await insertRetirement(db, tenant, planned, intentOf(planned));
      await finishRetirement(db, tenant, record(planned, 0n), decideFinal);
      await saveRetirementProof(db, tenant, planned.retirementId, new Uint8Array([1]));
      const newest = { ...record(planned, 100n), retiredAt: (MORNING + 120) as UnixSeconds };
      await finishRetirement(db, tenant, newest, decideFinal);
      expect(await findRetirement(db, tenant, planned.retirementId)).toMatchObject({
        state: "final",
        record: newest,
        proven: false,
      });
      expect((await listBatches(db, tenant))[0]?.retiredMilligrams).toBe(300n);
      await finishRetirement(db, tenant, newest, decideFinal);
      const events = (await eventsOf(db, tenant)).slice(2);
      expect(events.map(({ type }) => type)).toEqual(["retirement.final", "retirement.revised"]);
      expect(events[1]?.data).toMatchObject({ lines: [{ start: "100", end: "400" }] });
    });

    it("can fail while they wait, never once final; what the chain did all the same counts", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const batch = await sealOne(db, tenant);
      const [one, two] = [plan("fails", batch, 300n), plan("stays", batch, 200n)];
      for (const planned of [one, two]) await insertRetirement(db, tenant, planned, intentOf(planned));
      await failRetirement(db, tenant, one.retirementId, "The batch is suspended.", decideFailure);
      await failRetirement(db, tenant, one.retirementId, "The batch is suspended.", decideFailure);
      expect(await findRetirement(db, tenant, one.retirementId)).toMatchObject({
        state: "failed",
        failure: "The batch is suspended.",
      });
      expect((await eventTypesOf(db, tenant)).slice(3)).toEqual(["retirement.failed"]);
      await finishRetirement(db, tenant, record(two, 0n), decideFinal);
      await expect(failRetirement(db, tenant, two.retirementId, "no", decideFailure)).rejects.toMatchObject({
        code: "retirement.not-requested",
      });
      await finishRetirement(db, tenant, record(one, 200n), decideFinal);
      expect(await findRetirement(db, tenant, one.retirementId)).toMatchObject({
        state: "final",
        failure: null,
      });
      expect((await eventTypesOf(db, tenant)).slice(3)).toEqual([
        "retirement.failed",
        "retirement.final",
        "retirement.final",
      ]);
    });
  });
});
