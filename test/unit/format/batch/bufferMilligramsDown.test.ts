import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { bufferMilligramsDown } from "../../../../src/format/batch/manifest.ts";
import { codeOf } from "../support/vectors.ts";

describe("the buffer", () => {
  it("is rounded down, never above the total", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 63n - 1n), fc.nat(10_000), (total, bps) => {
        const buffer = bufferMilligramsDown(total as Milligrams, bps);
        expect(
          buffer * 10_000n <= total * BigInt(bps) &&
            (buffer + 1n) * 10_000n > total * BigInt(bps) &&
            buffer <= total,
        ).toBe(true);
      }),
    );
    expect(codeOf(() => bufferMilligramsDown(1n as Milligrams, 10_001))).toBe("manifest.buffer");
    expect(codeOf(() => bufferMilligramsDown(1n as Milligrams, 0.5))).toBe("manifest.buffer");
  });
});
