import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRetryAfter, RETRY_DELAYS, retryDelay } from "../../../../src/stages/webhooks/retrySchedule.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";

const NOW = 1_700_000_000 as UnixSeconds;

describe("the next attempt", () => {
  it("comes after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, and then never", () => {
    const delays = Array.from({ length: 11 }, (_, i) => retryDelay(i + 1, 0, null));
    expect(delays).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, null, null]);
  });

  it("comes up to a tenth later by chance, never sooner, not before the receiver's wish", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: RETRY_DELAYS.length }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.option(fc.nat(200_000)),
        (attempts, chance, retryAfter) => {
          const least = RETRY_DELAYS[attempts - 1] as number;
          const delay = retryDelay(attempts, chance, retryAfter) as number;
          expect(Number.isSafeInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(Math.max(least, Math.min(retryAfter ?? 0, 86_400)));
          expect(delay).toBeLessThanOrEqual(
            Math.max(Math.ceil(least * 1.1), Math.min(retryAfter ?? 0, 86_400)),
          );
        },
      ),
    );
  });
});

describe("a Retry-After header", () => {
  it.each([
    ["120", 120],
    [" 7 ", 7],
    ["0", 0],
    [new Date((NOW + 90) * 1000).toUTCString(), 90],
    [new Date((NOW - 90) * 1000).toUTCString(), 0],
    ["soon", null],
    ["-5", null],
    ["", null],
    [null, null],
  ])("%j asks for %j seconds", (header, seconds) => {
    expect(parseRetryAfter(header, NOW)).toBe(seconds);
  });
});
