import { describe, expect, it } from "vitest";
import { onIntentFailed } from "../../../src/app/chain/onIntentFailed.ts";
import { findRetirement } from "../../../src/adapters/storage/retirements/findRetirement.ts";
import { outboxStore } from "../../../src/adapters/storage/outbox/outbox.ts";
import { finishRetirement, insertRetirement } from "../../../src/adapters/storage/retirements/retirements.ts";
import { decideFinal } from "../../../src/stages/retire/decideFinal.ts";
import { onEachEngine } from "../storage/support/onEachEngine.ts";
import { intentOf, plan, record, sealOne } from "../storage/support/retirementSamples.ts";
import { eventTypesOf } from "../storage/support/samples.ts";

describe("an intent that the chain refuses", () => {
  onEachEngine((bench) => {
    it("takes the retirement that waits for it along, and records that once", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const planned = plan("refused", await sealOne(db, tenant), 300n);
      await insertRetirement(db, tenant, planned, intentOf(planned));
      const { key } = intentOf(planned);
      for (let times = 0; times < 2; times++) await onIntentFailed({ db, tenant }, key, "TooFewCredits");
      expect(await outboxStore(db, tenant).find(key)).toMatchObject({
        state: "failed",
        failure: "TooFewCredits",
      });
      expect(await findRetirement(db, tenant, planned.retirementId)).toMatchObject({
        state: "failed",
        failure: "TooFewCredits",
      });
      expect((await eventTypesOf(db, tenant)).slice(1)).toEqual([
        "retirement.requested",
        "retirement.failed",
      ]);
    });

    it("is only marked where nothing waits: other kinds, retirements that were final already", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const planned = plan("final", await sealOne(db, tenant), 300n);
      await insertRetirement(db, tenant, planned, intentOf(planned));
      await finishRetirement(db, tenant, record(planned, 0n), decideFinal);
      const store = outboxStore(db, tenant);
      await store.enqueue({ ...intentOf(planned), key: "commit:0x01", kind: "commit" });
      for (const key of [intentOf(planned).key, "commit:0x01"]) {
        await onIntentFailed({ db, tenant }, key, "refused");
        expect(await store.find(key)).toMatchObject({ state: "failed" });
      }
      expect(await findRetirement(db, tenant, planned.retirementId)).toMatchObject({
        state: "final",
        failure: null,
      });
      expect(await eventTypesOf(db, tenant)).not.toContain("retirement.failed");
      await expect(onIntentFailed({ db, tenant }, "retire:0x99", "refused")).rejects.toMatchObject({
        code: "outbox.step",
      });
    });
  });
});
