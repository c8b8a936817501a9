import { describe, expect, it } from "vitest";
import { startClosing } from "./support/startClosing.ts";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import { saveMethodologies } from "../../../src/adapters/storage/providers/saveMethodologies.ts";
import { admitReductions } from "../../../src/adapters/storage/reductions/admitReductions.ts";
import { freeCapUse } from "../../../src/adapters/storage/reductions/freeCapUse.ts";
import { admissionDecisions } from "../../../src/app/ingest/admissionDecisions.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import type { TenantId } from "../../../src/base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../../src/base/types/quantities.ts";
import type { PeriodCaps, Reduction } from "../../../src/base/types/reduction.ts";
import type { StoredEvidence } from "../../../src/base/types/storedEvidence.ts";
import { periodCapsOf } from "../../../src/format/batch/methodologies/periodCapsOf.ts";
import { methodologyIdOf, parseMethodology } from "../../../src/format/batch/methodology.ts";
import { canonicalJson } from "../../../src/format/canonicalJson.ts";
import { openCapUse } from "../../../src/stages/dedupe/openCapUse.ts";
import { sampleMethodology } from "../../../scripts/generate/vectors/methodologyVectors.ts";
import { bothSums } from "./support/dispositionSums.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { failing, otherProcess } from "./support/otherProcess.ts";
import { admit, hash, ingest, MORNING, progress, reduction, REGION, type Sample } from "./support/samples.ts";

const evidence = (arrivedAt: number): StoredEvidence => ({
  kind: "record",
  publicKey: hash("key"),
  subjectDigest: hash("subject"),
  signature: new Uint8Array(64),
  arrivedAt: arrivedAt as UnixSeconds,
});
const mg = (milligrams: number): Milligrams => BigInt(milligrams) as Milligrams;
const capped = (sample: Sample, caps: Partial<PeriodCaps> = { subjectDay: mg(100) }): Reduction => ({
  ...reduction({ milligrams: 60n, ...sample }),
  caps: { methodology: "WUHAN METRO", subjectDay: null, subjectYear: null, programmeYear: null, ...caps },
});
/** A ride of somebody, so many minutes after the morning. */
const ride = (id: string, minute: number, subject = "s", caps?: Partial<PeriodCaps>): Reduction =>
  capped({ id, subject, startedAt: MORNING + minute * 60 }, caps);

describe("caps on days and years", () => {
  onEachEngine((bench) => {
    const earned = async (db: Database, tenant: TenantId, all: readonly Reduction[]) => {
      const { outcomes, cuts } = await admit(db, tenant, all);
      return outcomes.map((outcome, place) => cuts.get(place) ?? outcome);
    };
    const stored = async (db: Database, tenant: TenantId): Promise<Record<string, bigint>> => {
      const rows = await db.query<{ record_id: string; milligrams: bigint }>(
        "SELECT record_id, milligrams FROM reductions WHERE tenant = $1 ORDER BY record_id",
        [tenant],
      );
      return Object.fromEntries(rows.map(({ record_id: id, milligrams }) => [id, milligrams]));
    };

    it("outlast the ingest: what was admitted keeps, late rows get what is left", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      expect(await earned(db, tenant, [ride("a", 30)])).toEqual(["accepted"]);
      // Another file, other processes: the late ride began earlier, and takes nothing back.
      const late = [ride("c", 9), ride("b", 5), ride("d", 6, "other")];
      expect(await earned(otherProcess(db), tenant, late)).toEqual(["cap.subject-day", 40n, "accepted"]);
      expect(await stored(db, tenant)).toEqual({ a: 60n, b: 40n, d: 60n });
      // What was refused left nothing behind; sent again it is refused again, and what is here is a repeat.
      expect(await earned(db, tenant, [ride("c", 9), ride("a", 30)])).toEqual([
        "cap.subject-day",
        "duplicate.record-id",
      ]);
      const next = { id: "e", subject: "s", startedAt: MORNING + 86_400 };
      expect(await earned(db, tenant, [capped(next)])).toEqual(["accepted"]);
      const { rows, ledger } = await bothSums(db, tenant);
      expect(rows).toEqual({ open: { reductions: 4n, milligrams: 220n } });
      expect(ledger).toEqual(rows);
      // Another operator's people have days of their own.
      expect(await earned(db, await bench.tenant(), [ride("a", 30), ride("b", 31)])).toEqual([
        "accepted",
        40n,
      ]);
    });

    it("count years of the zone and everybody's, and methodologies apart", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const caps = { subjectYear: mg(100), programmeYear: mg(150) };
      const eve = { startedAt: Date.parse("2025-12-31T15:59:59Z") / 1000 };
      const newYear = { startedAt: Date.parse("2025-12-31T16:00:00Z") / 1000 };
      expect(await earned(db, tenant, [capped({ id: "a", subject: "s", ...eve }, caps)])).toEqual([
        "accepted",
      ]);
      expect(await earned(db, tenant, [ride("b", 0, "s", caps), ride("c", 0, "t", caps)])).toEqual([
        40n,
        50n,
      ]);
      expect(
        await earned(db, tenant, [
          ride("d", 1, "u", caps),
          capped({ id: "e", subject: "s", ...newYear }, caps),
          ride("f", 1, "v", { ...caps, methodology: "WUHAN BUS" }),
        ]),
      ).toEqual(["cap.programme-year", "accepted", "accepted"]);
    });

    it("are kept by ingests that run at once, to the milligram", async () => {
      const [db, tenant, other] = [bench.db(), await bench.tenant(), await bench.tenant()];
      const caps = { subjectDay: mg(500), programmeYear: mg(3_333) };
      const work = async (of: TenantId, worker: number): Promise<void> => {
        const rides = Array.from({ length: 40 }, (_, i) =>
          ride(`${String(worker)} ${String(i)}`, worker * 40 + i, `s${String(i % 8)}`, caps),
        );
        const id = await ingest(db, of);
        for (let at = 0; at < rides.length; at += 10) {
          const part = rides.slice(at, at + 10);
          const place = at === 0 ? db : otherProcess(db);
          await admitReductions(place, of, part, progress(id, at / 10, part), null, admissionDecisions);
        }
      };
      await Promise.all([tenant, other].flatMap((of) => [0, 1, 2, 3].map((worker) => work(of, worker))));
      for (const of of [tenant, other]) {
        const days = await db.query<{ milligrams: bigint }>(
          `SELECT sum(milligrams)::bigint AS milligrams FROM reductions WHERE tenant = $1
           GROUP BY subject_key`,
          [of],
        );
        expect(days.every(({ milligrams }) => milligrams <= 500n)).toBe(true);
        // Eight people could have 4,000 mg between them.
        expect(days.reduce((sum, { milligrams }) => sum + milligrams, 0n)).toBe(3_333n);
        const { rows, ledger } = await bothSums(db, of);
        expect(ledger).toEqual(rows);
        const [used] = await db.query<{ milligrams: bigint }>(
          `SELECT u.milligrams FROM cap_use u JOIN capped_methodologies m ON m.capped = u.capped
           WHERE m.tenant = $1 AND u.kind = 2`,
          [of],
        );
        expect(used).toEqual({ milligrams: 3_333n });
      }
    });

    it("are used up by what is stored alone: a failed chunk uses nothing", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const id = await ingest(db, tenant);
      const rides = [ride("a", 1), ride("b", 2), ride("c", 3)];
      const again = (place = db) =>
        admitReductions(place, tenant, rides, progress(id, 0, rides), null, admissionDecisions);
      await expect(again(failing(db, () => true))).rejects.toThrow("undone");
      expect(await stored(db, tenant)).toEqual({});
      const first = await again();
      expect(first.outcomes).toEqual(["accepted", "accepted", "cap.subject-day"]);
      expect([...first.cuts]).toEqual([[1, 40n]]);
      expect(first.result).toMatchObject({ accepted: 2, implausible: 1, milligrams: 100n });
      // A run that was cut off asks for the chunk again.
      expect(await again()).toEqual(first);
      expect(await stored(db, tenant)).toEqual({ a: 60n, b: 40n });
    });

    it("take back nothing for a dropped record, but leave its room to what is to come", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const methodology = parseMethodology(
        sampleMethodology({ caps: { ...sampleMethodology().caps, gramsPerSubjectDay: "0.1" } }),
      );
      const caps = periodCapsOf(methodology) as PeriodCaps;
      const id = methodologyIdOf(methodology);
      const json = canonicalJson(methodology);
      await saveMethodologies(db, tenant, [{ id, region: methodology.region, json }]);
      const signed = (name: string, minute: number, arrivedAt: number | null): Reduction => ({
        ...ride(name, minute, "s", caps),
        methodologyId: id,
        ...(arrivedAt !== null && { evidence: evidence(arrivedAt) }),
      });
      expect(
        await earned(db, tenant, [signed("a", 1, 500), signed("b", 2, 900), signed("c", 3, null)]),
      ).toEqual(["accepted", 40n, "cap.subject-day"]);
      const free = (from: number, before: number | null) =>
        db.transaction((tx) =>
          freeCapUse(
            tx,
            tenant,
            {
              provider: providerId("metro"),
              publicKey: hash("key"),
              from: from as UnixSeconds,
              before: before as UnixSeconds | null,
            },
            openCapUse,
          ),
        );
      await free(800, null);
      expect(await earned(db, tenant, [signed("c", 3, null), signed("d", 4, null)])).toEqual([
        40n,
        "cap.subject-day",
      ]);
      // An earlier compromise frees what arrived before the one that was told first, once.
      await free(400, 800);
      expect(await earned(db, tenant, [signed("d", 4, null), signed("e", 5, null)])).toEqual([
        "accepted",
        "cap.subject-day",
      ]);
      // In a closing nothing is freed: the leaf is sealed with it, and a recall is another matter.
      await startClosing(db, tenant, {
        closingId: hash("caps"),
        region: REGION,
        startDay: 20_089 as Day,
        endDay: 20_453 as Day,
        timeZone: "Asia/Shanghai",
        createdAt: MORNING as UnixSeconds,
        previousBatchId: null,
      });
      await free(0, 400);
      await free(0, null);
      expect(await earned(db, tenant, [signed("f", 6, null)])).toEqual(["cap.subject-day"]);
      expect(await stored(db, tenant)).toEqual({ a: 60n, b: 40n, c: 40n, d: 60n });
    });

    it("ask the database nothing where no methodology has any", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const asked: string[] = [];
      const listening = new Proxy(db, {
        get(target, property) {
          const value: unknown = Reflect.get(target, property);
          if (property !== "transaction")
            return typeof value === "function" ? (value.bind(target) as unknown) : value;
          return (work: Parameters<Database["transaction"]>[0]) =>
            target.transaction((tx) =>
              work(
                new Proxy(tx, {
                  get(session, name) {
                    const method: unknown = Reflect.get(session, name);
                    if (name !== "query")
                      return typeof method === "function" ? (method.bind(session) as unknown) : method;
                    return (sql: string, ...rest: [never]) => {
                      asked.push(sql);
                      return session.query(sql, ...rest);
                    };
                  },
                }),
              ),
            );
        },
      });
      await admit(listening, tenant, [reduction({ id: "a" })]);
      expect(asked.length).toBeGreaterThan(3);
      expect(asked.filter((sql) => /cap_use|capped_|caps\//.test(sql))).toEqual([]);
      asked.length = 0;
      await admit(listening, tenant, [ride("b", 1)]);
      expect(asked.filter((sql) => /cap_use|capped_|caps\//.test(sql))).toHaveLength(4);
    });
  });
});
