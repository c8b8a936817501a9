/** What an operator and a registrar are refused of rules and projects, though file and state are sound. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stepRule } from "../../../src/adapters/storage/rules/stepRule.ts";
import type { Context } from "../../../src/app/context.ts";
import { proposeProject } from "../../../src/app/projects/proposeProject.ts";
import { takeProjectStep, type AskedStep } from "../../../src/app/projects/takeProjectStep.ts";
import { proposeRule } from "../../../src/app/rules/proposeRule.ts";
import { ruleSteps } from "../../../src/app/rules/ruleSteps.ts";
import { utf8 } from "../../../src/base/lib/bytes.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import { methodologyContent } from "../../../src/stages/rules/methodologyContent.ts";
import { sampleMethodology } from "../../../scripts/generate/vectors/methodologyVectors.ts";
import { projectFile } from "../projects/support/projectCity.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";

const HASH = `0x${"b1".repeat(32)}` as const;
const PROJECT = projectFile("roof-pv", {
  region: "WUHAN",
  place: "WUHAN",
  scenario: "electricity-saving",
  creditingPeriod: { firstDay: "2026-01-01", lastDay: "2030-12-31" },
  installations: { kind: "meter", count: 12 },
  excludes: [],
});
const BY = `0x${"0b".repeat(20)}` as const;

describe("a step", () => {
  let place: Place;
  let context: Context;
  beforeAll(async () => {
    place = await newPlace(null);
    context = await place.open();
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });
  /** The same context beside a chain of which only the registrar is asked for. */
  const under = (registrar: unknown): Context =>
    ({ ...context, chain: () => Promise.resolve({ registrar }) }) as Context;

  it("of a project needs the registrar's key, a reason, and calendar days", async () => {
    await proposeProject(context, { name: "roof.json", bytes: utf8(JSON.stringify(PROJECT)) });
    await expect(takeProjectStep(under(null), "roof-pv", { what: "notice" })).rejects.toMatchObject({
      code: "project.no-registrar",
      message: expect.stringContaining(
        "Run it with MICROTONNE_REGISTRAR_PRIVATE_KEY and MICROTONNE_REGISTRAR_REGIONS.",
      ) as unknown,
    });
    const registrar = under({ signer: { address: BY }, regions: [regionCode("WUHAN")] });
    for (const why of [" ", "x".repeat(2001)])
      await expect(takeProjectStep(registrar, "roof-pv", { what: "object", why })).rejects.toMatchObject({
        code: "project.why",
        message: expect.stringContaining("Say it in 1 to 2000 characters") as unknown,
      });
    const monitor: AskedStep = { what: "monitor", from: "2026-02-30", to: "2026-03-31", documentHash: HASH };
    await expect(takeProjectStep(context, "roof-pv", monitor)).rejects.toMatchObject({
      code: "project.day",
      message: '"2026-02-30" is no calendar day YYYY-MM-DD.',
    });
  });

  it("to another proposal is refused while a hundred wait for a registrar", async () => {
    const rule = (number: number) =>
      sampleMethodology({ version: String(number), region: regionCode("OPENCITY"), code: "OPENCITY-BUS" });
    const event = { what: "propose", by: BY, at: context.clock.now() } as const;
    for (let number = 1; number <= 100; number++)
      await stepRule(context.db, context.tenant, methodologyContent(rule(number)), event, ruleSteps(context));
    const file = { name: "rule.json", bytes: utf8(JSON.stringify(rule(101))) };
    await expect(proposeRule(context, file, ["methodology"])).rejects.toMatchObject({
      code: "rules.too-many",
      message: expect.stringContaining("100 proposals that no registrar has published") as unknown,
    });
  });
});
