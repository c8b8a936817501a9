import { describe, expect, it, vi } from "vitest";
import type { Database } from "../../../../src/adapters/storage/engine/database.ts";
import { openRules } from "../../../../src/app/rules/openRules.ts";
import type { Context } from "../../../../src/app/context.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";

const file = (code: string, scenario: string, unit: string, unitsPerAct: string | null) => ({
  caps: { unitsPerAct },
  code,
  gramsPerUnit: "1",
  region: "CITY",
  scenario,
  schema: "microtonne-methodology/1",
  source: "x",
  timeZone: "Asia/Shanghai",
  title: "x",
  unit,
  validFrom: "2027-06-01",
  validTo: "2027-12-31",
  version: "1",
});

describe("the rules of a folder", () => {
  it("leave out a stored one that can't be used, and say so", async () => {
    const files = [
      file("CITY-EV", "ev-charging", "kWh", "0.12345678"),
      file("CITY-BUS", "bus", "trip", null),
    ];
    const rows = files.map((one, at) => ({
      kind: "methodology",
      id: new Uint8Array(32).fill(at),
      json: JSON.stringify(one),
      name: one.code,
      version: "1",
      region: "CITY",
      state: "published",
      valid_from: 0n,
      valid_to: null,
      proposed_by: null,
      published_by: null,
      published_at: null,
      withdrawn_at: null,
    }));
    const query = (sql: string) => Promise.resolve(sql.includes("max(sequence)") ? [{ last: 2 }] : rows);
    const warn = vi.fn<() => void>();
    const rules = await openRules({ query } as unknown as Database, {
      local: true,
      log: { warn } as unknown as Context["log"],
    });
    const codes = rules.now().methodologies.ofRegion(regionCode("CITY"));
    expect(codes.map(({ methodology }) => methodology.code)).toEqual(["CITY-BUS"]);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ rule: "CITY-EV@1", code: "decimal.too-precise" }),
      expect.any(String),
    );
  });
});
