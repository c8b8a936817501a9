import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Methodology } from "../../../../src/base/types/methodology.ts";
import { MethodologyCatalogue } from "../../../../src/stages/quantify/catalogue.ts";
import { shippedMethodologies } from "../../../../src/stages/quantify/shippedMethodologies.ts";
import { methodologyContent } from "../../../../src/stages/rules/methodologyContent.ts";

const BUS = shippedMethodologies().find(({ code }) => code === "WUHAN-BUS") as Methodology;

/** Publishing and counting mean the same seconds: else one lets in where the other stops. */
function bothSeconds(timeZone: string, validFrom: string, validTo: string) {
  const methodology = { ...BUS, timeZone, validFrom, validTo } as Methodology;
  const [entry] = new MethodologyCatalogue([methodology], { refuseTestMethodologies: false }).list();
  const { validFrom: from, validTo: to } = methodologyContent(methodology);
  return { published: { from, to }, counted: { from: entry?.from, to: entry?.to } };
}

describe("the seconds of a methodology of whole days", () => {
  it.each([
    ["America/Havana", "2024-03-10", "2024-11-02"],
    ["Africa/Monrovia", "1971-01-01", "1972-01-06"],
    ["Pacific/Apia", "2011-01-01", "2011-12-29"],
    ["Africa/Cairo", "2024-04-26", "2024-12-31"],
  ])("are in %s those of the catalogue", (zone, first, last) => {
    const { published, counted } = bothSeconds(zone, first, last);
    expect(published).toEqual(counted);
  });

  it("are those of the catalogue on any day", () => {
    const day = fc.date({ min: new Date("1970-01-02"), max: new Date("2037-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(
        fc.constantFrom("Africa/Monrovia", "America/St_Johns", "Asia/Beirut", "America/Scoresbysund"),
        day.map((date) => date.toISOString().slice(0, 10)),
        (zone, first) => {
          const { published, counted } = bothSeconds(zone, first, first);
          expect(published).toEqual(counted);
        },
      ),
      { numRuns: 200 },
    );
  });
});
