import { describe, expect, it } from "vitest";
import { assetClaim } from "../../../../src/app/ingest/assetClaim.ts";
import type { ProviderId } from "../../../../src/base/types/ids.ts";
import type { Day } from "../../../../src/base/types/quantities.ts";
import { record } from "../../stages/quantify/support/helpers.ts";

const KEY = `0x${"ab".repeat(32)}` as const;
const METER = { asset: { kind: "meter", key: KEY } };
const JUNE = 55 * 12 + 5;
/** 2025-06-30: the month's last. */
const DAY = (Date.parse("2025-06-30") / 86_400_000) as Day;
const PROJECT = {
  id: "roof-pv" as ProviderId,
  excludes: ["rooftop", "bike"],
  capacity: { value: "1", unit: "kW" as const },
  installationCount: 3,
};
const claimOf = (
  parts: Parameters<typeof record>[0],
  category: Parameters<typeof assetClaim>[1] = "act",
  project: Parameters<typeof assetClaim>[4] = null,
) => assetClaim(record(parts), category, DAY, "Asia/Shanghai", project);

describe("a claim on an asset", () => {
  it("is of an act its own class in its local month", () => {
    expect(claimOf(METER)).toEqual({
      asset: KEY,
      month: JUNE,
      side: "act",
      classes: ["bike"],
      certificates: "voids",
      certified: 0n,
    });
    expect(claimOf({ ...METER, scenario: "ev-charging" })?.certificates).toBe("indifferent");
    // What a project excludes is its own claim's, not that of its provider's acts.
    expect(claimOf(METER, "act", PROJECT)).toEqual(claimOf(METER));
  });

  it("is of a project's month all that it excludes as well, and has the month's limit", () => {
    expect(claimOf({ ...METER, scenario: "pv", unit: "kWh" }, "project", PROJECT)).toEqual({
      asset: KEY,
      month: JUNE,
      side: "project",
      classes: ["bike", "pv", "rooftop"],
      certificates: "voids",
      certified: 0n,
      limit: { project: "roof-pv", most: 720_000_000n, installations: 3 },
    });
    expect(claimOf(METER, "project", PROJECT)).toMatchObject({
      classes: ["bike", "rooftop"],
      limit: { project: "roof-pv", most: null, installations: 3 },
    });
  });

  it("of a project that nobody knows has no limit and excludes nothing", () => {
    const claim = claimOf(METER, "project");
    expect(claim).toMatchObject({ side: "project", classes: ["bike"] });
    expect(claim).not.toHaveProperty("limit");
  });

  it("is none where the record names no asset, and none of behaviour", () => {
    expect(claimOf({})).toBeNull();
    expect(claimOf({ asset: null })).toBeNull();
    expect(claimOf(METER, "behaviour")).toBeNull();
  });

  it.each([
    ["0", 0n],
    ["12.5", 12_500_000n],
    ["0.000001", 1n],
    ["999999999999.999999", 999_999_999_999_999_999n],
    ["1000000000000", 0n],
    ["0.0000001", 0n],
    ["01", 0n],
    ["1.", 0n],
    [" 1", 0n],
    ["1 ", 0n],
    ["x1", 0n],
    ["-1", 0n],
    ["", 0n],
  ])("leaves out what certificates stand for, where that is a plain number: %j", (text, certified) => {
    expect(claimOf({ ...METER, attributes: { "certified-kwh": text } })?.certified).toBe(certified);
  });
});
