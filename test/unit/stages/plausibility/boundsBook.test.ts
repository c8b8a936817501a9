import { describe, expect, it } from "vitest";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import { BoundsBook } from "../../../../src/stages/plausibility/boundsBook.ts";
import { parseRegionalRules } from "../../../../src/stages/plausibility/parseRegionalRules.ts";
import { shippedPlausibility } from "../../../../src/stages/plausibility/shippedPlausibility.ts";

const WUHAN = regionCode("WUHAN");
const day = (text: string): number => Date.parse(text) / 86_400_000;
const version = (number: number, validFrom: string) =>
  parseRegionalRules({
    schema: "microtonne-regional-plausibility/1",
    region: "WUHAN",
    version: number,
    timeZone: "Asia/Shanghai",
    validFrom,
    classes: [],
  });

describe("a region's own plausibility rules", () => {
  it("are those of the highest version that has begun, even where a lower one began later", () => {
    const versions = [version(1, "2027-06-01"), version(2, "2027-03-01"), version(3, "2027-09-01")];
    for (const regional of [versions, versions.toReversed()]) {
      const book = new BoundsBook(shippedPlausibility(), regional);
      const inForce = (text: string) => book.versionFor(WUHAN, day(text)).hash;
      expect(inForce("2027-03-01")).toBe(versions[1]?.hash);
      expect(inForce("2027-06-01")).toBe(versions[1]?.hash);
      expect(inForce("2027-08-31")).toBe(versions[1]?.hash);
      expect(inForce("2027-09-01")).toBe(versions[2]?.hash);
    }
  });
});
