import { expect, it } from "vitest";
import { behaviourReport } from "../../../../src/app/behaviour/behaviourReport.ts";
import type { Context } from "../../../../src/app/context.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import { dayText } from "../../../../src/base/lib/time/calendar.ts";
import type { Day } from "../../../../src/base/types/quantities.ts";

/** The report of a year, and the days that the database was asked for. */
async function reportOf(year: number) {
  let days: string[] = [];
  const row = {
    region: "WUHAN",
    scenario: "walk",
    unit: "km",
    acts: 3n,
    quantity: 1_500_000n,
    milligrams: 7n,
  };
  const db = {
    query: (_sql: string, [, first, last]: Day[]) => {
      days = [dayText(first as Day), dayText(last as Day)];
      return Promise.resolve([row]);
    },
  } as unknown as Context["db"];
  const report = await behaviourReport({ db, tenant: tenantId("walkers") }, year);
  return { report, days };
}

it("is of the days of its year, both ends included", async () => {
  for (const year of [1970, 2024, 2025, 9999])
    expect((await reportOf(year)).days).toEqual([`${String(year)}-01-01`, `${String(year)}-12-31`]);
  expect((await reportOf(2025)).report).toEqual({
    year: 2025,
    counts: [{ region: "WUHAN", scenario: "walk", acts: 3, quantity: "1.5", unit: "km", milligrams: "7" }],
  });
});

it.each([1969, 10_000, 2025.5, Number.NaN])("%d is no year", async (year) => {
  await expect(reportOf(year)).rejects.toMatchObject({
    code: "behaviour.year",
    message: "A year is written as 2025.",
  });
});
