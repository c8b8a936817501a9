/** Refusals of the storage that no other test meets. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import { knownClosing } from "../../../src/adapters/storage/batches/knownClosing.ts";
import { migrate } from "../../../src/adapters/storage/engine/migrate.ts";
import { openQueue } from "../../../src/adapters/storage/queue/openQueue.ts";
import type { Queue } from "../../../src/adapters/storage/queue/queue.ts";
import { tenantEntry } from "../../../src/adapters/storage/records/tenantEntry.ts";
import { findRetirement } from "../../../src/adapters/storage/retirements/findRetirement.ts";
import { insertRetirement } from "../../../src/adapters/storage/retirements/retirements.ts";
import { stepRule } from "../../../src/adapters/storage/rules/stepRule.ts";
import { describeMethodology } from "../../../src/app/methodologies/describeMethodology.ts";
import { knownRule } from "../../../src/app/rules/knownRule.ts";
import { regionCode, retirementId, tenantId } from "../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { parseMethodology } from "../../../src/format/batch/methodology.ts";
import { methodologyContent } from "../../../src/stages/rules/methodologyContent.ts";
import { jobKind } from "./support/jobKind.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { ruleSteps } from "./support/ruleSteps.ts";
import { intentOf, plan, sealOne } from "./support/retirementSamples.ts";
import { hash } from "./support/samples.ts";

const opened: Queue[] = [];
afterEach(async () => {
  for (const queue of opened.splice(0)) await queue.stop(1);
});

const proposal = (version: string, gramsPerUnit: string) =>
  methodologyContent(
    parseMethodology({
      caps: { unitsPerAct: null },
      code: "CITY-BUS",
      gramsPerUnit,
      region: regionCode("OPENCITY"),
      scenario: "bus",
      schema: "microtonne-methodology/1",
      source: "x",
      timeZone: "Asia/Shanghai",
      title: "x",
      unit: "trip",
      validFrom: "2027-06-01",
      validTo: "2027-12-31",
      version,
    }),
  );

describe("the storage", () => {
  onEachEngine((bench) => {
    it("works in a database of UTF-8 alone", async () => {
      const latin: Database = {
        ...bench.db(),
        query: <T>() => Promise.resolve([{ server_encoding: "LATIN1" }] as T[]),
      };
      await expect(migrate(latin)).rejects.toMatchObject({
        code: "storage.encoding",
        message: "The database must be created with the encoding UTF8.",
      });
    });

    it("knows its tenants and closings", async () => {
      await expect(tenantEntry(bench.db(), tenantId("nobody"))).rejects.toMatchObject({
        code: "tenant.unknown",
        message: "There is no tenant nobody here. Create it first.",
      });
      await expect(knownClosing(bench.db(), await bench.tenant(), hash("none"))).rejects.toMatchObject({
        code: "closing.unknown",
        message: expect.stringContaining("Start one first.") as unknown,
      });
    });

    it("takes the beginning of a retirement's id where it fits one", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const batch = await sealOne(db, tenant);
      for (const last of ["1", "2"]) {
        const planned = {
          ...plan(`alike ${last}`, batch, 1n),
          retirementId: retirementId(`0x${"ab".repeat(31)}c${last}`),
        };
        await insertRetirement(db, tenant, planned, intentOf(planned));
      }
      await expect(findRetirement(db, tenant, "0xabab")).rejects.toMatchObject({
        code: "retirement.ambiguous",
        message: "More than one retirement id begins with 0xabab. Give more digits.",
      });
      expect(await findRetirement(db, tenant, `0x${"ab".repeat(31)}c2`)).not.toBeNull();
    });

    it("asks for a version, or for digits of the id, where a rule's name stands for several", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const steps = { ...ruleSteps, local: true };
      const event = { what: "propose", by: `0x${"0b".repeat(20)}`, at: 1 as UnixSeconds } as const;
      await stepRule(db, tenant, proposal("1", "1"), event, steps);
      await stepRule(db, tenant, proposal("1", "2"), event, steps);
      const folder = { db, tenant };
      const of = (name: string) => [
        knownRule(folder, name, ["methodology"]),
        describeMethodology(folder, name),
      ];
      const expectAmbiguous = async (name: string, how: RegExp) => {
        const [rule, methodology] = of(name);
        const message = expect.stringMatching(how) as unknown;
        await expect(rule).rejects.toMatchObject({ code: "rules.ambiguous", message });
        await expect(methodology).rejects.toMatchObject({ code: "methodology.ambiguous", message });
      };
      await expectAmbiguous("CITY-BUS@1", /the first digits of (?:the|its) id/);
      await stepRule(db, tenant, proposal("2", "1"), event, steps);
      await expectAmbiguous("CITY-BUS", /write (?:a name with its version|CODE@VERSION)/);
    });

    it("says of dead jobs that they ran out of time, or lost their worker", async () => {
      const kinds = [
        jobKind("slow", { expireSeconds: 1, retryLimit: 0 }),
        jobKind("left", { retryLimit: 0 }),
      ];
      const open = async () => {
        const queue = await openQueue(bench.db(), { kinds, onError: () => undefined, superviseSeconds: 1 });
        opened.push(queue);
        return queue;
      };
      const queue = await open();
      await queue.work(
        "slow",
        { pollSeconds: 0.5 },
        ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
      );
      await queue.send("slow", {});
      await vi.waitFor(
        async () => expect(await queue.dead("slow")).toMatchObject([{ failure: "queue.expired" }]),
        20_000,
      );
      if (bench.db().engine !== "pglite") return;
      // As a process leaves it that was killed: begun, and nobody at it.
      await queue.send("left", {});
      await bench
        .db()
        .query("UPDATE pgboss.job SET state = 'active', started_on = now() WHERE name = 'left'");
      await queue.stop(1);
      const next = await open();
      await vi.waitFor(
        async () => expect(await next.dead("left")).toMatchObject([{ failure: "queue.orphaned" }]),
        20_000,
      );
    });
  });
});
