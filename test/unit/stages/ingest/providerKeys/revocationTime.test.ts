import { describe, expect, it } from "vitest";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { revocationTime } from "../../../../../src/stages/ingest/providerKeys/revocationTime.ts";
import { refusedFor } from "../../../../support/refusedFor.ts";

const NOW = 10_000 as UnixSeconds;
const at = (seconds: number): UnixSeconds => (NOW + seconds) as UnixSeconds;

describe("the time of a revocation", () => {
  it("is now for a compromise, and past every clock that may be ahead for a retirement", () => {
    expect(revocationTime("compromised", null, NOW)).toBe(NOW);
    expect(revocationTime("retired", null, NOW)).toBe(at(301));
  });

  it("may be earlier for a compromise, and later for a retirement", () => {
    expect(revocationTime("compromised", at(-5), NOW)).toBe(at(-5));
    expect(revocationTime("retired", at(301), NOW)).toBe(at(301));
  });

  it.each(["compromised", "retired"] as const)("is refused on the other side: %s", (reason) => {
    const wrong = reason === "compromised" ? at(1) : at(300);
    expect(() => revocationTime(reason, wrong, NOW)).toThrowError(refusedFor("provider-key.time"));
  });
});
