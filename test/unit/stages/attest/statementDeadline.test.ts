import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SECONDS_PER_DAY, SECONDS_PER_HOUR } from "../../../../src/base/lib/time/units.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { statementDeadline } from "../../../../src/stages/attest/statementDeadline.ts";

describe("the deadline of a batch's statement", () => {
  it("is the end of the UTC day in which the period ends: never before it, less than a day after", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.integer({ min: 1, max: 720 }), (now, hours) => {
        const deadline = statementDeadline(now as UnixSeconds, hours * SECONDS_PER_HOUR);
        expect(deadline % SECONDS_PER_DAY).toBe(0);
        const more = deadline - now - hours * SECONDS_PER_HOUR;
        expect(more).toBeGreaterThanOrEqual(0);
        expect(more).toBeLessThan(SECONDS_PER_DAY);
      }),
    );
  });
});
