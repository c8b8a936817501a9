import { describe, expect, it, vi } from "vitest";
import { stepRule } from "../../../src/adapters/storage/rules/stepRule.ts";
import { openRules } from "../../../src/app/rules/openRules.ts";
import type { Context } from "../../../src/app/context.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { parseMethodology } from "../../../src/format/batch/methodology.ts";
import { methodologyContent } from "../../../src/stages/rules/methodologyContent.ts";
import { onEachEngine } from "../storage/support/onEachEngine.ts";
import { ruleSteps } from "../storage/support/ruleSteps.ts";

const CITY = regionCode("OPENCITY");
const rule = (code: string, scenario: string, unit: string, unitsPerAct: string | null) =>
  methodologyContent(
    parseMethodology({
      caps: { unitsPerAct },
      code,
      gramsPerUnit: "1",
      region: CITY,
      scenario,
      schema: "microtonne-methodology/1",
      source: "x",
      timeZone: "Asia/Shanghai",
      title: "x",
      unit,
      validFrom: "2027-06-01",
      validTo: "2027-12-31",
      version: "1",
    }),
  );

describe("the rules of a folder", () => {
  onEachEngine((bench) => {
    it("leave out a stored one that can't be used, and say so", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const steps = { ...ruleSteps, local: true };
      const shown = { what: "shown", by: `0x${"0b".repeat(20)}`, at: 1 as UnixSeconds } as const;
      // Stored by a program that did not look at caps.
      await stepRule(db, tenant, rule("CITY-EV", "ev-charging", "kWh", "0.12345678"), shown, steps);
      await stepRule(db, tenant, rule("CITY-BUS", "bus", "trip", null), shown, steps);
      const warn = vi.fn<() => void>();
      const rules = await openRules(db, { local: true, log: { warn } as unknown as Context["log"] });
      const usable = rules.now().methodologies.ofRegion(CITY);
      expect(usable.map(({ methodology }) => methodology.code)).toEqual(["CITY-BUS"]);
      expect(warn).toHaveBeenCalledExactlyOnceWith(
        expect.objectContaining({ rule: "CITY-EV@1", code: "decimal.too-precise" }),
        expect.any(String),
      );
    });
  });
});
