/** How a folder tells its rules and who decided what, and what it says of those that it does not take. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "../../../src/app/context.ts";
import { addRule } from "../../../src/app/rules/addRule.ts";
import { describeRules, describeWholeRule } from "../../../src/app/rules/describeRule.ts";
import { knownRule } from "../../../src/app/rules/knownRule.ts";
import { proposeRule } from "../../../src/app/rules/proposeRule.ts";
import { publishRule } from "../../../src/app/rules/publishRule.ts";
import { retractRule } from "../../../src/app/rules/retractRule.ts";
import { takeProposal } from "../../../src/app/rules/takeProposal.ts";
import { withdrawRule } from "../../../src/app/rules/withdrawRule.ts";
import { utf8 } from "../../../src/base/lib/bytes.ts";
import { tenantId } from "../../../src/base/lib/ids.ts";
import { utcText } from "../../../src/base/lib/time/calendar.ts";
import { parseInstant } from "../../../src/base/lib/time/parseInstant.ts";
import type { Rule, RuleKind } from "../../../src/stages/rules/ports.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";
import { PLAIN_TERMS } from "../../support/plainTerms.ts";

const KINDS: readonly RuleKind[] = ["methodology", "scenario-classes"];
const NOW = parseInstant("2025-05-30T12:00:00Z");
const version = (code: string, more: object = {}) => ({
  schema: "microtonne-methodology/2",
  code,
  version: "1",
  title: code,
  region: "TELLCITY",
  timeZone: "Asia/Shanghai",
  scenario: code === "TELLCITY-BUS" ? "bus" : "bike",
  unit: code === "TELLCITY-BUS" ? "trip" : "km",
  source: "Invented for this test.",
  category: "act",
  validFrom: "2025-06-01T00:00Z",
  validTo: "2025-12-31T16:00Z",
  days: { first: "2025-06-01", last: "2025-12-31" },
  rule: { kind: "linear", gramsPerUnit: "100" },
  ...PLAIN_TERMS,
  ...more,
});
const file = (rule: unknown, name = "rule.json") => ({ name, bytes: utf8(JSON.stringify(rule)) });
const BUS = version("TELLCITY-BUS");
const BIKE = version("TELLCITY-BIKE");
let place: Place;
let context: Context;
let bus: Rule;
let bike: Rule;
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "nothing was refused",
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

beforeAll(async () => {
  place = await newPlace(null, { MICROTONNE_RULES_REACH_BACK: "taken" });
  context = await place.open({ now: () => NOW });
  bus = await proposeRule(context, file(BUS), KINDS);
  bike = await proposeRule(context, file(BIKE), KINDS);
});
afterAll(async () => {
  await context.close();
  await place.remove();
});

describe("a rule of a folder", () => {
  it("is told while it is proposed, beside what ships", async () => {
    const { operator } = await context.chain();
    const told = {
      kind: "methodology",
      region: "TELLCITY",
      state: "proposed",
      validFrom: "2025-06-01T00:00:00Z",
      validTo: "2025-12-31T16:00:00Z",
      proposedBy: operator.address.toLowerCase(),
      publishedBy: null,
      publishedAt: null,
      withdrawnAt: null,
    };
    expect(await describeRules(context, ["methodology"])).toEqual([
      { ...told, name: "TELLCITY-BIKE@1", id: bike.id },
      { ...told, name: "TELLCITY-BUS@1", id: bus.id },
    ]);
    const [shipped, ...others] = await describeRules(context, ["scenario-classes"]);
    expect(others).toEqual([]);
    expect(shipped).toMatchObject({ kind: "scenario-classes", state: "shipped", proposedBy: null });
    expect(await describeRules(context, KINDS)).toHaveLength(3);
    expect(await describeRules(null, KINDS)).toEqual([shipped]);
    expect(await describeRules(null, ["methodology"])).toEqual([]);
    expect(await describeRules(context, ["recognition"])).toEqual([]);
    for (const name of [shipped?.name ?? "", shipped?.id ?? ""])
      expect(await describeWholeRule(null, name, KINDS)).toMatchObject({
        ...shipped,
        content: { schema: "microtonne-scenario-classes/1", region: "SHIPPED" },
        decisions: [],
        lastDecisionHash: null,
      });
    expect(await refusal(describeWholeRule(null, "TELLCITY-BUS", KINDS))).toBe(
      'rules.unknown: "TELLCITY-BUS" does not ship, and there is no data folder to look into.',
    );
    expect(await refusal(describeWholeRule(null, shipped?.name ?? "", ["methodology"]))).toMatch(
      /^rules\.unknown: /,
    );
  });

  it("is found by its name, its version, or six digits of its id, among its kinds alone", async () => {
    for (const name of ["TELLCITY-BUS", "TELLCITY-BUS@1", bus.id, bus.id.slice(0, 10), bus.id.slice(0, 6)])
      expect((await knownRule(context, name, ["methodology"])).id).toBe(bus.id);
    for (const name of ["TELLCITY", "TELLCITY-BUS@2", bus.id.slice(0, 5), ""])
      expect(await refusal(knownRule(context, name, KINDS)), name).toBe(
        `rules.unknown: There is no rule ${JSON.stringify(name)} here; what ships with the program is ` +
          "nobody's to publish or withdraw.",
      );
    expect(await refusal(knownRule(context, "TELLCITY-BUS", ["scenario-classes"]))).toMatch(
      /^rules\.unknown/,
    );
  });

  it("is one of several with its name until somebody says which", async () => {
    const rival = await proposeRule(context, file(version("TELLCITY-BIKE", { title: "Rival" })), KINDS);
    const names = [bike, rival].map(({ id }) => `TELLCITY-BIKE@1 (proposed, ${id.slice(0, 10)})`).toSorted();
    const said = await refusal(knownRule(context, "TELLCITY-BIKE", KINDS));
    expect(said).toMatch(/^rules\.ambiguous: TELLCITY-BIKE stands for /);
    for (const name of names) expect(said).toContain(name);
    expect(said).toMatch(/; write the first digits of the id: these are proposals of one name\.$/);
    const next = version("TELLCITY-BUS", { version: "2", rule: { kind: "linear", gramsPerUnit: "90" } });
    const later = await proposeRule(context, file(next), KINDS);
    expect(await refusal(knownRule(context, "TELLCITY-BUS", KINDS))).toMatch(
      /; write a name with its version, or the first digits of the id\.$/,
    );
    await retractRule(context, rival);
    await retractRule(context, later);
    expect((await knownRule(context, "TELLCITY-BIKE", KINDS)).id).toBe(bike.id);
  });

  it("is added from the file that was published, and from none that was not", async () => {
    const stranger = await context.forTenant(tenantId("stranger"));
    try {
      expect(await refusal(addRule(stranger, file(BUS, "bus.json"), KINDS))).toBe(
        `rules.not-on-chain: bus.json hashes to ${bus.id}, which the registry of this chain does not know, ` +
          "so it is not added. Ask the registrar of TELLCITY for the file of TELLCITY-BUS@1 as it was " +
          "published.",
      );
      expect(await refusal(takeProposal(stranger, file(BUS), KINDS, "0x12"))).toBe(
        "rules.proposer: Nothing says whose proposal the file is: an operator's address, 0x and 40 hex " +
          "digits.",
      );
      // Nobody else sees what is only proposed.
      expect(await describeRules(stranger, ["methodology"])).toEqual([]);
      await publishRule(context, bus);
      expect(await addRule(stranger, file(BUS), KINDS)).toMatchObject({ id: bus.id, state: "published" });
      expect(await describeRules(stranger, ["methodology"])).toMatchObject([{ id: bus.id }]);
    } finally {
      await stranger.close();
    }
  });

  it("tells who decided what about it, in the order of the decisions", async () => {
    const { admin, operator } = await context.chain();
    const before = await describeWholeRule(context, "TELLCITY-BUS", KINDS);
    expect(before).toMatchObject({
      state: "published",
      publishedBy: admin?.address.toLowerCase(),
      withdrawnAt: null,
      content: { code: "TELLCITY-BUS" },
    });
    expect(Date.parse(before.publishedAt ?? "")).toBeGreaterThan(0);
    const done = await withdrawRule(context, bus, "  the factor was wrong ");
    expect(done.task).toBeNull();
    const after = await describeWholeRule(context, bus.id, KINDS);
    expect(after).toMatchObject({ state: "withdrawn", withdrawnAt: utcText(NOW) });
    expect(after.decisions.slice(0, -1)).toEqual(before.decisions);
    expect(after.lastDecisionHash).toBe(after.decisions.at(-1)?.hash);
    expect(after.decisions.map(({ what, before: was, after: is }) => [what, was, is])).toEqual([
      ["propose", null, "proposed"],
      ["shown", "proposed", "published"],
      ["withdraw", "published", "withdrawn"],
    ]);
    expect(after.decisions[0]).toMatchObject({
      by: operator.address.toLowerCase(),
      at: utcText(NOW),
      why: null,
    });
    expect(after.decisions.at(-1)).toMatchObject({ why: "the factor was wrong" });
    expect(await refusal(addRule(context, file(BUS, "bus.json"), KINDS))).toBe(
      `rules.withdrawn: bus.json hashes to ${bus.id}, which the registry of this chain shows as withdrawn, ` +
        "so it is not added. Batches that were closed with it stay valid without it.",
    );
    for (const why of ["", "x".repeat(501)])
      expect(await refusal(withdrawRule(context, bus, why))).toBe(
        "rules.why: Say in 1 to 500 characters why it is withdrawn; it stands in the record for good.",
      );
  });
});
