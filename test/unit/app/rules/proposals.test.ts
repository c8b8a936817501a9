/** Proposals of rules, taken in, taken back and told, without a chain. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { sampleMethodology } from "../../../../scripts/generate/vectors/methodologyVectors.ts";
import type { Context } from "../../../../src/app/context.ts";
import { describeRules, describeWholeRule } from "../../../../src/app/rules/describeRule.ts";
import { proposeRule } from "../../../../src/app/rules/proposeRule.ts";
import { retractRule } from "../../../../src/app/rules/retractRule.ts";
import { rulesBeside, shippedBeside } from "../../../../src/app/rules/rulesBeside.ts";
import { takeProposal } from "../../../../src/app/rules/takeProposal.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { regionCode, tenantId } from "../../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { newPlace, type Place } from "../../../e2e/support/newPlace.ts";

/** 2020-01-01T00:00:00Z: before the samples begin. */
const NOW = 1_577_836_800;
const KINDS = ["methodology"] as const;
const fileOf = (version: string) => ({
  name: "rule.json",
  bytes: utf8(
    JSON.stringify(sampleMethodology({ version, region: regionCode("OPENCITY"), code: "OPENCITY-BUS" })),
  ),
});

let place: Place;
let context: Context;
let other: Context;
beforeAll(async () => {
  place = await newPlace(null);
  context = await place.open({ now: () => NOW as UnixSeconds });
  other = await context.forTenant(tenantId("other"));
});
afterAll(async () => {
  await other.close();
  await context.close();
  await place.remove();
});

it("a proposal is one however often it is made, and its tenant's alone to see", async () => {
  const proposed = await proposeRule(context, fileOf("1"), KINDS);
  expect(await proposeRule(context, fileOf("1"), KINDS)).toEqual(proposed);
  expect((await describeRules(context, KINDS)).map(({ name, state }) => [name, state])).toEqual([
    ["OPENCITY-BUS@1", "proposed"],
  ]);
  expect(await describeRules(other, KINDS)).toEqual([]);
  const { decisions, lastDecisionHash } = await describeWholeRule(context, "OPENCITY-BUS", KINDS);
  expect(decisions).toMatchObject([
    { what: "propose", by: proposed.proposedBy, before: null, after: "proposed", at: "2020-01-01T00:00:00Z" },
  ]);
  expect(lastDecisionHash).toBe(decisions[0]?.hash);
});

it("a file that is checked stands beside what ships, and is known where it was proposed", async () => {
  const [own] = await describeRules(context, KINDS);
  const beside = await rulesBeside(context);
  const alone = shippedBeside();
  expect(beside.others, "what is only proposed binds nobody").toEqual(alone.others);
  expect(beside.standingOf({ kind: "methodology", id: own?.id } as never)).toMatchObject({
    state: "proposed",
  });
  expect(beside.standingOf({ kind: "recognition", id: own?.id } as never)).toBeNull();
  expect([beside.rehearsal, alone.rehearsal]).toEqual([false, false]);
  const rehearsed = await rulesBeside(null, { rehearsal: true });
  expect(rehearsed).toMatchObject({ rehearsal: true, classLists: alone.classLists });
  expect(rehearsed.others).toEqual(alone.others);
  expect((await rulesBeside(null)).rehearsal).toBe(false);
});

it("a registrar takes a proposal in with its operator's address, which it asks for but once", async () => {
  for (const by of [null, "", "0x12", `0x${"g".repeat(40)}`, `x0x${"a".repeat(40)}`])
    await expect(takeProposal(other, fileOf("2"), KINDS, by)).rejects.toMatchObject({
      code: "rules.proposer",
      message: "Nothing says whose proposal the file is: an operator's address, 0x and 40 hex digits.",
      remedy: { act: "name-proposer" },
    });
  const taken = await takeProposal(other, fileOf("2"), KINDS, `0x${"AB".repeat(20)}`);
  expect(taken).toMatchObject({ proposedBy: `0x${"ab".repeat(20)}`, state: "proposed", tenant: "other" });
  expect(await takeProposal(other, fileOf("2"), KINDS, null)).toEqual(taken);
  await expect(takeProposal(context, fileOf("2"), KINDS, null), "another tenant's").rejects.toMatchObject({
    code: "rules.proposer",
  });
});

it("an operator takes back its own proposal, whose decisions stay, and may make it again", async () => {
  const rule = await proposeRule(context, fileOf("1"), KINDS);
  const stranger = await takeProposal(other, fileOf("2"), KINDS, null);
  await expect(retractRule(context, stranger)).rejects.toMatchObject({
    code: expect.stringMatching(/^rules\./) as unknown,
  });
  await retractRule(context, rule);
  expect(await describeRules(context, KINDS)).toEqual([]);
  await proposeRule(context, fileOf("1"), KINDS);
  const { decisions } = await describeWholeRule(context, "OPENCITY-BUS@1", KINDS);
  expect(decisions.map(({ what }) => what)).toEqual(["propose", "retract", "propose"]);
});

it("what ships alone has no decisions, and nothing else is found without a folder", async () => {
  expect(await describeRules(null, KINDS)).toEqual([]);
  const [classes] = await describeRules(null, ["scenario-classes"]);
  expect(classes).toMatchObject({ state: "shipped", proposedBy: null, publishedAt: null });
  const name = classes?.name ?? "";
  const whole = await describeWholeRule(null, name, ["scenario-classes"]);
  expect(whole).toMatchObject({ ...classes, decisions: [], lastDecisionHash: null });
  expect(await describeWholeRule(null, classes?.id ?? "", ["scenario-classes"])).toEqual(whole);
  await expect(describeWholeRule(null, `N${"x".repeat(99)}`, KINDS)).rejects.toMatchObject({
    code: "rules.unknown",
    message: `"N${"x".repeat(79)}" does not ship, and there is no data folder to look into.`,
  });
});
