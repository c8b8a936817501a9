import type { Database } from "../../../../src/adapters/storage/engine/database.ts";
import type { RetirementPlan } from "../../../../src/stages/retire/ports.ts";
import { sealBatch } from "../../../../src/adapters/storage/batches/sealBatch.ts";
import { startClosing } from "./startClosing.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { batchId, retirementId } from "../../../../src/base/lib/ids.ts";
import { milligrams } from "../../../../src/base/lib/mass.ts";
import type { BatchId, Hex, TenantId } from "../../../../src/base/types/ids.ts";
import type { Day, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import type { Retirement } from "../../../../src/base/types/retirement.ts";
import type { Intent } from "../../../../src/stages/outbox/ports.ts";
import { admit, hash, MORNING, reduction, REGION } from "./samples.ts";
import { checkSeal } from "../../../../src/stages/pool/checkSeal.ts";

const HOLDER: Hex = "0x00000000000000000000000000000000000000bb";

/** One batch of 1,000 mg; another one under another name, behind the one before. */
export async function sealOne(
  db: Database,
  tenant: TenantId,
  name = "",
  previousBatchId: BatchId | null = null,
): Promise<BatchId> {
  const id = batchId(toHex(hash(`${tenant} batch${name}`)));
  await admit(db, tenant, [reduction({ id: `a${name}`, milligrams: 1_000n })]);
  const closingId = hash(`closing${name}`);
  const days = { startDay: 20_089 as Day, endDay: 20_453 as Day, timeZone: "Asia/Shanghai" };
  await startClosing(db, tenant, {
    closingId,
    region: REGION,
    ...days,
    createdAt: MORNING as UnixSeconds,
    previousBatchId,
  });
  await sealBatch(
    db,
    tenant,
    {
      closingId,
      batchId: id,
      root: hash(`${tenant} root${name}`),
      totalMilligrams: milligrams(1_000n),
      leafCount: 1,
      leavesHash: hash("leaves"),
      bufferMilligrams: milligrams(0n),
      manifest: new Uint8Array([1]),
    },
    checkSeal,
  );
  return id;
}

export function plan(name: string, batch: BatchId, amount: bigint): RetirementPlan {
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

export function intentOf(planned: RetirementPlan): Intent {
  return { key: `retire:${planned.retirementId}`, kind: "retire", from: HOLDER, to: HOLDER, data: "0x" };
}

export function record(planned: RetirementPlan, start: bigint): Retirement {
  const { nonce: _nonce, amounts, disclosed: _disclosed, requestedAt: _requestedAt, ...rest } = planned;
  const lines = amounts.map((amount) => ({
    batchId: amount.batchId,
    start: milligrams(start),
    end: milligrams(start + amount.milligrams),
  }));
  return { ...rest, retiredAt: (MORNING + 60) as UnixSeconds, lines };
}
