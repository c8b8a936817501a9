import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startClosing } from "./support/startClosing.ts";
import { bothSums } from "./support/dispositionSums.ts";
import { findUnfinishedIngests, finishIngest } from "../../../src/adapters/storage/ingests/ingests.ts";
import { admissionDecisions } from "../../../src/app/ingest/admissionDecisions.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import type { Reduction } from "../../../src/base/types/reduction.ts";
import { KEY_WIDTHS } from "./support/keyWidths.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { eventsOf, hash, ingest, MORNING, PROFILE, progress, REGION } from "./support/samples.ts";

const closing = (id: string) => ({
  closingId: hash(id),
  region: REGION,
  startDay: 20_089 as Day,
  endDay: 20_453 as Day,
  timeZone: "Asia/Shanghai",
  createdAt: MORNING as UnixSeconds,
  previousBatchId: null,
});

describe.each(KEY_WIDTHS)(
  "admitting reductions, $keys",
  ({ admitReductions, admit, findRecord, reduction }) => {
    onEachEngine((bench) => {
      it("accepts what is new and answers outcomes in the order given", async () => {
        const tenant = await bench.tenant();
        const { outcomes, result } = await admit(bench.db(), tenant, [
          reduction({ id: "a" }),
          reduction({ id: "b", subject: null }),
        ]);
        expect(outcomes).toEqual(["accepted", "accepted"]);
        expect(result).toMatchObject({
          chunk: 0,
          rowsRead: 2,
          accepted: 2,
          rejected: 0,
          duplicate: 0,
          milligrams: 156_800n,
          duplicateReasons: {},
        });
        expect(await bothSums(bench.db(), tenant)).toEqual({
          rows: { open: { reductions: 2n, milligrams: 156_800n } },
          ledger: { open: { reductions: 2n, milligrams: 156_800n } },
        });
      });

      it("refuses a record id that its provider has used, in the chunk and before it", async () => {
        const tenant = await bench.tenant();
        const again = reduction({ id: "a", quantity: 5n, startedAt: MORNING + 7200 });
        expect((await admit(bench.db(), tenant, [reduction({ id: "a" }), again])).outcomes).toEqual([
          "accepted",
          "duplicate.record-id",
        ]);
        expect((await admit(bench.db(), tenant, [again])).outcomes).toEqual(["duplicate.record-id"]);
        const elsewhere = reduction({ id: "a", provider: "bus", subject: "somebody else" });
        expect((await admit(bench.db(), tenant, [elsewhere])).outcomes).toEqual(["accepted"]);
      });

      it("refuses the same content under another record id", async () => {
        const tenant = await bench.tenant();
        const first = reduction({ id: "a", subject: "s" });
        const copy = reduction({ id: "b", subject: "s" });
        expect((await admit(bench.db(), tenant, [first, copy])).outcomes).toEqual([
          "accepted",
          "duplicate.same-content",
        ]);
        expect((await admit(bench.db(), tenant, [reduction({ id: "c", subject: "s" })])).outcomes).toEqual([
          "duplicate.same-content",
        ]);
      });

      it("aggregates a provider's further acts of a person's minute, each compared with all", async () => {
        const tenant = await bench.tenant();
        const db = bench.db();
        await admit(db, tenant, [reduction({ id: "a", subject: "s" })]);
        const second = reduction({ id: "b", subject: "s", startedAt: MORNING + 20 });
        expect((await admit(db, tenant, [second])).outcomes).toEqual(["accepted"]);
        const copies = [
          reduction({ id: "c", subject: "s" }),
          reduction({ id: "d", subject: "s", startedAt: MORNING + 20 }),
        ];
        expect((await admit(db, tenant, copies)).outcomes).toEqual([
          "duplicate.same-content",
          "duplicate.same-content",
        ]);
      });

      it("refuses an activity key that another provider or methodology has claimed", async () => {
        const tenant = await bench.tenant();
        const first = reduction({ id: "a", subject: "s" });
        const otherProvider = reduction({ id: "b", subject: "s", provider: "wallet", quantity: 3n });
        const otherMethodology = reduction({ id: "c", subject: "s", methodology: "other", quantity: 4n });
        expect((await admit(bench.db(), tenant, [first, otherProvider])).outcomes).toEqual([
          "accepted",
          "duplicate.activity-key",
        ]);
        expect((await admit(bench.db(), tenant, [otherProvider, otherMethodology])).outcomes).toEqual([
          "duplicate.activity-key",
          "duplicate.activity-key",
        ]);
      });

      it("never aggregates acts that name nobody", async () => {
        const tenant = await bench.tenant();
        const first = reduction({ id: "a", subject: null });
        const sameKey: Reduction = {
          ...reduction({ id: "b", subject: null, quantity: 2n }),
          activityKey: first.activityKey,
        };
        expect((await admit(bench.db(), tenant, [first, sameKey])).outcomes).toEqual([
          "accepted",
          "duplicate.activity-key",
        ]);
      });

      it("refuses a key that a closing holds, whether or not the batch is sealed", async () => {
        const tenant = await bench.tenant();
        const db = bench.db();
        await admit(db, tenant, [reduction({ id: "a", subject: "s" })]);
        await startClosing(db, tenant, closing("closed keys"));
        const late = [reduction({ id: "b", subject: "s", startedAt: MORNING + 20 }), reduction({ id: "c" })];
        expect((await admit(db, tenant, late)).outcomes).toEqual(["duplicate.closed", "accepted"]);
      });

      it("leaves nothing of a refused reduction behind: its record id stays free", async () => {
        const tenant = await bench.tenant();
        const db = bench.db();
        await admit(db, tenant, [reduction({ id: "a", subject: "s" })]);
        expect((await admit(db, tenant, [reduction({ id: "b", subject: "s" })])).outcomes).toEqual([
          "duplicate.same-content",
        ]);
        expect(await findRecord(db, tenant, providerId("metro"), "b")).toBeNull();
        expect((await admit(db, tenant, [reduction({ id: "b", subject: "t" })])).outcomes).toEqual([
          "accepted",
        ]);
      });

      it("keeps tenants apart", async () => {
        const [one, two] = [await bench.tenant(), await bench.tenant()];
        expect((await admit(bench.db(), one, [reduction({ id: "a" })])).outcomes).toEqual(["accepted"]);
        expect((await admit(bench.db(), two, [reduction({ id: "a" })])).outcomes).toEqual(["accepted"]);
        expect(await findRecord(bench.db(), await bench.tenant(), providerId("metro"), "a")).toBeNull();
      });

      it("answers a chunk that is stored as it did the first time", async () => {
        const tenant = await bench.tenant();
        const db = bench.db();
        const id = await ingest(db, tenant);
        const chunk = [reduction({ id: "a" }), reduction({ id: "a" })];
        const first = await admitReductions(
          db,
          tenant,
          chunk,
          progress(id, 0, chunk, 3),
          null,
          admissionDecisions,
        );
        expect(first.result).toMatchObject({
          rowsRead: 5,
          accepted: 1,
          duplicate: 1,
          rejected: 3,
          duplicateReasons: { "duplicate.record-id": 1 },
        });
        expect(
          await admitReductions(db, tenant, chunk, progress(id, 0, chunk, 3), null, admissionDecisions),
        ).toEqual(first);
        const other = { ...progress(id, 0, chunk), chainDigest: hash("other rows") };
        await expect(
          admitReductions(db, tenant, chunk, other, null, admissionDecisions),
        ).rejects.toMatchObject({
          code: "ingest.chunk-differs",
        });
      });

      it("finds an unfinished ingest with its chunks, and sums them when it is finished", async () => {
        const tenant = await bench.tenant();
        const db = bench.db();
        const id = await ingest(db, tenant);
        const chunks = [[reduction({ id: "a" })], [reduction({ id: "b" }), reduction({ id: "a" })]];
        for (const [index, chunk] of chunks.entries())
          await admitReductions(db, tenant, chunk, progress(id, index, chunk, 1), null, admissionDecisions);
        const [found] = await findUnfinishedIngests(db, tenant, PROFILE);
        expect(found).toMatchObject({ ingestId: id, sourceName: "file.csv", startedAt: MORNING });
        expect(found?.chunks.map((chunk) => chunk.chainDigest)).toEqual([hash(`${id} 0`), hash(`${id} 1`)]);
        const totals = {
          rowsRead: 5,
          accepted: 2,
          rejected: 2,
          implausible: 0,
          duplicate: 1,
          milligrams: 156_800n,
          duplicateReasons: { "duplicate.record-id": 1 },
        };
        expect(await finishIngest(db, tenant, id, providerId("metro"))).toEqual(totals);
        expect(await finishIngest(db, tenant, id, providerId("metro"))).toEqual(totals);
        const { duplicateReasons: _reasons, implausible: _implausible, ...counts } = totals;
        expect(await eventsOf(db, tenant)).toMatchObject([
          {
            type: "ingest.finished",
            data: { ...counts, ingestId: id, provider: "metro", milligrams: "156800" },
          },
        ]);
        expect(await findUnfinishedIngests(db, tenant, PROFILE)).toEqual([]);
        await expect(
          admitReductions(db, tenant, [], progress(id, 2, []), null, admissionDecisions),
        ).rejects.toMatchObject({
          code: "ingest.finished",
        });
      });

      it("refuses chunks out of order, of unknown ingests, and counts that do not add up", async () => {
        const tenant = await bench.tenant();
        const db = bench.db();
        const id = await ingest(db, tenant);
        await expect(
          admitReductions(db, tenant, [], progress(id, 1, []), null, admissionDecisions),
        ).rejects.toMatchObject({
          code: "ingest.chunk-order",
        });
        await expect(
          admitReductions(db, tenant, [], progress("999999", 0, []), null, admissionDecisions),
        ).rejects.toMatchObject({
          code: "ingest.unknown",
        });
        const short = { ...progress(id, 0, []), rowsRead: 1 };
        await expect(admitReductions(db, tenant, [], short, null, admissionDecisions)).rejects.toMatchObject({
          code: "ingest.rows-lost",
        });
        // Whoever decides wrongly stops the chunk; nothing is admitted past the decision.
        const wrong = { ...admissionDecisions, decideChunk: () => "stored" as const };
        await expect(admitReductions(db, tenant, [], progress(id, 1, []), null, wrong)).rejects.toMatchObject(
          {
            code: "ingest.chunk-missing",
          },
        );
      });

      it("stores nothing of a chunk that fails", async () => {
        const tenant = await bench.tenant();
        const db = bench.db();
        await expect(
          admit(db, tenant, [reduction({ id: "a" }), reduction({ id: "b\0" })]),
        ).rejects.toMatchObject({ code: "storage.text" });
        expect(await bothSums(db, tenant)).toEqual({ rows: {}, ledger: {} });
        expect((await admit(db, tenant, [reduction({ id: "a" })])).outcomes).toEqual(["accepted"]);
      });

      it(
        "comes to the same sums in any order and any chunks, where no two records contend",
        { timeout: 600_000 },
        async () => {
          const db = bench.db();
          // Ids repeat with equal content, so whichever copy comes first, the same set is admitted.
          const samples = fc.array(
            fc.record({
              id: fc.integer({ min: 0, max: 40 }),
              provider: fc.constantFrom("metro", "bus"),
              subject: fc.boolean(),
            }),
            { minLength: 1, maxLength: 60 },
          );
          const once = async (reductions: readonly Reduction[], size: number) => {
            const tenant = await bench.tenant();
            const id = await ingest(db, tenant);
            for (let chunk = 0; chunk * size < reductions.length; chunk++) {
              const part = reductions.slice(chunk * size, (chunk + 1) * size);
              const admission = await admitReductions(
                db,
                tenant,
                part,
                progress(id, chunk, part),
                null,
                admissionDecisions,
              );
              expect(
                await admitReductions(db, tenant, part, progress(id, chunk, part), null, admissionDecisions),
              ).toEqual(admission);
            }
            const sums = await bothSums(db, tenant);
            expect(sums.rows).toEqual(sums.ledger);
            return sums.rows;
          };
          await fc.assert(
            fc.asyncProperty(
              samples,
              fc.integer({ min: 1, max: 30 }),
              fc.integer({ min: 1, max: 30 }),
              fc.nat(),
              async (list, one, two, turn) => {
                const reductions = list.map(({ id, provider, subject }) =>
                  reduction({
                    id: `${provider}-${String(id)}-${String(subject)}`,
                    provider,
                    subject: subject ? `${provider} ${String(id)}` : null,
                    startedAt: MORNING + id * 40_000,
                    milligrams: BigInt(1000 + id),
                  }),
                );
                const turned = [
                  ...reductions.slice(turn % list.length),
                  ...reductions.slice(0, turn % list.length),
                ].toReversed();
                expect(await once(turned, two)).toEqual(await once(reductions, one));
              },
            ),
            { numRuns: 8 },
          );
        },
      );
    });
  },
);
