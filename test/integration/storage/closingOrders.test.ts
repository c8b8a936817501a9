/** What closings and batches hold comes in its order, however rows lie. */
import { beforeAll, describe, expect, it } from "vitest";
import { batchHead, listBatches, listBatchManifests } from "../../../src/adapters/storage/batches/batches.ts";
import { closingContents } from "../../../src/adapters/storage/batches/closingContents.ts";
import { saveMethodologies } from "../../../src/adapters/storage/providers/saveMethodologies.ts";
import { saveProvider } from "../../../src/adapters/storage/providers/saveProvider.ts";
import { listRetirements } from "../../../src/adapters/storage/retirements/listRetirements.ts";
import { insertRetirement } from "../../../src/adapters/storage/retirements/retirements.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { methodologyId, providerId } from "../../../src/base/lib/ids.ts";
import { milligrams } from "../../../src/base/lib/mass.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { intentOf, plan, sealOne } from "./support/retirementSamples.ts";
import { admit, hash, METHODOLOGY, MORNING, reduction, REGION } from "./support/samples.ts";
import { startClosing } from "./support/startClosing.ts";
import { readAsTheyLie, turnRound } from "./support/turnRound.ts";

describe("lists", () => {
  onEachEngine((bench) => {
    beforeAll(() => readAsTheyLie(bench.db()));

    it("of batches are in the order of their closings, of retirements as they came", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const batches: BatchId[] = [];
      for (const name of ["", " second", " third"])
        batches.push(await sealOne(db, tenant, name, batches.at(-1) ?? null));
      const retired = ["b", "c", "a"].map((name) => ({
        ...plan(`${tenant} ${name}`, batches[0] as BatchId, 1n),
        amounts: [1, 0, 2].map((place) => ({
          batchId: batches[place] as BatchId,
          milligrams: milligrams(1n),
        })),
      }));
      for (const one of retired) await insertRetirement(db, tenant, one, intentOf(one));
      const check = async (): Promise<void> => {
        expect((await listBatches(db, tenant)).map(({ batchId }) => batchId)).toEqual(batches);
        expect((await listBatchManifests(db, tenant)).map(({ batchId }) => batchId)).toEqual(batches);
        expect(await batchHead(db, tenant)).toBe(batches[2]);
        const listed = await listRetirements(db, tenant);
        expect(listed.map(({ retirementId, amounts }) => ({ retirementId, amounts }))).toEqual(
          retired.map(({ retirementId, amounts }) => ({ retirementId, amounts })),
        );
      };
      await check();
      for (const table of ["batches", "retirements", "retirement_lines"]) await turnRound(db, table);
      await check();
    });

    it("of what a closing holds are by id", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const ids = ["m1", "m2", "m3"].map((name) => methodologyId(toHex(hash(name)))).toSorted();
      const [least = METHODOLOGY, middle = METHODOLOGY, most = METHODOLOGY] = ids;
      await saveMethodologies(
        db,
        tenant,
        [middle, most, least].map((id) => ({ id, region: REGION, json: `"${id}"` })),
      );
      for (const name of ["metro", "rail", "bus"])
        await saveProvider(db, tenant, { id: providerId(name), name });
      await admit(db, tenant, [
        { ...reduction({ id: "1", provider: "metro" }), methodologyId: most },
        { ...reduction({ id: "2", provider: "bus" }), methodologyId: middle },
        { ...reduction({ id: "3", provider: "rail" }), methodologyId: least },
      ]);
      await startClosing(db, tenant, {
        closingId: hash("contents"),
        region: REGION,
        startDay: 20_089 as Day,
        endDay: 20_453 as Day,
        timeZone: "Asia/Shanghai",
        createdAt: MORNING as UnixSeconds,
        previousBatchId: null,
      });
      for (let turns = 0; turns < 2; turns++) {
        const { providers, methodologies } = await closingContents(db, tenant, hash("contents"));
        expect(providers.map(({ id }) => id)).toEqual(["bus", "metro", "rail"]);
        expect(methodologies.map(({ id }) => id)).toEqual([least, middle, most]);
        for (const table of ["providers", "methodologies"]) await turnRound(db, table);
      }
    });
  });
});
