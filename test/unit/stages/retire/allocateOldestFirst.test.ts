import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { milligrams, parseTonnes } from "../../../../src/base/lib/mass.ts";
import type { BatchId } from "../../../../src/base/types/ids.ts";
import type { Day } from "../../../../src/base/types/quantities.ts";
import { allocateOldestFirst, type Holding } from "../../../../src/stages/retire/allocateOldestFirst.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const id = (n: number) => `0x${n.toString(16).padStart(64, "0")}` as BatchId;
const holding = (n: number, startDay: number, mass: bigint): Holding => ({
  batchId: id(n),
  startDay: startDay as Day,
  milligrams: milligrams(mass),
});

describe("a retirement's plan", () => {
  it("drains the oldest vintage first and answers ascending batch ids", () => {
    const plan = allocateOldestFirst(parseTonnes("2.62"), [
      holding(1, 20, 2_000_000_000n),
      holding(2, 10, 1_000_000_000n),
      holding(3, 30, 9n),
    ]);
    expect(plan).toEqual([
      { batchId: id(1), milligrams: 1_620_000_000n },
      { batchId: id(2), milligrams: 1_000_000_000n },
    ]);
  });

  it("adds up to the amount exactly and never takes more than is held", () => {
    const holdings = fc.uniqueArray(
      fc.record({ n: fc.nat(50), day: fc.nat(5), mass: fc.bigInt(0n, 10n ** 12n) }),
      {
        selector: (h) => h.n,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(holdings, fc.bigInt(1n, 10n ** 13n), (list, amount) => {
        const held = list.map(({ n, day, mass }) => holding(n, day, mass));
        const total = held.reduce((sum, one) => sum + one.milligrams, 0n);
        if (amount > total) {
          expect(() => allocateOldestFirst(milligrams(amount), held)).toThrowError(
            refusedFor("retire.insufficient"),
          );
          return;
        }
        const plan = allocateOldestFirst(milligrams(amount), held);
        expect(plan.reduce((sum, part) => sum + part.milligrams, 0n)).toBe(amount);
        for (const part of plan)
          expect(part.milligrams).toBeLessThanOrEqual(
            held.find((one) => one.batchId === part.batchId)?.milligrams ?? 0n,
          );
        expect(plan.every((part, i) => i === 0 || (plan[i - 1]?.batchId ?? "") < part.batchId)).toBe(true);
      }),
    );
  });

  it("refuses zero", () => {
    expect(() => allocateOldestFirst(milligrams(0n), [holding(1, 1, 5n)])).toThrowError(
      refusedFor("retire.nothing"),
    );
  });
});
