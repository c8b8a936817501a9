import { describe, expect, it } from "vitest";
import {
  describeMethodologies,
  describeMethodology,
  ruleText,
} from "../../../../src/app/methodologies/describeMethodology.ts";
import { describeCatalogue } from "../../../../src/app/methodologies/describeCatalogue.ts";
import type { Context } from "../../../../src/app/context.ts";
import { fromHex } from "../../../../src/base/lib/bytes.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import type { Methodology } from "../../../../src/base/types/methodology.ts";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import { shippedMethodologies } from "../../../../src/stages/quantify/shippedMethodologies.ts";
import type { RuleState } from "../../../../src/stages/rules/ports.ts";
import { refusedFor } from "../../../support/refusedFor.ts";
import { methodology, methodology2 } from "../../stages/quantify/support/helpers.ts";

it("lists what ships by code and version", async () => {
  const names = (await describeMethodologies(null)).map(({ code, version }) => `${code}@${version}`);
  expect(names.length).toBeGreaterThan(20);
  expect(names).toEqual(names.toSorted());
  expect(new Set((await describeMethodologies(null)).map(({ state }) => state))).toEqual(
    new Set(["shipped"]),
  );
});

it("finds a version by its code, its name and its id's first digits, six characters at least", async () => {
  const [first] = await describeMethodologies(null);
  const { code = "", version = "", methodologyId = "0x" } = first ?? {};
  for (const name of [`${code}@${version}`, methodologyId, methodologyId.slice(0, 6)])
    expect(await describeMethodology(null, name)).toEqual(first);
  for (const name of [methodologyId.slice(0, 5), code.slice(0, -1), `${code}@none`, ""])
    await expect(describeMethodology(null, name)).rejects.toMatchObject({
      code: "methodology.unknown",
      message: `There is no methodology ${JSON.stringify(name)}.`,
      remedy: { act: "list-methodologies" },
    });
});

/** A folder that holds these versions, and a rule of another kind. */
function folderOf(held: readonly (readonly [Methodology, RuleState])[]) {
  const rowOf = (kind: string, id: string, json: string, state: RuleState) => ({
    kind,
    id: fromHex(id, 32),
    json,
    region: "WUHAN",
    name: "x",
    version: "1",
    time_zone: null,
    scenario: null,
    valid_from: 0n,
    valid_to: null,
    state,
    tenant: "bikes",
    proposed_by: null,
    published_by: null,
    published_at: null,
    withdrawn_at: null,
  });
  const rows = [
    rowOf("plausibility", `0x${"00".repeat(32)}`, "{}", "published"),
    ...held.map(([one, state]) => rowOf("methodology", methodologyIdOf(one), canonicalJson(one), state)),
  ];
  const db = { query: () => Promise.resolve(rows) } as unknown as Context["db"];
  return { db, tenant: tenantId("bikes") };
}

describe("the versions of a folder", () => {
  const bike = methodology({ code: "SMALL-BIKE" });

  it("stand beside what ships, in their order, each with its standing", async () => {
    const [shipped] = shippedMethodologies() as [Methodology];
    const all = await describeMethodologies(
      folderOf([
        [bike, "proposed"],
        [shipped, "withdrawn"],
      ]),
    );
    expect(all).toHaveLength(shippedMethodologies().length + 1);
    const names = all.map(({ code, version }) => `${code}@${version}`);
    expect(names).toEqual(names.toSorted());
    const stateOf = (one: Methodology) =>
      all.filter(({ methodologyId }) => methodologyId === methodologyIdOf(one)).map(({ state }) => state);
    expect([stateOf(bike), stateOf(shipped)]).toEqual([["proposed"], ["withdrawn"]]);
    expect(all.find(({ code }) => code === "SMALL-BIKE")).toEqual({
      ...bike,
      methodologyId: methodologyIdOf(bike),
      test: false,
      state: "proposed",
    });
  });

  it("leave what ships as shipped while it is only proposed otherwise", async () => {
    const [shipped] = shippedMethodologies() as [Methodology];
    const all = await describeMethodologies(folderOf([[shipped, "proposed"]]));
    const found = all.filter(({ methodologyId }) => methodologyId === methodologyIdOf(shipped));
    expect(found.map(({ state }) => state).toSorted()).toEqual(["proposed", "shipped"]);
  });

  it("are asked for by version where a code has several", async () => {
    const folder = folderOf([
      [bike, "published"],
      [methodology({ code: "SMALL-BIKE", version: "2" }), "published"],
    ]);
    await expect(describeMethodology(folder, "SMALL-BIKE")).rejects.toEqual(
      refusedFor("methodology.ambiguous"),
    );
    await expect(describeMethodology(folder, "SMALL-BIKE")).rejects.toThrow(
      "SMALL-BIKE stands for 2 versions; write CODE@VERSION, or the first digits of its id.",
    );
    expect(await describeMethodology(folder, "SMALL-BIKE@2")).toMatchObject({ version: "2" });
  });

  it("are asked for by their id where one name has several proposals", async () => {
    const other = methodology({ code: "SMALL-BIKE", gramsPerUnit: "90" });
    const folder = folderOf([
      [bike, "proposed"],
      [other, "proposed"],
    ]);
    const ids = [bike, other].map((one) => methodologyIdOf(one).slice(0, 10));
    await expect(describeMethodology(folder, "SMALL-BIKE")).rejects.toEqual(
      refusedFor("methodology.ambiguous"),
    );
    await expect(describeMethodology(folder, "SMALL-BIKE")).rejects.toThrow(
      /^SMALL-BIKE stands for 2 proposals of one name \(0x[0-9a-f]{8}, 0x[0-9a-f]{8}\); write .+ id\.$/,
    );
    for (const id of ids) await expect(describeMethodology(folder, "SMALL-BIKE")).rejects.toThrow(id);
    expect(await describeMethodology(folder, ids[1] ?? "")).toMatchObject({ gramsPerUnit: "90" });
  });
});

describe("what a version counts by, in a few words", () => {
  it.each([
    [methodology(), "93.3 g/km"],
    [methodology2(), "409.4 g/kWh"],
    [methodology2({ rule: { kind: "table", by: "hour", rows: [] } as never }), "table by hour, g/kWh"],
    [methodology2({ rule: { kind: "table", by: { attribute: "fuel" } } as never }), "table by fuel, g/kWh"],
    [methodology2({ rule: { kind: "saving", gramsPerUnit: "5" } as never }), "5 g/kWh saved"],
    [
      methodology2({ rule: { kind: "budget", gramsPerPeriod: "900", period: "week" } as never }),
      "900 g a week",
    ],
  ])("is told of each kind of rule (%#)", (one, text) => {
    expect(ruleText(one)).toBe(text);
  });
});

it("the field's named methodologies are listed and count nothing", () => {
  const listed = describeCatalogue();
  expect(listed.length).toBeGreaterThan(0);
  for (const one of listed) expect(one.standing).toBe("not executable without a published factor");
  expect(Object.keys(listed[0] ?? {}).length).toBeGreaterThan(1);
});
