import { describe, expect, it } from "vitest";
import { providerId } from "../../../../src/base/lib/ids.ts";
import { projectMonthLimit } from "../../../../src/stages/projects/projectMonthLimit.ts";
import type { ProjectContent } from "../../../../src/stages/projects/ports.ts";

const JANUARY_2025 = 55 * 12;
const most = (value: string, unit: ProjectContent["capacity"]["unit"], month = JANUARY_2025, zone = "UTC") =>
  projectMonthLimit(
    { id: providerId("roof-pv"), capacity: { value, unit }, installationCount: 3 },
    "kWh",
    zone,
    month,
  ).most;

describe("what a project's installations may come to in a month", () => {
  it("is capacity times the hours of that month, in whole millionths of a kWh", () => {
    expect(most("0.8", "MW")).toBe(800n * 744n * 1_000_000n);
    expect(most("1", "kW", JANUARY_2025 + 1)).toBe(672n * 1_000_000n);
    // February of a leap year.
    expect(most("1", "kW", JANUARY_2025 - 11)).toBe(696n * 1_000_000n);
    expect(most("0.0000000001", "kW")).toBe(0n);
    expect(most("0.0000001", "MW")).toBe(74_400n);
  });

  it("follows the clocks of the zone", () => {
    const march = JANUARY_2025 + 2;
    expect(most("1", "kW", march, "Asia/Shanghai")).toBe(744n * 1_000_000n);
    expect(most("1", "kW", march, "Europe/Paris")).toBe(743n * 1_000_000n);
    expect(most("1", "kW", march + 7, "Europe/Paris")).toBe(745n * 1_000_000n);
    // Half an hour.
    expect(most("1", "kW", march + 7, "Australia/Lord_Howe")).toBe(743_500_000n);
  });

  it("is not known of what is no power or no energy; the count always is", () => {
    for (const unit of ["vehicles", "berths", "t"] as const) expect(most("600", unit)).toBeNull();
    const ofKilometres = projectMonthLimit(
      { id: providerId("bikes"), capacity: { value: "5", unit: "kW" }, installationCount: 3 },
      "km",
      "UTC",
      JANUARY_2025,
    );
    expect(ofKilometres).toEqual({ project: "bikes", most: null, installations: 3 });
  });
});
