import { describe, expect, it } from "vitest";
import { listBatches } from "../../../src/adapters/storage/batches.ts";
import type { Database } from "../../../src/adapters/storage/database.ts";
import { findRetirement, findRetirementProof, listRetirements } from "../../../src/adapters/storage/findRetirement.ts";
import { outboxStore } from "../../../src/adapters/storage/outbox.ts";
import type { RetirementPlan } from "../../../src/adapters/storage/retirementRows.ts";
import { failRetirement, finishRetirement, planRetirement, saveRetirementProof } from "../../../src/adapters/storage/retirements.ts";
import { sealBatch } from "../../../src/adapters/storage/sealBatch.ts";
import { startClosing } from "../../../src/adapters/storage/startClosing.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { batchId, retirementId } from "../../../src/base/lib/ids.ts";
import { milligrams } from "../../../src/base/lib/mass.ts";
import type { BatchId, Hex, TenantId } from "../../../src/base/types/ids.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import type { Retirement } from "../../../src/base/types/retirement.ts";
import type { Intent } from "../../../src/stages/mint/ports.ts";
import { onEachEngine } from "./engines.ts";
import { admit, hash, MORNING, reduction, REGION } from "./samples.ts";

const HOLDER: Hex = "0x00000000000000000000000000000000000000bb";

async function sealOne(db: Database, tenant: TenantId): Promise<BatchId> {
  const id = batchId(toHex(hash(`${tenant} batch`)));
  await admit(db, tenant, [reduction({ id: "a", milligrams: 1_000n })]);
  const closingId = hash("closing");
  const days = { startDay: 20_089 as Day, endDay: 20_453 as Day, timeZone: "Asia/Shanghai" };
  await startClosing(db, tenant, { closingId, region: REGION, ...days, createdAt: MORNING as UnixSeconds, previousBatchId: null });
  await sealBatch(db, tenant, {
    closingId,
    batchId: id,
    root: hash(`${tenant} root`),
    totalMilligrams: milligrams(1_000n),
    leafCount: 1,
    leavesHash: hash("leaves"),
    bufferMilligrams: milligrams(0n),
    manifest: new Uint8Array([1]),
  });
  return id;
}

function plan(name: string, batch: BatchId, amount: bigint): RetirementPlan {
  return {
    retirementId: retirementId(toHex(hash(`retirement ${name}`))),
    holder: HOLDER,
    nonce: toHex(hash(`nonce ${name}`)),
    beneficiaryHash: toHex(hash("beneficiary")),
    documentHash: toHex(hash("document")),
    purpose: "corporate-neutrality",
    reportingYear: 2025,
    country: "CN",
    amounts: [{ batchId: batch, milligrams: milligrams(amount) }],
    disclosed: '{"name":"Lijiang Sifang Street branch"}',
    requestedAt: MORNING as UnixSeconds,
  };
}

function intentOf(planned: RetirementPlan): Intent {
  return { key: `retire:${planned.retirementId}`, kind: "retire", from: HOLDER, to: HOLDER, data: "0x" };
}

function record(planned: RetirementPlan, start: bigint): Retirement {
  const { nonce: _nonce, amounts, disclosed: _disclosed, requestedAt: _requestedAt, ...rest } = planned;
  const lines = amounts.map((amount) => ({
    batchId: amount.batchId,
    start: milligrams(start),
    end: milligrams(start + amount.milligrams),
  }));
  return { ...rest, retiredAt: (MORNING + 60) as UnixSeconds, lines };
}

describe("retirements", () => {
  onEachEngine((bench) => {
    it("are planned together with their intent, once", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const planned = plan("one", await sealOne(db, tenant), 300n);
      await planRetirement(db, tenant, planned, intentOf(planned));
      expect((await outboxStore(db, tenant).unfinished()).map(({ key }) => key)).toEqual([`retire:${planned.retirementId}`]);
      const stored = { ...planned, state: "requested", record: null, failure: null, proven: false };
      expect(await listRetirements(db, tenant)).toEqual([stored]);
      expect(await findRetirement(db, tenant, planned.retirementId.slice(0, 10))).toEqual(stored);
      expect(await findRetirement(db, await bench.tenant(), planned.retirementId)).toBeNull();
      await expect(planRetirement(db, tenant, planned, intentOf(planned))).rejects.toMatchObject({ code: "retirement.known" });
      await expect(
        planRetirement(db, tenant, { ...plan("none", planned.amounts[0]?.batchId as BatchId, 1n), amounts: [] }, intentOf(planned)),
      ).rejects.toMatchObject({
        code: "retirement.amounts",
      });
    });

    it("become final with the record of the chain, and count against their batch", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const planned = plan("final", await sealOne(db, tenant), 300n);
      await planRetirement(db, tenant, planned, intentOf(planned));
      await expect(saveRetirementProof(db, tenant, planned.retirementId, new Uint8Array([1]))).rejects.toMatchObject({
        code: "retirement.not-final",
      });
      expect((await listBatches(db, tenant))[0]?.retiredMilligrams).toBe(0n);
      await finishRetirement(db, tenant, record(planned, 0n));
      await finishRetirement(db, tenant, record(planned, 0n));
      expect(await findRetirement(db, tenant, planned.retirementId)).toMatchObject({ state: "final", record: record(planned, 0n) });
      expect((await listBatches(db, tenant))[0]?.retiredMilligrams).toBe(300n);
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
      for (const planned of [one, two]) await planRetirement(db, tenant, planned, intentOf(planned));
      await finishRetirement(db, tenant, record(one, 0n));
      const wrong: Retirement[] = [
        { ...record(two, 300n), purpose: "event-neutrality" },
        { ...record(two, 300n), lines: [{ batchId: batch, start: milligrams(300n), end: milligrams(501n) }] },
        { ...record(two, 300n), lines: [] },
      ];
      for (const each of wrong) await expect(finishRetirement(db, tenant, each)).rejects.toMatchObject({ code: "retirement.differs" });
      for (const start of [299n, 0n, 100n]) {
        await expect(finishRetirement(db, tenant, record(two, start))).rejects.toMatchObject({ code: "retirement.overlap" });
      }
      await finishRetirement(db, tenant, record(two, 300n));
      await expect(finishRetirement(db, tenant, record(plan("unknown", batch, 1n), 0n))).rejects.toMatchObject({
        code: "retirement.unknown",
      });
    });

    it("take the chain's newest word after a reorg, and drop the proof of the older one", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const planned = plan("reorganised", await sealOne(db, tenant), 300n);
      await planRetirement(db, tenant, planned, intentOf(planned));
      await finishRetirement(db, tenant, record(planned, 0n));
      await saveRetirementProof(db, tenant, planned.retirementId, new Uint8Array([1]));
      const newest = { ...record(planned, 100n), retiredAt: (MORNING + 120) as UnixSeconds };
      await finishRetirement(db, tenant, newest);
      expect(await findRetirement(db, tenant, planned.retirementId)).toMatchObject({ state: "final", record: newest, proven: false });
      expect((await listBatches(db, tenant))[0]?.retiredMilligrams).toBe(300n);
    });

    it("can fail while they wait, and never once they are final; what the chain did all the same counts", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const batch = await sealOne(db, tenant);
      const [one, two] = [plan("fails", batch, 300n), plan("stays", batch, 200n)];
      for (const planned of [one, two]) await planRetirement(db, tenant, planned, intentOf(planned));
      await failRetirement(db, tenant, one.retirementId, "The batch is suspended.");
      expect(await findRetirement(db, tenant, one.retirementId)).toMatchObject({ state: "failed", failure: "The batch is suspended." });
      await finishRetirement(db, tenant, record(two, 0n));
      await expect(failRetirement(db, tenant, two.retirementId, "no")).rejects.toMatchObject({ code: "retirement.not-requested" });
      await finishRetirement(db, tenant, record(one, 200n));
      expect(await findRetirement(db, tenant, one.retirementId)).toMatchObject({ state: "final", failure: null });
    });
  });
});
