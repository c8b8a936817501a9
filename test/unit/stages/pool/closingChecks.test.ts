import { describe, expect, it } from "vitest";
import { batchId, regionCode } from "../../../../src/base/lib/ids.ts";
import { closingChecks } from "../../../../src/stages/pool/closingChecks.ts";

const HEAD = batchId(`0x${"a".repeat(64)}`);
const OTHER = batchId(`0x${"b".repeat(64)}`);
const refusal = (code: string, message: unknown) => expect.objectContaining({ code, message }) as Error;

describe("starting a closing", () => {
  it.each([[HEAD], [null]])("goes on behind the head that was read: %s", (head) => {
    expect(() => closingChecks.head(head, head)).not.toThrow();
  });

  it.each([
    [HEAD, OTHER],
    [HEAD, null],
    [null, OTHER],
  ])("is refused where the head is %s, and %s was read", (head, read) => {
    expect(() => closingChecks.head(head, read)).toThrowError(
      refusal(
        "closing.head-moved",
        `The batch sealed last is ${head ?? "none"}, not ${read ?? "none"}. Read the head again and start ` +
          "anew.",
      ),
    );
  });

  it("is refused where nothing is open, and says of which region", () => {
    expect(() => closingChecks.open(regionCode("SGP"), 1n)).not.toThrow();
    expect(() => closingChecks.open(regionCode("SGP"), 0n)).toThrowError(
      refusal("closing.nothing-open", expect.stringContaining("region SGP")),
    );
  });

  it("is refused where an asset's month is another side's, and names both", () => {
    expect(() => closingChecks.excluded(null)).not.toThrow();
    expect(() => closingChecks.excluded({ provider: "solar", claimant: "wind", month: 665 })).toThrowError(
      refusal("closing.excluded", expect.stringMatching(/^Records of solar .* 2025-06 that wind claims/)),
    );
  });
});
