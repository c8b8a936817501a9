import { describe, expect, it } from "vitest";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { checkCreatedAt } from "../../../../src/stages/attest/checkCreatedAt.ts";
import { toldCodeOf } from "../../format/support/vectors.ts";

const NOW = 1_800_000_000;
const checked = (createdAt: number, previous: number | null = null) =>
  toldCodeOf(() =>
    checkCreatedAt(
      { createdAt: createdAt as UnixSeconds },
      NOW as UnixSeconds,
      previous as UnixSeconds | null,
    ),
  );

describe("the time at which a batch says that it was closed", () => {
  it("is not to come, but for a clock that is some minutes ahead", () => {
    expect(checked(NOW + 600)).toBe("accepted");
    for (const later of [NOW + 601, 4_070_908_800, Number.MAX_SAFE_INTEGER])
      expect(checked(later)).toBe("attest.created-later");
  });

  it("is not before the batch that it follows, where that is known", () => {
    expect(checked(NOW - 9, NOW - 9)).toBe("accepted");
    expect(checked(NOW - 10, NOW - 9)).toBe("attest.created-earlier");
    expect(checked(0)).toBe("accepted");
  });
});
