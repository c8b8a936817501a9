import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Database, Session } from "../../../src/adapters/storage/engine/database.ts";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import type { TenantId } from "../../../src/base/types/ids.ts";
import type { Reduction } from "../../../src/base/types/reduction.ts";
import { BoundsBook } from "../../../src/stages/plausibility/boundsBook.ts";
import { shippedPlausibility } from "../../../src/stages/plausibility/shippedPlausibility.ts";
import { subjectDayRules } from "../../../src/stages/plausibility/subjectDayRules.ts";
import { KEY_WIDTHS } from "./support/keyWidths.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { failing, otherProcess } from "./support/otherProcess.ts";
import { MORNING, REGION } from "./support/samples.ts";

const rules = subjectDayRules(new BoundsBook(shippedPlausibility()), REGION, "Asia/Shanghai");
const DAY = 86_400;

/**
 * One admission: who runs it, whether it is undone, and its acts, each a person, a day, a time and an id, and
 * 250 km of 600 a day.
 */
const step = fc.record({
  process: fc.nat(1),
  undone: fc.boolean(),
  acts: fc.array(
    fc.record({
      person: fc.nat(2),
      day: fc.nat(2),
      hour: fc.nat(9),
      late: fc.boolean(),
      id: fc.nat(30),
      provider: fc.constantFrom("metro", "bus"),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

describe.each(KEY_WIDTHS)("what processes remember, $keys", ({ admit, reduction }) => {
  onEachEngine((bench) => {
    it("changes no outcome, whoever else writes and whatever is undone", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
          const [remembering, forgetful] = [await bench.tenant(), await bench.tenant()];
          let undone = false;
          const processes = [0, 1].map(() => failing(bench.db(), () => undone));
          // No two examples share days: ranges of days are for good.
          const from = MORNING - (1 + fresh()) * 4 * DAY;
          for (const [at, { process, undone: isUndone, acts }] of steps.entries()) {
            const reductions = acts.map(({ person, day, hour, late, id, provider }): Reduction => {
              const startedAt = from + day * DAY + hour * 3600 + (late ? 300 : 0);
              return reduction({
                id: String(id),
                subject: String(person),
                provider,
                startedAt,
                endedAt: startedAt + 1800,
                quantity: 250_000_000n,
              });
            });
            const by = processes[process] as Database;
            if (isUndone) {
              undone = true;
              expect(await outcomesOf(by, remembering, reductions), where(at, steps)).toBe("Error: undone");
              undone = false;
            }
            const outcomes = await outcomesOf(by, remembering, reductions);
            const expected = await outcomesOf(otherProcess(bench.db()), forgetful, reductions);
            expect(outcomes, `${where(at, steps)}: ${String(outcomes)}, not ${String(expected)}`).toEqual(
              expected,
            );
            expect(outcomes, where(at, steps)).toBeInstanceOf(Array);
          }
        }),
        // What is stored decides, so that a smaller example is another one: the first is what failed.
        { numRuns: 8, endOnFailure: true, includeErrorInReport: true },
      );
    });
    /** What became of each, or the error that came instead, as text. */
    const outcomesOf = async (db: Database, tenant: TenantId, reductions: readonly Reduction[]) => {
      try {
        return (await admit(db, tenant, reductions, rules)).outcomes;
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const { code, detail } = error as { code?: string; detail?: string };
        return [String(error), code, detail].filter((part) => part !== undefined).join(", ");
      }
    };
    const where = (at: number, steps: readonly unknown[]): string =>
      `step ${String(at)} of ${JSON.stringify(steps)}`;

    /** 500 km of 600 a day, where not given. */
    const ride = (id: string, from: number, hour: number, subject = "s", km = 500n): Reduction =>
      reduction({
        id,
        subject,
        startedAt: from + hour * 3600,
        endedAt: from + hour * 3600 + 1800,
        quantity: km * 1_000_000n,
      });
    const outcome = async (db: Database, tenant: TenantId, one: Reduction) =>
      (await admit(db, tenant, [one], rules)).outcomes[0];

    it.each([
      ["taken away", "DELETE FROM subject_days"],
      ["taken away from their range", "DELETE FROM range_of_days"],
      ["changed in their range", "UPDATE range_of_days SET tenant = tenant + 1000000"],
      ["emptied", "TRUNCATE subject_days"],
    ])("ends where rows are %s by hand", async (_, script) => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const from = MORNING - (10 + fresh()) * 40 * DAY;
      expect(await outcome(db, tenant, ride("a", from, 0))).toBe("accepted");
      expect(await outcome(db, tenant, ride("b", from, 1))).toBe("plausibility.quantity-a-day");
      const [row] = await db.query<{ range: string }>(
        `SELECT d.tableoid::regclass::text AS range FROM subject_days d JOIN tenants t ON t.number = d.tenant
         WHERE t.tenant = $1`,
        [tenant],
      );
      await db.execute(script.replaceAll("range_of_days", row?.range ?? ""));
      expect(await outcome(db, tenant, ride("b", from, 1))).toBe("accepted");
    });

    it("ends where rows are put in by hand", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const days = (10 + fresh()) * 40;
      const from = MORNING - days * DAY;
      expect(await outcome(db, tenant, ride("a", MORNING, 0))).toBe("accepted");
      // The day was bare, so all that is stored of it is known.
      expect(await outcome(db, tenant, ride("x", from, 0, "t"))).toBe("accepted");
      await db.query(
        `INSERT INTO subject_days (subject, day, tenant, act)
         SELECT d.subject, d.day - $2::integer, d.tenant, d.act FROM subject_days d
         JOIN tenants t ON t.number = d.tenant WHERE t.tenant = $1 AND d.day >= $3`,
        [tenant, days, Math.floor(MORNING / DAY) - 1],
      );
      expect(await outcome(db, tenant, ride("b", from, 1))).toBe("plausibility.quantity-a-day");
    });

    it.for([true, false])(
      "ends where rows are taken away while an admission is under way (with a turn: %j)",
      async (hasTurn, { skip }) => {
        skip(bench.db().engine !== "postgres", "only one process is in the embedded database");
        const tenant = await bench.tenant();
        const db = bench.db();
        const from = MORNING - (10 + fresh()) * 40 * DAY;
        const by = hasTurn ? db : otherProcess(db);
        expect(await outcome(db, tenant, ride("a", from, 0))).toBe("accepted");
        if (!hasTurn) await db.query("DELETE FROM subject_turns");
        const second = await openPostgres(bench.place());
        const meanwhile = beforeDaysAreSaved(by, () => second.execute("DELETE FROM subject_days"));
        expect(await outcome(meanwhile, tenant, ride("z", from, 5, "s", 1n))).toBe("accepted");
        await second.close();
        expect(await outcome(meanwhile, tenant, ride("b", from, 1))).toBe("accepted");
        expect(await outcome(otherProcess(db), tenant, ride("c", from, 2))).toBe(
          "plausibility.quantity-a-day",
        );
      },
    );
  });
});

/** A database where something happens in each admission before it stores its subjects' days; once. */
function beforeDaysAreSaved(db: Database, happen: () => Promise<unknown>): Database {
  let happened = false;
  const within = (tx: Session): Session =>
    new Proxy(tx, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property);
        if (typeof value !== "function") return value;
        return async (...given: unknown[]): Promise<unknown> => {
          if (property === "copyBytes" && given[0] === "subject_days" && !happened) {
            happened = true;
            await happen();
          }
          return value.apply(target, given) as unknown;
        };
      },
    });
  return new Proxy(db, {
    get(target, property) {
      if (property === "transaction")
        return (work: (tx: Session) => Promise<unknown>) => target.transaction((tx) => work(within(tx)));
      const value: unknown = Reflect.get(target, property);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

let used = 0;
function fresh(): number {
  return used++;
}
