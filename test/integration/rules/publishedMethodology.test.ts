import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attestPackage } from "../../../src/app/attest/attestPackage.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { packageBatch } from "../../../src/app/batches/packageBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { describeMethodology } from "../../../src/app/methodologies/describeMethodology.ts";
import { addRule } from "../../../src/app/rules/addRule.ts";
import { describeWholeRule } from "../../../src/app/rules/describeRule.ts";
import { knownRule } from "../../../src/app/rules/knownRule.ts";
import { proposeRule } from "../../../src/app/rules/proposeRule.ts";
import { publishRule } from "../../../src/app/rules/publishRule.ts";
import { retractRule } from "../../../src/app/rules/retractRule.ts";
import { takeProposal } from "../../../src/app/rules/takeProposal.ts";
import { withdrawRule } from "../../../src/app/rules/withdrawRule.ts";
import { systemClock } from "../../../src/app/process/system.ts";
import { utcText } from "../../../src/base/lib/time/calendar.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import { shippedProfileText } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { PLAIN_TERMS } from "../../support/plainTerms.ts";
import { newCityNetwork, type CityNetwork } from "./support/cityNetwork.ts";

const KINDS = ["methodology"] as const;
const VERSION = {
  schema: "microtonne-methodology/2",
  code: "NEWCITY-BUS",
  version: "1",
  title: "New City buses",
  region: "NEWCITY",
  timeZone: "Asia/Shanghai",
  scenario: "bus",
  unit: "trip",
  source: "Invented for this test.",
  category: "act",
  validFrom: "2025-06-01T00:00Z",
  validTo: "2025-06-18T02:58Z",
  days: { first: "2025-06-01", last: "2025-06-18" },
  rule: { kind: "linear", gramsPerUnit: "100" },
  ...PLAIN_TERMS,
};
/** From 10:58 local on. */
const SUCCESSOR = {
  ...VERSION,
  version: "2",
  validFrom: "2025-06-18T02:58Z",
  validTo: "2026-01-01T00:00Z",
  days: { first: "2025-06-18", last: "2026-01-01" },
  rule: { kind: "linear", gramsPerUnit: "80.5" },
};

describe("an operator's own methodology", () => {
  let city: CityNetwork;
  let operator: Context;
  let registrar: Context;
  const file = (name: string) => city.file(name);
  const ingest = (name: string, ...rows: readonly string[]) =>
    city.ingest(
      operator,
      name,
      shippedProfileText("canonical-csv").replace(/^region: .*$/m, "region: NEWCITY"),
      "recordId,subject,scenario,startedAt,endedAt,quantity,unit",
      rows,
    );

  beforeAll(async () => {
    city = await newCityNetwork();
    city.at("2025-05-30");
    city.write("1.json", VERSION);
    city.write("2.json", SUCCESSOR);
    operator = await city.open("operator");
    registrar = await city.registrar("registrar", "NEWCITY,OTHER");
  });
  afterAll(async () => {
    await operator.close();
    await registrar.close();
    await city.close();
  });

  it("counts nothing while it is proposed", async () => {
    const rule = await proposeRule(operator, await file("1.json"), KINDS);
    expect(rule).toMatchObject({ state: "proposed", name: "NEWCITY-BUS", version: "1" });
    expect((await proposeRule(operator, await file("1.json"), KINDS)).id).toBe(rule.id);
    // Taken back and proposed again: nothing of it stays but what was decided.
    expect(await retractRule(operator, rule)).toMatchObject({ state: "retracted" });
    await expect(knownRule(operator, "NEWCITY-BUS", KINDS)).rejects.toMatchObject({ code: "rules.unknown" });
    expect(await proposeRule(operator, await file("1.json"), KINDS)).toMatchObject({ state: "proposed" });
    city.at(null);
    const report = await ingest("early.csv", "e1,person-1,bus,2025-06-02T08:00:00+08:00,,1,trip");
    expect(report.reasons).toEqual({ "methodology.none": 1 });
  });

  it("waits for its registrar where this process has no registrar's key", async () => {
    city.at("2025-05-30");
    const step = await publishRule(operator, await knownRule(operator, "NEWCITY-BUS", KINDS));
    expect(step).toMatchObject({
      rule: { state: "proposed" },
      task: { format: "microtonne-registrar-calls/1", chainId: 31337 },
    });
  });

  it("is published by the registrar of its region, from the file that was handed over", async () => {
    const { address } = (await operator.chain()).operator;
    const stranger = await city.registrar("stranger", "WUHAN");
    try {
      const rule = await takeProposal(stranger, await file("1.json"), KINDS, address);
      await expect(publishRule(stranger, rule)).rejects.toMatchObject({ code: "rules.other-registrar" });
    } finally {
      await stranger.close();
    }
    await expect(takeProposal(registrar, await file("1.json"), KINDS, null)).rejects.toMatchObject({
      code: "rules.proposer",
    });
    const first = await takeProposal(registrar, await file("1.json"), KINDS, address);
    // The registrar's folder has the operator's proposal: nobody else may take it back.
    const another = await city.operator("another", 5);
    try {
      const handedOver = await takeProposal(another, await file("1.json"), KINDS, address);
      await expect(retractRule(another, handedOver)).rejects.toMatchObject({ code: "rules.other-key" });
    } finally {
      await another.close();
    }
    city.at("2025-06-01T00:00:00Z");
    await expect(publishRule(registrar, first)).rejects.toMatchObject({ code: "rules.reaches-back" });
    city.at("2025-05-31T23:59:59Z");
    expect(await publishRule(registrar, first)).toMatchObject({ rule: { state: "published" }, task: null });
    // Run again it changes nothing.
    expect(await publishRule(registrar, first)).toMatchObject({ rule: { state: "published" }, task: null });
    // It gives less for every act than the version that ends where it begins, so it may begin at once.
    city.at("2025-06-18T02:58:30Z");
    const second = await takeProposal(registrar, await file("2.json"), KINDS, address);
    expect(await publishRule(registrar, second)).toMatchObject({ rule: { state: "published" } });
  });

  it("binds in the operator's folder once the chain shows it, each version in its minutes", async () => {
    city.at(null);
    const taken = await publishRule(operator, await knownRule(operator, "NEWCITY-BUS", KINDS));
    expect(taken).toMatchObject({ rule: { state: "published" }, task: null });
    expect(await addRule(operator, await file("2.json"), KINDS)).toMatchObject({
      state: "published",
      proposedBy: null,
    });
    const report = await ingest(
      "rides.csv",
      "r1,person-1,bus,2025-06-18T10:57:59+08:00,,1,trip",
      "r2,person-2,bus,2025-06-18T10:58:00+08:00,,1,trip",
      "r3,person-3,bus,2025-06-18T10:50:00+08:00,2025-06-18T11:05:00+08:00,1,trip",
    );
    // r3 spans the change and earns the lower of both.
    expect(report).toMatchObject({ accepted: 3, milligrams: String(100_000 + 80_500 + 80_500) });
    const { decisions, lastDecisionHash } = await describeWholeRule(operator, "NEWCITY-BUS@1", KINDS);
    expect(decisions.map(({ what, before, after }) => [what, before, after])).toEqual([
      ["propose", null, "proposed"],
      ["retract", "proposed", "retracted"],
      ["propose", null, "proposed"],
      ["shown", "proposed", "published"],
    ]);
    expect(lastDecisionHash).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it("is added by a verifier from the file that was published, and from no other", async () => {
    const context = await city.verifier(2);
    try {
      city.write("forged.json", { ...VERSION, title: "New City Buses" });
      await expect(addRule(context, await file("forged.json"), KINDS)).rejects.toMatchObject({
        code: "rules.not-on-chain",
      });
      for (const name of ["1.json", "2.json"])
        expect(await addRule(context, await file(name), KINDS)).toMatchObject({ state: "published" });
    } finally {
      await context.close();
    }
    const batch = await closeBatch(operator, { region: regionCode("NEWCITY"), vintage: 2025 });
    expect(batch.leafCount).toBe(3);
  });

  it("takes no act and no batch once it is withdrawn, elsewhere too; what was closed stays", async () => {
    // Closed, by its manifest, a little after the withdrawal that follows.
    await ingest("dated.csv", "d1,person-6,bus,2025-06-18T11:30:00+08:00,,1,trip");
    city.at(utcText(systemClock.now() + 300));
    const dated = await closeBatch(operator, { region: regionCode("NEWCITY"), vintage: 2025 });
    await packageBatch(operator, { batch: dated.batchId, file: city.path("dated.ndjson") });
    city.at(null);
    await ingest("late.csv", "l1,person-4,bus,2025-06-19T08:00:00+08:00,,1,trip");
    const rule = await knownRule(registrar, "NEWCITY-BUS@2", KINDS);
    await expect(withdrawRule(registrar, rule, " ")).rejects.toMatchObject({ code: "rules.why" });
    const step = await withdrawRule(registrar, rule, "the factor was another year's");
    expect(step).toMatchObject({ rule: { state: "withdrawn" }, task: null });
    await expect(publishRule(registrar, step.rule)).rejects.toMatchObject({ code: "rules.withdrawn" });
    // The operator's folder learns of it from the chain when it closes.
    await expect(
      closeBatch(operator, { region: regionCode("NEWCITY"), vintage: 2025 }),
    ).rejects.toMatchObject({ code: "closing.nothing-open" });
    expect(await describeMethodology(operator, "NEWCITY-BUS@2")).toMatchObject({ state: "withdrawn" });
    const report = await ingest("later.csv", "l2,person-5,bus,2025-06-20T08:00:00+08:00,,1,trip");
    expect(report.reasons).toEqual({ "methodology.expired": 1 });
    const context = await city.verifier(4);
    try {
      await expect(addRule(context, await file("2.json"), KINDS)).rejects.toMatchObject({
        code: "rules.withdrawn",
      });
    } finally {
      await context.close();
    }
    // A verifier who had added it asks the chain, not its folder.
    const attester = await city.verifier(2);
    try {
      await expect(
        attestPackage(attester, { file: city.path("dated.ndjson"), verification: null }),
      ).rejects.toMatchObject({
        code: "attest.withdrawn-methodology",
        message: expect.stringContaining("NEWCITY-BUS@2") as string,
      });
    } finally {
      await attester.close();
    }
  });

  it("has a successor in its days, which a verifier takes who had added the withdrawn one", async () => {
    const third = {
      ...SUCCESSOR,
      version: "3",
      validFrom: "2025-06-19T00:00Z",
      days: { first: "2025-06-19", last: "2026-01-01" },
    };
    city.write("3.json", third);
    const { address } = (await operator.chain()).operator;
    city.at("2025-06-18T23:00:00Z");
    await publishRule(registrar, await takeProposal(registrar, await file("3.json"), KINDS, address));
    city.at(null);
    const context = await city.verifier(2);
    try {
      expect(await addRule(context, await file("3.json"), KINDS)).toMatchObject({ state: "published" });
    } finally {
      await context.close();
    }
  });
});
