import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWholeProject } from "../../../src/app/projects/describeProject.ts";
import { takeProjectStep } from "../../../src/app/projects/takeProjectStep.ts";
import { newProjectCity, type ProjectCity } from "./support/projectCity.ts";

const PERIOD = { creditingPeriod: { firstDay: "2025-01-01", lastDay: "2025-04-30" } };

describe("months of a project, by what it was registered with", () => {
  let city: ProjectCity;

  beforeAll(async () => {
    city = await newProjectCity();
  });
  afterAll(() => city.close());

  it("are held against the capacity and the count of installations that are registered", async () => {
    city.at("2024-12-01");
    await city.register("small-roof", {
      ...PERIOD,
      capacity: { value: "2", unit: "kW" },
      installations: { kind: "meter", count: 2 },
    });
    city.at("2025-05-05");
    const rejects = join(city.folder, "small.csv");
    const small = (...rows: readonly string[]) =>
      city.ingest("small-roof", "pv-generation", "kWh", "meter", rows, rejects);
    // 2 kW × 744 h = 1488 kWh.
    expect(
      await small(
        "s1-jan,,S-1,2025-01-01T00:00:00+08:00,,1488.000001",
        "s2-jan,,S-1,2025-01-01T00:00:00+08:00,,1000",
        "s3-jan,,S-2,2025-01-01T00:00:00+08:00,,488.000001",
      ),
    ).toMatchObject({ accepted: 1, reasons: { "project.above-capacity": 2 } });
    expect(readFileSync(rejects, "utf8")).toContain("registered capacity");
    // In a file of its own as well; and a third installation is none of the project's.
    expect((await small("s4-jan,,S-2,2025-01-01T00:00:00+08:00,,488.000001")).reasons).toEqual({
      "project.above-capacity": 1,
    });
    expect(
      await small(
        "s5-jan,,S-2,2025-01-01T00:00:00+08:00,,488",
        "s6-jan,,S-3,2025-01-01T00:00:00+08:00,,0.001",
        "s6-feb,,S-3,2025-02-01T00:00:00+08:00,,1344",
        // Months are counted each on its own.
        "s6-mar,,S-3,2025-03-01T00:00:00+08:00,,1344.5",
      ),
    ).toMatchObject({ accepted: 3, reasons: { "project.above-count": 1 } });
  });

  it("of a mistaken proposal come in under its id once it was retracted and proposed anew", async () => {
    await expect(city.propose("slip", { scenario: "pv-generations" })).rejects.toMatchObject({
      code: "scenario.unknown",
      message: expect.stringMatching(/^slip\.json: "pv-generations"/) as string,
    });
    await expect(city.propose("slip", { excludes: ["bikes"] })).rejects.toMatchObject({
      code: "scenario.unknown",
    });
    // Rides name fleets and bicycles: of a meter nothing would ever be excluded.
    await expect(city.propose("slip", { excludes: ["bike"] })).rejects.toMatchObject({
      code: "project.asset-kind",
      message: expect.stringContaining("bike name fleet, vehicle") as string,
    });
    await city.propose("slip", { place: "WUHAN" });
    await expect(city.propose("slip")).rejects.toMatchObject({ code: "project.id-taken" });
    const retract = () => takeProjectStep(city.context, "slip", { what: "retract" });
    expect(await retract()).toMatchObject({ state: "retracted" });
    expect(await retract()).toMatchObject({ state: "retracted" });
    expect(await city.propose("slip")).toMatchObject({ state: "proposed", place: "NEWCITY" });
    await takeProjectStep(city.context, "slip", { what: "notice" });
    await expect(retract()).rejects.toMatchObject({ code: "project.state" });
    const { decisions } = await describeWholeProject(city.context, "slip");
    expect(decisions.map(({ what, after }) => [what, after])).toEqual([
      ["propose", "proposed"],
      ["retract", "retracted"],
      ["propose", "proposed"],
      ["notice", "noticed"],
    ]);
    expect(decisions[1]?.said).toEqual({ content: expect.stringMatching(/^0x[0-9a-f]{64}$/) as string });
  });
});
