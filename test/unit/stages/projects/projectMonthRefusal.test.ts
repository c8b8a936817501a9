import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { monthOfDay } from "../../../../src/base/lib/time/calendar.ts";
import { localDay } from "../../../../src/base/lib/time/zone.ts";
import type { Day, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { monthStart } from "../../../../src/stages/projects/monthStart.ts";
import { projectMonthRefusal } from "../../../../src/stages/projects/projectMonthRefusal.ts";

const METER = { kind: "meter", key: `0x${"22".repeat(32)}` } as const;
const ALWAYS = { startDay: 0 as Day, endDay: 40_000 as Day };
const LATE = 4_000_000_000 as UnixSeconds;
const code = (
  startedAt: number,
  endedAt: number | null = null,
  zone = "Asia/Shanghai",
  period = ALWAYS,
  now = LATE,
) =>
  projectMonthRefusal(
    { asset: METER, startedAt: startedAt as UnixSeconds, endedAt: endedAt as UnixSeconds | null },
    period,
    zone,
    now,
  )?.code ?? null;
const seconds = (text: string): number => Date.parse(text) / 1000;

describe("a month of an installation", () => {
  it("begins at 00:00 on the first in the region's zone, at New Year too", () => {
    expect(code(seconds("2024-12-31T16:00:00Z"))).toBeNull();
    expect(code(seconds("2024-12-31T16:00:59Z"))).toBeNull();
    for (const text of ["2024-12-31T16:01:00Z", "2025-01-01T00:00:00Z", "2024-12-31T15:59:59Z"])
      expect(code(seconds(text))).toBe("project.month-start");
  });

  it("ends with the month at the latest", () => {
    const january = seconds("2024-12-31T16:00:00Z");
    expect(code(january, seconds("2025-01-31T16:00:00Z"))).toBeNull();
    expect(code(january, january + 1)).toBeNull();
    expect(code(january, seconds("2025-01-31T16:00:01Z"))).toBe("project.two-months");
    // December and January of one night: cut at New Year.
    expect(code(seconds("2024-11-30T16:00:00Z"), seconds("2024-12-31T16:00:01Z"))).toBe("project.two-months");
  });

  it("is over when it comes in", () => {
    const [january, february] = [seconds("2024-12-31T16:00:00Z"), seconds("2025-01-31T16:00:00Z")];
    const at = (now: number) => code(january, null, "Asia/Shanghai", ALWAYS, now as UnixSeconds);
    expect([at(february), at(february - 1)]).toEqual([null, "project.month-runs"]);
  });

  it("names its installation, and lies in a month of the crediting period", () => {
    const record = { startedAt: seconds("2024-12-31T16:00:00Z") as UnixSeconds, endedAt: null };
    expect(projectMonthRefusal({ ...record, asset: null }, ALWAYS, "UTC", LATE)?.code).toBe(
      "project.no-installation",
    );
    const day = (text: string): Day => (seconds(`${text}T00:00:00Z`) / 86_400) as Day;
    const period = { startDay: day("2025-01-12"), endDay: day("2025-02-10") };
    const start = (text: string) => seconds(`${text}T00:00:00+08:00`);
    expect(code(start("2024-12-01"), null, "Asia/Shanghai", period)).toBe("project.outside-crediting-period");
    expect(code(start("2025-01-01"), null, "Asia/Shanghai", period)).toBeNull();
    expect(code(start("2025-02-01"), null, "Asia/Shanghai", period)).toBeNull();
    expect(code(start("2025-03-01"), null, "Asia/Shanghai", period)).toBe("project.outside-crediting-period");
  });

  // By an hour, and by a quarter of one.
  it.each([
    ["Asia/Damascus", 2005, 4, "2005-03-31T22:00:00Z"],
    ["Asia/Kathmandu", 1986, 1, "1985-12-31T18:30:00Z"],
  ])("begins with the day where the clock jumps over midnight: %s, %i-%i", (zone, year, month, first) => {
    const counted = (year - 1970) * 12 + month - 1;
    expect(monthStart(zone, counted)).toBe(seconds(first));
    expect(code(seconds(first), null, zone)).toBeNull();
    expect(code(seconds(first) + 60, null, zone)).toBe("project.month-start");
    expect(code(seconds(first) - 1, null, zone)).toBe("project.month-start");
  });

  it("is the same in every zone: its first instant shows the first, the one before another month", () => {
    const zones = [
      "UTC",
      "Asia/Shanghai",
      "America/Sao_Paulo",
      "Africa/Cairo",
      "Pacific/Apia",
      "Asia/Beirut",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 12, max: 800 }), (zone, month) => {
        const start = monthStart(zone, month);
        expect(monthOfDay(localDay(zone, start))).toBe(month);
        expect(monthOfDay(localDay(zone, (start - 1) as UnixSeconds))).toBe(month - 1);
        expect(code(start, null, zone)).toBeNull();
        expect(code(start, monthStart(zone, month + 1), zone)).toBeNull();
        expect(code(start, monthStart(zone, month + 1) + 1, zone)).toBe("project.two-months");
      }),
    );
  });
});
