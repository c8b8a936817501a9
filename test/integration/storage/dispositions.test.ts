import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchHead } from "../../../src/adapters/storage/batches/batches.ts";
import { bothSums, dispositionSums, ledgerSums } from "./support/dispositionSums.ts";
import { moveDispositions } from "../../../src/adapters/storage/reductions/moveDispositions.ts";
import { startClosing } from "./support/startClosing.ts";
import { checkDispositionOrder } from "../../../src/stages/dedupe/checkDispositionOrder.ts";
import { StateError } from "../../../src/base/errors/errors.ts";
import { providerId } from "../../../src/base/lib/ids.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import type { Disposition } from "../../../src/base/types/reduction.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { admit, hash, MORNING, reduction, REGION } from "./support/samples.ts";

const records = (ids: readonly string[]) =>
  ids.map((recordId) => ({ provider: providerId("metro"), recordId }));
const order = (to: Disposition, ids: readonly string[]) => ({
  from: "open" as const,
  to,
  records: records(ids),
  reference: "test",
});

describe("the disposition ledger", () => {
  onEachEngine((bench) => {
    it("moves all of a list, with the ledger", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await admit(db, tenant, [
        reduction({ id: "a" }),
        reduction({ id: "b", milligrams: 5n }),
        reduction({ id: "c" }),
      ]);
      expect(await moveDispositions(db, tenant, order("donated", ["a", "b"]), checkDispositionOrder)).toBe(
        78_405n,
      );
      const expected = {
        open: { reductions: 1n, milligrams: 78_400n },
        donated: { reductions: 2n, milligrams: 78_405n },
      };
      expect(await dispositionSums(db, tenant)).toEqual(expected);
      expect(await ledgerSums(db, tenant)).toEqual(expected);
    });

    it("moves none where one record is unknown or used already", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      await admit(db, tenant, [reduction({ id: "a" }), reduction({ id: "b" })]);
      await moveDispositions(db, tenant, order("redeemed", ["b"]), checkDispositionOrder);
      await expect(
        moveDispositions(db, tenant, order("donated", ["a", "b"]), checkDispositionOrder),
      ).rejects.toMatchObject({
        code: "disposition.not-there",
      });
      await expect(
        moveDispositions(db, tenant, order("donated", ["a", "nobody's"]), checkDispositionOrder),
      ).rejects.toMatchObject({
        code: "disposition.not-there",
      });
      const { rows, ledger } = await bothSums(db, tenant);
      expect(rows).toEqual({
        open: { reductions: 1n, milligrams: 78_400n },
        redeemed: { reductions: 1n, milligrams: 78_400n },
      });
      expect(ledger).toEqual(rows);
    });

    it("never lets what is used up or pooled be moved again", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const moves: [Disposition, Disposition][] = [
        ["redeemed", "open"],
        ["donated", "pooled"],
        ["pooled", "open"],
        ["open", "pooled"],
        ["open", "open"],
      ];
      for (const [from, to] of moves) {
        await expect(
          moveDispositions(db, tenant, { ...order(to, ["a"]), from }, checkDispositionOrder),
        ).rejects.toMatchObject({
          code: "disposition.not-allowed",
        });
      }
      await expect(
        moveDispositions(db, tenant, order("donated", []), checkDispositionOrder),
      ).rejects.toMatchObject({
        code: "disposition.list",
      });
      await expect(
        moveDispositions(db, tenant, order("donated", ["a", "a"]), checkDispositionOrder),
      ).rejects.toMatchObject({
        code: "disposition.list",
      });
    });

    it("keeps rows and ledger equal, one owner each, under concurrent movers and a closing", async () => {
      const tenant = await bench.tenant();
      const db = bench.db();
      const ids = Array.from({ length: 60 }, (_, i) => `r${String(i)}`);
      const admitted = await admit(
        db,
        tenant,
        ids.map((id, i) => reduction({ id, milligrams: BigInt(i + 1) })),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              to: fc.constantFrom<Disposition>("redeemed", "donated"),
              ids: fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1, maxLength: 4 }),
            }),
            { minLength: 6, maxLength: 10 },
          ),
          fc.boolean(),
          async (moves, close) => {
            const movers = moves.map(async (move) =>
              moveDispositions(db, tenant, order(move.to, move.ids), checkDispositionOrder).catch(refusal),
            );
            const closers = close ? [startClosing(db, tenant, await closing()).catch(refusal)] : [];
            const watchers = [1, 2, 3].map(async () => {
              const { rows, ledger } = await bothSums(db, tenant);
              expect(rows).toEqual(ledger);
              return total(rows);
            });
            await Promise.all([...movers, ...closers]);
            for (const seen of await Promise.all(watchers))
              expect(seen).toEqual({ reductions: 60n, milligrams: admitted.result.milligrams });
          },
        ),
        { numRuns: 6 },
      );
      const { rows, ledger } = await bothSums(db, tenant);
      expect(rows).toEqual(ledger);

      async function closing() {
        return {
          closingId: hash(`${tenant} closing`),
          region: REGION,
          startDay: 20_089 as Day,
          endDay: 20_453 as Day,
          timeZone: "Asia/Shanghai",
          createdAt: MORNING as UnixSeconds,
          previousBatchId: await batchHead(db, tenant),
        };
      }
    });
  });
});

/** A refused move is an answer; anything else is a fault. */
function refusal(error: unknown): null {
  if (error instanceof StateError) return null;
  throw error;
}

function total(sums: Awaited<ReturnType<typeof dispositionSums>>) {
  const parts = Object.values(sums);
  return {
    reductions: parts.reduce((sum, part) => sum + part.reductions, 0n),
    milligrams: parts.reduce((sum, part) => sum + part.milligrams, 0n),
  };
}
