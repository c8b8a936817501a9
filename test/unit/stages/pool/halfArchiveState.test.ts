import { describe, expect, it } from "vitest";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { halfArchiveState } from "../../../../src/stages/pool/halfArchiveState.ts";

const BEFORE = 1_000 as UnixSeconds;

describe("a half-written archive", () => {
  it.each([
    [999, false, "stale"],
    [999, true, "locked"],
    [1_000, false, "young"],
    [1_000, true, "young"],
    [1_001, false, "young"],
  ] as const)("written to at %s, held %s, is %s", (changedAt, isLocked, state) => {
    expect(halfArchiveState({ changedAt: changedAt as UnixSeconds, before: BEFORE, isLocked })).toBe(state);
  });
});
