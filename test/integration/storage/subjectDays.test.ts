import { describe, expect, it } from "vitest";
import { bothSums } from "./support/dispositionSums.ts";
import { finishIngest } from "../../../src/adapters/storage/ingests/ingests.ts";
import { admissionDecisions } from "../../../src/app/ingest/admissionDecisions.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import type { TenantId } from "../../../src/base/types/ids.ts";
import type { Reduction } from "../../../src/base/types/reduction.ts";
import type { DayAct, DayRules } from "../../../src/stages/plausibility/ports.ts";
import { BoundsBook } from "../../../src/stages/plausibility/boundsBook.ts";
import { shippedPlausibility } from "../../../src/stages/plausibility/shippedPlausibility.ts";
import { subjectDayRules } from "../../../src/stages/plausibility/subjectDayRules.ts";
import { KEY_WIDTHS } from "./support/keyWidths.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { ingest, MORNING, progress, REGION } from "./support/samples.ts";

const rules: DayRules = subjectDayRules(new BoundsBook(shippedPlausibility()), REGION, "Asia/Shanghai");
interface Stored {
  readonly subject_key: Uint8Array;
  readonly started_at: bigint;
  readonly ended_at: bigint;
  readonly quantity: bigint;
}

describe.each(KEY_WIDTHS)("a subject's day, $keys", ({ admitReductions, admit, findRecord, reduction }) => {
  /** 100 km, of 600 a day; half an hour each. */
  const ride = (id: string, at: number, subject = "s", provider = "metro"): Reduction =>
    reduction({
      id,
      subject,
      provider,
      startedAt: MORNING + at * 1800,
      endedAt: MORNING + at * 1800 + 1800,
      quantity: 100_000_000n,
    });
  const rides = (from: number, count: number, subject?: string): Reduction[] =>
    Array.from({ length: count }, (_, i) => ride(`${subject ?? "s"} ${String(from + i)}`, from + i, subject));

  onEachEngine((bench) => {
    it("is full at its cap over chunks, files and providers", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      expect((await admit(db, tenant, rides(0, 4), rules)).outcomes).toEqual([
        "accepted",
        "accepted",
        "accepted",
        "accepted",
      ]);
      const more = [
        ride("a", 4, "s", "wallet"),
        ride("b", 5, "t", "wallet"),
        ride("c", 6, "s", "wallet"),
        ride("d", 7, "s", "wallet"),
      ];
      expect((await admit(db, tenant, more, rules)).outcomes).toEqual([
        "accepted",
        "accepted",
        "accepted",
        "plausibility.quantity-a-day",
      ]);
    });

    it("leaves nothing of a refused act behind, and counts it", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const id = await ingest(db, tenant);
      const chunk = [...rides(0, 7), ride("s 0", 0)];
      const first = await admitReductions(
        db,
        tenant,
        chunk,
        progress(id, 0, chunk, 2),
        rules,
        admissionDecisions,
      );
      expect(first.result).toMatchObject({
        rowsRead: 10,
        accepted: 6,
        implausible: 1,
        rejected: 2,
        duplicate: 1,
      });
      expect(first.outcomes.slice(-2)).toEqual(["plausibility.quantity-a-day", "duplicate.record-id"]);
      expect(await findRecord(db, tenant, providerId("metro"), "s 6")).toBeNull();
      expect((await bothSums(db, tenant)).rows.open?.reductions).toBe(6n);
      const kept = await db.query(
        "SELECT 1 FROM subject_days d JOIN tenants t ON t.number = d.tenant WHERE t.tenant = $1",
        [tenant],
      );
      expect(kept).toHaveLength(6);
      expect(
        await admitReductions(db, tenant, chunk, progress(id, 0, chunk, 2), rules, admissionDecisions),
      ).toEqual(first);
      expect(await finishIngest(db, tenant, id, providerId("metro"))).toMatchObject({
        rowsRead: 10,
        implausible: 1,
      });
    });

    it("calls what is here already a duplicate, however full the day is", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await admit(db, tenant, rides(0, 7), rules);
      const again = await admit(db, tenant, rides(0, 7), rules);
      expect(again.outcomes).toEqual([
        ...Array.from({ length: 6 }, () => "duplicate.record-id"),
        "plausibility.quantity-a-day",
      ]);
      const others = [ride("other id", 0), ride("other provider", 1, "s", "wallet")];
      expect((await admit(db, tenant, others, rules)).outcomes).toEqual([
        "duplicate.same-content",
        "duplicate.activity-key",
      ]);
    });

    it("holds over what clocks and platforms cut into two", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const first = reduction({ id: "a", subject: "s", startedAt: MORNING, endedAt: MORNING + 1200 });
      const shifted = reduction({ id: "b", subject: "s", startedAt: MORNING + 90, endedAt: MORNING + 1290 });
      const overMidnight = reduction({
        id: "c",
        subject: "s",
        startedAt: MORNING + 57_000,
        endedAt: MORNING + 60_000,
      });
      const nextDay = reduction({
        id: "d",
        subject: "s",
        startedAt: MORNING + 58_000,
        endedAt: MORNING + 59_000,
      });
      await admit(db, tenant, [first, overMidnight], rules);
      expect((await admit(db, tenant, [shifted, nextDay], rules)).outcomes).toEqual([
        "plausibility.at-once",
        "plausibility.at-once",
      ]);
    });

    it("does not judge acts that name nobody, other people, or another tenant's", async () => {
      const [tenant, other] = [await bench.tenant(), await bench.tenant()];
      const db = bench.db();
      await admit(db, tenant, rides(0, 6), rules);
      const nameless = Array.from({ length: 8 }, (_, i) =>
        reduction({ id: `n${String(i)}`, subject: null, quantity: 100_000_000n }),
      );
      const result = await admit(db, tenant, [...nameless, ...rides(0, 6, "t")], rules);
      expect(new Set(result.outcomes)).toEqual(new Set(["accepted"]));
      expect((await admit(db, other, rides(0, 6), rules)).result.accepted).toBe(6);
    });

    it("is its own, whatever other subjects' keys begin with", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const people = Array.from({ length: 60 }, (_, i) => `person ${String(i)}`);
      for (const from of [0, 3]) {
        const all = people.flatMap((subject) => rides(from, 3, subject));
        expect(new Set((await admit(db, tenant, all, rules)).outcomes)).toEqual(new Set(["accepted"]));
      }
      const seventh = people.flatMap((subject) => rides(6, 1, subject));
      expect(new Set((await admit(db, tenant, seventh, rules)).outcomes)).toEqual(
        new Set(["plausibility.quantity-a-day"]),
      );
    });

    it("finds keys that were claimed without being entered in a day", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      // As by a profile whose identifiers are shared, or before there were subjects' days.
      await admit(db, tenant, rides(0, 3), null);
      const told = [ride("again", 0), ride("elsewhere", 1, "s", "wallet"), ride("new", 8)];
      expect((await admit(db, tenant, told, rules)).outcomes).toEqual([
        "duplicate.same-content",
        "duplicate.activity-key",
        "accepted",
      ]);
    });

    it(
      "lets no two admissions at once slip under a cap or into two places",
      { timeout: 600_000 },
      async () => {
        const db = bench.db();
        for (let round = 0; round < 6; round++) {
          const tenant = await bench.tenant();
          const people = Array.from({ length: 20 }, (_, i) => `p${String(i)}`);
          // Odd rounds: the days are known to the store before. Each worker has two rides of everybody, of
          // which six fit a day, some at once with others'.
          if (round % 2 === 1)
            await admit(
              db,
              tenant,
              people.map((subject) => ride(`${subject} first`, 30, subject)),
              rules,
            );
          await Promise.all(
            [0, 1, 2, 3, 4].map((worker) => admit(db, tenant, ridesOfAll(people, worker), rules)),
          );
          const days = [...(await actsOf(tenant)).values()];
          expect(days).toHaveLength(people.length);
          expect(days.filter((acts) => !isPossible(acts))).toEqual([]);
        }
      },
    );
    const ridesOfAll = (people: readonly string[], worker: number): Reduction[] =>
      people.flatMap((subject) =>
        [0, 1].map((n) =>
          ride(`${subject} ${String(worker)} ${String(n)}`, worker + n * 5.5, subject, `p${String(worker)}`),
        ),
      );
    const actsOf = async (tenant: TenantId): Promise<Map<string, Stored[]>> => {
      const rows = await bench.db().query<Stored>(
        `SELECT subject_key, started_at, ended_at, quantity FROM reductions WHERE tenant = $1
           ORDER BY started_at`,
        [tenant],
      );
      return Map.groupBy(rows, ({ subject_key: key }) => Buffer.from(key).toString("hex"));
    };
    const isPossible = (acts: readonly Stored[]): boolean =>
      acts.reduce((sum, { quantity }) => sum + quantity, 0n) <= 600_000_000n &&
      acts.every(({ ended_at: end }, i) => (acts[i + 1]?.started_at ?? end) - end >= -120n);

    it("keeps acts as they were", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const seen: DayAct[] = [];
      const watching: DayRules = {
        ...rules,
        judge: (act, own) => (seen.push(...own), rules.judge(act, own, [])),
      };
      const acts = [
        ride("a", 0),
        reduction({ id: "b", subject: "s", startedAt: MORNING + 9000, endedAt: null, quantity: 2n ** 52n }),
      ];
      await admit(db, tenant, acts, { ...rules, judge: () => null });
      await admit(db, tenant, [ride("c", 20)], watching);
      expect(seen.toSorted((a, b) => a.startedAt - b.startedAt)).toEqual(acts.map((one) => rules.actOf(one)));
    });
  });
});
