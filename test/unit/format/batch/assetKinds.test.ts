import { describe, expect, it } from "vitest";
import anchors from "../../../../src/format/batch/classes/anchors.json" with { type: "json" };
import list from "../../../../src/format/batch/classes/asset-kinds.json" with { type: "json" };
import { ASSET_KINDS, assetKindsOf } from "../../../../src/format/batch/classes/assetKinds.ts";
import { SCENARIO_CLASSES } from "../../../../src/format/batch/classes/scenarioClasses.ts";

describe("kinds of assets", () => {
  it("are a closed list, of which each shipped class has its own, and another class all", () => {
    expect(Object.keys(list.classes).toSorted()).toEqual(SCENARIO_CLASSES.map(({ name }) => name).toSorted());
    expect(ASSET_KINDS).toEqual(ASSET_KINDS.toSorted());
    for (const kinds of Object.values(list.classes)) {
      expect(kinds).toEqual(kinds.toSorted());
      for (const kind of kinds) expect(ASSET_KINDS).toContain(kind);
    }
    expect(assetKindsOf("bike")).toEqual(["fleet", "vehicle"]);
    expect(assetKindsOf("ferry")).toEqual(ASSET_KINDS);
  });

  it("hold the kind by which a class is keyed", () => {
    for (const [scenario = "", kind = ""] of anchors) expect(assetKindsOf(scenario)).toContain(kind);
  });
});
