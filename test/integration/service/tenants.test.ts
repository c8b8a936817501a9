/** Several pooling operators in one process, on one chain. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { describeBatches } from "../../../src/app/batches/describeBatch.ts";
import { describeRetirements } from "../../../src/app/retirements/describeRetirement.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import { operatorOf } from "../../../src/app/chain/operatorOf.ts";
import { proveKey } from "../../../src/app/proofs/proveAct.ts";
import { describeRecord } from "../../../src/app/ingest/describeRecord.ts";
import { retireCredits } from "../../../src/app/retirements/retireCredits.ts";
import { ingestSource } from "../../../src/app/ingest/ingestSource.ts";
import { fromHex, utf8 } from "../../../src/base/lib/bytes.ts";
import { providerId, regionCode, tenantId } from "../../../src/base/lib/ids.ts";
import type { ActivityKey } from "../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../src/base/types/quantities.ts";
import { shippedProfile } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";

const REGION = regionCode("WUHAN");
const METRO = providerId("canonical");

function rides(prefix: string, subject: string): Uint8Array {
  const ride = (number: number): string =>
    `{"recordId":"${prefix}-${String(number)}","subject":"${subject}","scenario":"metro",` +
    `"startedAt":"2025-06-0${String(number)}T08:00:00+08:00","endedAt":null,"quantity":"10",` +
    `"unit":"passenger-km"}\n`;
  return utf8([1, 2, 3].map(ride).join(""));
}

async function takeIn(context: Context, bytes: Uint8Array): Promise<number> {
  const report = await ingestSource(context, {
    source: {
      size: bytes.length,
      async *open() {
        yield bytes;
      },
      close: () => Promise.resolve(),
    },
    name: "rides",
    profile: shippedProfile("canonical-ndjson"),
    openLookup: () => {
      throw new Error("The profile has no lookup.");
    },
  });
  return report.accepted;
}

const server = process.env["TEST_DATABASE_URL"];
describe.each([
  { engine: "PGlite", at: null },
  ...(server === undefined ? [] : [{ engine: "Postgres", at: server }]),
])("several tenants on $engine", ({ at }) => {
  let place: Place;
  let root: Context;
  let tenants: Context[];
  beforeAll(async () => {
    place = await newPlace(at);
    root = await place.open();
    tenants = [root, await root.forTenant(tenantId("second")), await root.forTenant(tenantId("third"))];
  });
  afterAll(async () => {
    await root.close();
    await place.remove();
  });

  it("each have an operator key of their own, the same at each start", async () => {
    const addresses = await Promise.all(tenants.map(async (context) => (await operatorOf(context)).address));
    expect(new Set(addresses).size).toBe(3);
    expect(await Promise.all(tenants.map(async (context) => (await operatorOf(context)).address))).toEqual(
      addresses,
    );
  });

  it("close, mint and retire at the same time, and see nothing of each other", async () => {
    // The same record ids: a tenant's records are its own.
    expect(
      await Promise.all(tenants.map((context) => takeIn(context, rides("T", `holder of ${context.tenant}`)))),
    ).toEqual([3, 3, 3]);
    const work = async (context: Context) => {
      const acting = await root.forTenant(context.tenant);
      try {
        const { batchId } = await closeBatch(acting, { region: REGION, vintage: 2025 });
        const minted = await mintBatch(acting, { batch: batchId, attestations: null });
        const retired = await retireCredits(acting, {
          amount: 1_000_000n as Milligrams,
          purpose: "event-neutrality",
          beneficiary: { name: `Beneficiary of ${context.tenant}`, lei: null },
          use: null,
          reportingYear: 2025,
          country: "CN",
          batch: null,
          reference: "one",
        });
        return { batchId, minted, retired };
      } finally {
        await acting.close();
      }
    };
    const done = await Promise.all(tenants.map(work));
    expect(new Set(done.map(({ batchId }) => batchId)).size).toBe(3);
    expect(done.map(({ minted }) => minted.state)).toEqual(["minted", "minted", "minted"]);
    expect(new Set(done.map(({ retired }) => retired.retirementId)).size).toBe(3);
    for (const [index, context] of tenants.entries()) {
      expect((await describeBatches(context)).map(({ batchId }) => batchId)).toEqual([done[index]?.batchId]);
      expect((await describeRetirements(context)).map(({ beneficiary }) => beneficiary.name)).toEqual([
        `Beneficiary of ${context.tenant}`,
      ]);
      const { activityKey } = await describeRecord(context, METRO, "T-1");
      const key = fromHex(activityKey, 32) as ActivityKey;
      const proof = JSON.parse(
        new TextDecoder().decode(await proveKey(context, done[index]?.batchId ?? "", key, false)),
      ) as {
        block: object;
      };
      expect(proof.block).toBeDefined();
      const foreign = done[(index + 1) % 3]?.batchId ?? "";
      await expect(proveKey(context, foreign, key, false)).rejects.toMatchObject({ code: "batch.unknown" });
    }
  });

  it("can't both bring one act on chain: verifiers find the other operator's leaf", async () => {
    const context = await root.forTenant(tenantId("fourth"));
    try {
      expect(await takeIn(context, rides("X", `holder of ${root.tenant}`))).toBe(3);
      const { batchId } = await closeBatch(context, { region: REGION, vintage: 2025 });
      await expect(mintBatch(context, { batch: batchId, attestations: null })).rejects.toMatchObject({
        code: "attest.known-key",
      });
    } finally {
      await context.close();
    }
  });
});
