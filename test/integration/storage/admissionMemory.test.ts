import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
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
          for (const { process, undone: isUndone, acts } of steps) {
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
            if (isUndone) {
              undone = true;
              await expect(
                admit(processes[process] as Database, remembering, reductions, rules),
              ).rejects.toThrow("undone");
              undone = false;
            }
            const admission = await admit(processes[process] as Database, remembering, reductions, rules);
            const expected = await admit(otherProcess(bench.db()), forgetful, reductions, rules);
            expect(admission.outcomes).toEqual(expected.outcomes);
          }
        }),
        { numRuns: 8 },
      );
    });

    it("ends where rows are taken away by hand", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const from = MORNING - 400 * DAY;
      const ride = (id: string, hour: number): Reduction =>
        reduction({
          id,
          subject: "s",
          startedAt: from + hour * 3600,
          endedAt: from + hour * 3600 + 1800,
          quantity: 500_000_000n,
        });
      expect((await admit(db, tenant, [ride("a", 0)], rules)).outcomes).toEqual(["accepted"]);
      expect((await admit(db, tenant, [ride("b", 1)], rules)).outcomes).toEqual([
        "plausibility.quantity-a-day",
      ]);
      await db.query("DELETE FROM subject_days");
      expect((await admit(db, tenant, [ride("b", 1)], rules)).outcomes).toEqual(["accepted"]);
    });
  });
});

let used = 0;
function fresh(): number {
  return used++;
}
