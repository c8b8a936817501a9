import { describe, expect, it } from "vitest";
import { admitReductions } from "../../../src/adapters/storage/reductions/admitReductions.ts";
import { moveDispositions } from "../../../src/adapters/storage/reductions/moveDispositions.ts";
import {
  insertProviderKey,
  providerKeys,
  endProviderKey,
  unsignedActsSince,
} from "../../../src/adapters/storage/providers/providerKeys.ts";
import { revokedRecords } from "../../../src/adapters/storage/providers/revokedRecords.ts";
import { startClosing } from "./support/startClosing.ts";
import { admissionDecisions } from "../../../src/app/ingest/admissionDecisions.ts";
import { checkDispositionOrder } from "../../../src/stages/dedupe/checkDispositionOrder.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import type { ProviderKey } from "../../../src/base/types/providerKey.ts";
import type { StoredEvidence } from "../../../src/base/types/storedEvidence.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { checkKeyEntry } from "../../../src/stages/ingest/providerKeys/checkKeyEntry.ts";
import { decideRevocation } from "../../../src/stages/ingest/providerKeys/decideRevocation.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { admit, hash, ingest, MORNING, progress, reduction, REGION } from "./support/samples.ts";

const METRO = providerId("metro");
const key = (name: string, change: Partial<ProviderKey> = {}): ProviderKey => ({
  provider: METRO,
  publicKey: hash(name),
  validFrom: 100 as UnixSeconds,
  validTo: null,
  required: true,
  revocation: null,
  ...change,
});
const NOW = 1_000 as UnixSeconds;
const closing = (id: string) => ({
  closingId: hash(id),
  region: REGION,
  startDay: 20_089 as Day,
  endDay: 20_453 as Day,
  timeZone: "Asia/Shanghai",
  createdAt: MORNING as UnixSeconds,
  previousBatchId: null,
});
const evidence = (name: string, arrivedAt: number): StoredEvidence => ({
  kind: "record",
  publicKey: hash(name),
  subjectDigest: hash("subject"),
  signature: new Uint8Array(64),
  arrivedAt: arrivedAt as UnixSeconds,
});

describe("providers' keys", () => {
  onEachEngine((bench) => {
    it("are kept as they were added, by provider and beginning, each operator's its own", async () => {
      const [tenant, other] = [await bench.tenant(), await bench.tenant()];
      const later = key("a", { validFrom: 500 as UnixSeconds, validTo: 900 as UnixSeconds, required: false });
      for (const one of [later, key("b"), key("c", { provider: providerId("bikes") })])
        await insertProviderKey(bench.db(), tenant, one, NOW, checkKeyEntry);
      expect(await providerKeys(bench.db(), tenant, METRO)).toEqual([key("b"), later]);
      expect((await providerKeys(bench.db(), tenant, null)).map(({ provider }) => provider)).toEqual([
        "bikes",
        "metro",
        "metro",
      ]);
      expect(await providerKeys(bench.db(), other, null)).toEqual([]);
    });

    it("are never changed by adding them again", async () => {
      const tenant = await bench.tenant();
      await insertProviderKey(bench.db(), tenant, key("a"), NOW, checkKeyEntry);
      await insertProviderKey(bench.db(), tenant, key("a"), NOW, checkKeyEntry);
      for (const change of [
        { required: false },
        { validTo: 900 as UnixSeconds },
        { validFrom: 99 as UnixSeconds },
      ]) {
        await expect(
          insertProviderKey(bench.db(), tenant, key("a", change), NOW, checkKeyEntry),
        ).rejects.toMatchObject({
          code: "provider-key.exists",
        });
      }
      await endProviderKey(
        bench.db(),
        tenant,
        METRO,
        hash("a"),
        { at: NOW, reason: "compromised" },
        decideRevocation,
      );
      await expect(insertProviderKey(bench.db(), tenant, key("a"), NOW, checkKeyEntry)).rejects.toMatchObject(
        {
          code: "provider-key.exists",
        },
      );
    });

    it("are revoked for good: only a compromise, or an earlier one, can be added", async () => {
      const tenant = await bench.tenant();
      const revoke = (at: number, reason: "retired" | "compromised") =>
        endProviderKey(
          bench.db(),
          tenant,
          METRO,
          hash("a"),
          { at: at as UnixSeconds, reason },
          decideRevocation,
        );
      await expect(revoke(5, "retired")).rejects.toMatchObject({ code: "provider-key.unknown" });
      await insertProviderKey(bench.db(), tenant, key("a"), NOW, checkKeyEntry);
      await revoke(700, "retired");
      await expect(revoke(800, "retired")).rejects.toMatchObject({ code: "provider-key.revoked" });
      await revoke(900, "compromised");
      expect(await providerKeys(bench.db(), tenant, METRO)).toMatchObject([
        { validTo: 700, revocation: { at: 900, reason: "compromised" } },
      ]);
      await revoke(600, "compromised");
      await expect(revoke(601, "compromised")).rejects.toMatchObject({ code: "provider-key.revoked" });
      await expect(revoke(10, "retired")).rejects.toMatchObject({ code: "provider-key.revoked" });
      await revoke(599, "compromised");
      expect(await providerKeys(bench.db(), tenant, METRO)).toMatchObject([
        { revocation: { at: 599, reason: "compromised" } },
      ]);
    });

    it("found compromised later keep what arrived since out of every batch and other use", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await insertProviderKey(db, tenant, key("a"), NOW, checkKeyEntry);
      const rows = [
        { ...reduction({ id: "before", provider: "metro" }), evidence: evidence("a", 599) },
        { ...reduction({ id: "after", provider: "metro" }), evidence: evidence("a", 600) },
        { ...reduction({ id: "other key", provider: "metro" }), evidence: evidence("b", 700) },
        reduction({ id: "unsigned", provider: "metro" }),
      ];
      await admitReductions(
        db,
        tenant,
        rows,
        progress(await ingest(db, tenant), 0, rows),
        null,
        admissionDecisions,
      );
      await endProviderKey(
        db,
        tenant,
        METRO,
        hash("a"),
        { at: 600 as UnixSeconds, reason: "retired" },
        decideRevocation,
      );
      expect(await revokedRecords(db, tenant, METRO, hash("a"))).toEqual({
        open: 0,
        elsewhere: 0,
        batches: [],
      });
      await endProviderKey(
        db,
        tenant,
        METRO,
        hash("a"),
        {
          at: 600 as UnixSeconds,
          reason: "compromised",
        },
        decideRevocation,
      );
      const donate = (recordId: string) =>
        moveDispositions(
          db,
          tenant,
          {
            from: "open",
            to: "donated",
            records: [{ provider: METRO, recordId }],
            reference: "test",
          },
          checkDispositionOrder,
        );
      await expect(donate("after")).rejects.toMatchObject({ code: "disposition.not-there" });
      expect((await startClosing(db, tenant, closing("first"))).closing.reductions).toBe(3);
      expect(await revokedRecords(db, tenant, METRO, hash("a"))).toEqual({
        open: 1,
        elsewhere: 0,
        batches: [],
      });
      await endProviderKey(
        db,
        tenant,
        METRO,
        hash("a"),
        {
          at: 500 as UnixSeconds,
          reason: "compromised",
        },
        decideRevocation,
      );
      expect(await revokedRecords(db, tenant, METRO, hash("a"))).toEqual({
        open: 1,
        elsewhere: 1,
        batches: [],
      });
    });

    it("are required of acts that nobody signed, told by where these are, as the view has it", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const at = (id: string, startedAt: number, change: object = {}) =>
        reduction({ id, subject: id, startedAt, endedAt: startedAt + 600, ...change });
      await admit(db, tenant, [
        at("pooled", MORNING),
        at("pooled too", MORNING + 60),
        at("donated", MORNING + 120),
        at("ends too early", MORNING - 7_200),
        at("another's", MORNING, { provider: "bus" }),
        at("another year's", 1_000_000_000),
      ]);
      const move = {
        from: "open",
        to: "donated",
        records: [{ provider: METRO, recordId: "donated" }],
      } as const;
      await moveDispositions(db, tenant, { ...move, reference: "test" }, checkDispositionOrder);
      await startClosing(db, tenant, closing("unsigned"));
      await admit(db, tenant, [at("late", MORNING + 180)]);
      const since = async (time: number) => {
        const acts = await unsignedActsSince(db, tenant, METRO, time as UnixSeconds);
        const viewed = await db.query(
          `SELECT disposition, NULL AS state, count(*)::integer AS acts FROM reductions WHERE tenant = $1
           AND provider = 'metro' AND signing_key IS NULL AND coalesce(ended_at, started_at) >= $2
           GROUP BY 1`,
          [tenant, time],
        );
        expect(new Set(acts)).toEqual(new Set(viewed));
        return Object.fromEntries(acts.map(({ disposition, acts: count }) => [disposition, count]));
      };
      expect(await since(MORNING + 600)).toEqual({ pooled: 2, donated: 1, open: 1 });
      expect(await since(MORNING + 601)).toEqual({ pooled: 1, donated: 1, open: 1 });
      expect(await since(0)).toEqual({ pooled: 3, donated: 1, open: 2 });
    });
  });
});
