import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { knownBatch } from "../../../src/adapters/storage/batches/knownBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { openContext } from "../../../src/app/openContext.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import { checkRule } from "../../../src/app/rules/checkRule.ts";
import { rulesBeside } from "../../../src/app/rules/rulesBeside.ts";
import { proposeRule } from "../../../src/app/rules/proposeRule.ts";
import { publishRule } from "../../../src/app/rules/publishRule.ts";
import { withdrawRule } from "../../../src/app/rules/withdrawRule.ts";
import { utf8 } from "../../../src/base/lib/bytes.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { parseInstant } from "../../../src/base/lib/time/parseInstant.ts";
import { LISTED_CLASSES } from "../../../src/format/batch/classes/scenarioClasses.ts";
import { decodeManifest } from "../../../src/format/batch/manifest.ts";
import { parseProfile } from "../../../src/stages/ingest/profile/profile.ts";
import { PLAIN_TERMS } from "../../support/plainTerms.ts";

const KINDS = ["methodology", "scenario-classes", "plausibility"] as const;
const FERRY = { code: 9, name: "ferry", unit: "passenger-km" };
const CLASSES = {
  schema: "microtonne-scenario-classes/1",
  region: "NEWCITY",
  version: 3,
  classes: [...LISTED_CLASSES, FERRY],
};
const METHODOLOGY = {
  schema: "microtonne-methodology/2",
  code: "NEWCITY-FERRY",
  version: "1",
  title: "New City ferries",
  region: "NEWCITY",
  timeZone: "Asia/Shanghai",
  scenario: "ferry",
  unit: "passenger-km",
  source: "Invented for this test.",
  category: "act",
  validFrom: "2025-06-01T00:00Z",
  validTo: "2026-01-01T00:00Z",
  days: { first: "2025-06-01", last: "2026-01-01" },
  rule: { kind: "linear", gramsPerUnit: "10" },
  ...PLAIN_TERMS,
};
const bounds = (version: number, validFrom: string, most: string, acts = 2) => ({
  schema: "microtonne-regional-plausibility/1",
  region: "NEWCITY",
  version,
  timeZone: "Asia/Shanghai",
  validFrom,
  classes: [
    {
      scenario: "ferry",
      act: { quantity: { max: most, source: "Ours." }, seconds: { max: 7200, source: "Ours." } },
      day: { acts: { max: acts, source: "Ours." } },
    },
  ],
});

describe("a region's own classes and bounds", () => {
  let folder: string;
  let context: Context;
  /** Null: the time that it is. */
  let now: UnixSeconds | null = parseInstant("2025-05-30");
  const propose = (rule: unknown, name = "rule.json") =>
    proposeRule(context, { name, bytes: utf8(JSON.stringify(rule)) }, KINDS);
  const publish = async (rule: unknown) => (await publishRule(context, await propose(rule))).rule;
  const ingest = async (name: string, ...rows: readonly string[]) => {
    const file = join(folder, name);
    writeFileSync(file, `recordId,subject,scenario,startedAt,endedAt,quantity,unit\n${rows.join("\n")}\n`);
    const yaml = readFileSync("src/stages/ingest/profile/shipped/canonical-csv.yaml", "utf8")
      .replace(/^region: .*$/m, "region: NEWCITY")
      .replace("scenario: { column: scenario }", "scenario: { constant: ferry }");
    return ingestFile(context, {
      file,
      profile: parseProfile(yaml, context.classLists.newest),
      rejectsFile: null,
      duplicatesFile: null,
      lookupFolder: null,
    });
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "microtonne-lists-"));
    context = await openContext({
      config: parseConfig({ MICROTONNE_RULES_REACH_BACK: "taken" }, { folder: join(folder, "data") }),
      log: createLog("warn"),
      clock: { now: () => now ?? systemClock.now() },
      randomness: systemRandomness,
    });
  });
  afterAll(async () => {
    await context.close();
    rmSync(folder, { recursive: true });
  });

  it("are refused where they name what nobody published, by file and field", async () => {
    await expect(propose(METHODOLOGY, "ferry.json")).rejects.toMatchObject({
      code: "scenario.unknown",
      message: expect.stringMatching(/^ferry\.json: "scenario" is ferry/) as string,
    });
    await expect(propose(bounds(1, "2025-06-01", "10"))).rejects.toMatchObject({
      code: "plausibility.rules",
    });
    await expect(propose({ ...CLASSES, classes: [FERRY] })).rejects.toMatchObject({ code: "rules.classes" });
    const own = { ...FERRY, code: 0x8000 };
    await expect(propose({ ...CLASSES, classes: [...LISTED_CLASSES, own] })).rejects.toMatchObject({
      code: "rules.malformed",
      message: expect.stringContaining("classes.8.code") as string,
    });
  });

  it("are published by the registrar, version after version, the shipped lists first", async () => {
    await expect(publish({ ...CLASSES, version: 4 })).rejects.toMatchObject({ code: "rules.version-gap" });
    expect(await publish(CLASSES)).toMatchObject({ state: "published", version: "3" });
    await context.refreshRules();
    expect(context.classLists.newest).toMatchObject({ version: 3, highest: 9 });
    const check = async (rule: unknown) => {
      const file = { name: "rule.json", bytes: utf8(JSON.stringify(rule)) };
      return checkRule(file, KINDS, context.clock.now(), await rulesBeside(context)).refusal;
    };
    expect(await check(CLASSES)).toBeNull();
    expect(await check({ ...CLASSES, version: 5 })).toMatchObject({
      code: "rules.classes",
      message: expect.stringContaining("does not go on from scenario-classes:NEWCITY@3") as string,
    });
    const tram = { code: 9, name: "tram", unit: "passenger-km" };
    expect(await check({ ...CLASSES, version: 5, classes: [...LISTED_CLASSES, tram] })).toMatchObject({
      code: "rules.classes",
    });
    expect(await publish(METHODOLOGY)).toMatchObject({ state: "published" });
    expect(await publish(bounds(1, "2025-06-01", "10"))).toMatchObject({ state: "published" });
    await expect(publish(bounds(3, "2025-07-01", "10"))).rejects.toMatchObject({ code: "rules.version-gap" });
    now = parseInstant("2025-06-17T15:59:00Z");
    expect(await publish(bounds(2, "2025-06-18", "5", 1))).toMatchObject({ state: "published" });
    await expect(publish(bounds(3, "2025-06-17", "5"))).rejects.toMatchObject({ code: "rules.reaches-back" });
    const rule = await propose(CLASSES);
    await expect(withdrawRule(context, rule, "a slip")).rejects.toMatchObject({ code: "rules.for-good" });
  });

  it("bind acts by the version of their day, whatever was published since", async () => {
    now = null;
    const report = await ingest(
      "ferries.csv",
      "f1,person-1,,2025-06-17T08:00:00+08:00,,9,passenger-km",
      "f2,person-1,,2025-06-17T18:00:00+08:00,,9,passenger-km",
      "f3,person-1,,2025-06-17T20:00:00+08:00,,1,passenger-km",
      "f4,person-2,,2025-06-18T00:00:00+08:00,,9,passenger-km",
      "f5,person-2,,2025-06-18T08:00:00+08:00,,5,passenger-km",
      "f6,person-2,,2025-06-18T18:00:00+08:00,,5,passenger-km",
    );
    expect(report.reasons).toEqual({ "plausibility.too-much": 1, "plausibility.acts-a-day": 2 });
    expect(report).toMatchObject({ accepted: 3, milligrams: String(230_000) });
  });

  it("stand in the manifest by the version that is in force", async () => {
    const closed = await closeBatch(context, { region: regionCode("NEWCITY"), vintage: 2025 });
    const { manifest } = await knownBatch(context.db, context.tenant, closed.batchId);
    const { classLists, plausibility } = context;
    const { version, hash } = classLists.newest;
    expect(decodeManifest(manifest)).toMatchObject({
      scenarioClasses: { version, hash },
      plausibility: plausibility.versionFor(regionCode("NEWCITY"), 25_000),
    });
    expect(plausibility.versionFor(regionCode("NEWCITY"), 25_000)).toMatchObject({ version: 2 });
  });
});
