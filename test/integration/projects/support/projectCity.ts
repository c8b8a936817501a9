import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../../../src/app/context.ts";
import { ingestFile, type IngestReport } from "../../../../src/app/ingest/ingestFile.ts";
import { openContext } from "../../../../src/app/openContext.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { createLog } from "../../../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../../../src/app/process/system.ts";
import { proposeProject } from "../../../../src/app/projects/proposeProject.ts";
import { takeProjectStep } from "../../../../src/app/projects/takeProjectStep.ts";
import { proposeRule } from "../../../../src/app/rules/proposeRule.ts";
import { publishRule } from "../../../../src/app/rules/publishRule.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { parseInstant } from "../../../../src/base/lib/time/parseInstant.ts";
import { SECONDS_PER_DAY } from "../../../../src/base/lib/time/units.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { LISTED_CLASSES } from "../../../../src/format/batch/classes/scenarioClasses.ts";
import type { Project } from "../../../../src/stages/projects/ports.ts";
import { parseProfile } from "../../../../src/stages/ingest/profile/profile.ts";
import { PLAIN_TERMS } from "../../../support/plainTerms.ts";
import { placeMigrated } from "../../../support/placeMigrated.ts";

const KINDS = ["methodology", "scenario-classes"] as const;
const CLASSES = {
  schema: "microtonne-scenario-classes/1",
  region: "NEWCITY",
  version: 3,
  classes: [
    ...LISTED_CLASSES,
    { code: 9, name: "pv-generation", unit: "kWh" },
    { code: 10, name: "bike-fleet", unit: "km" },
  ],
};
/** A methodology of the years 2025 and 2026 that counts so many grams a unit. */
export const cityMethodology = (scenario: string, unit: string, category: string, gramsPerUnit: string) => ({
  schema: "microtonne-methodology/2",
  code: `NEWCITY-${scenario.toUpperCase()}`,
  version: "1",
  title: scenario,
  region: "NEWCITY",
  timeZone: "Asia/Shanghai",
  scenario,
  unit,
  source: "Invented for this test.",
  category,
  validFrom: "2024-12-31T16:00Z",
  validTo: "2026-12-31T16:00Z",
  days: { first: "2025-01-01", last: "2026-12-31" },
  rule: { kind: "linear", gramsPerUnit },
  ...PLAIN_TERMS,
});
export const NOTICE_DAYS = 14;
/** A project's file, of metered photovoltaics where nothing else is said. */
export const projectFile = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  schema: "microtonne-project/1",
  id,
  name: `Project ${id}`,
  region: "NEWCITY",
  scenario: "pv-generation",
  creditingPeriod: { firstDay: "2025-01-01", lastDay: "2025-12-31" },
  capacity: { value: "0.8", unit: "MW" },
  place: "NEWCITY",
  installations: { kind: "meter", count: 2 },
  baselineHash: `0x${"b1".repeat(32)}`,
  ownerHash: `0x${"0e".repeat(32)}`,
  notUnderEts: { statementHash: `0x${"e7".repeat(32)}` },
  excludes: ["ev-charging"],
  noticeDays: NOTICE_DAYS,
  ...more,
});
export const ASSET_ROWS = "recordId,subject,asset,startedAt,endedAt,quantity,unit";
/** The profile of rows under `ASSET_ROWS`. */
export const assetProfile = (provider: string, scenario: string, kind: string): string =>
  `schema: microtonne-profile/1
name: ${provider}
description: Rows of a test.
provider: { id: ${provider}, name: ${provider} }
region: NEWCITY
format: { kind: csv }
recordId: { columns: [recordId] }
subject: { column: subject, scope: deployment }
scenario: { constant: ${scenario} }
time: { format: iso }
start: { columns: [startedAt] }
end: { columns: [endedAt], required: false }
quantity: { column: quantity, unitColumn: unit }
asset: { kind: ${kind}, column: asset }
`;
const REPORT = `0x${"4e".repeat(32)}` as const;
const STATEMENT = `0x${"5e".repeat(32)}` as const;

/**
 * A city with a project's class, a fleet's, acts and behaviour; one folder, whose embedded chain has a
 * registrar.
 */
export async function newProjectCity() {
  const folder = mkdtempSync(join(tmpdir(), "microtonne-projects-"));
  let fixed: UnixSeconds | null = parseInstant("2024-12-01");
  const now = (): UnixSeconds => fixed ?? systemClock.now();
  await placeMigrated(join(folder, "data/db"));
  const context: Context = await openContext({
    config: parseConfig({ MICROTONNE_RULES_REACH_BACK: "taken" }, { folder: join(folder, "data") }),
    log: createLog("warn"),
    clock: { now },
    randomness: systemRandomness,
  });
  for (const rule of [
    CLASSES,
    cityMethodology("pv-generation", "kWh", "project", "525"),
    cityMethodology("bike-fleet", "km", "project", "30"),
    cityMethodology("bike", "km", "act", "50"),
    cityMethodology("ev-charging", "kWh", "act", "100"),
    cityMethodology("clean-plate", "meal", "behaviour", "144"),
  ])
    await publishRule(
      context,
      await proposeRule(context, { name: "rule.json", bytes: utf8(JSON.stringify(rule)) }, KINDS),
    );
  const propose = (id: string, more?: Readonly<Record<string, unknown>>): Promise<Project> =>
    proposeProject(context, { name: `${id}.json`, bytes: utf8(JSON.stringify(projectFile(id, more))) });
  let files = 0;
  return {
    context,
    folder,
    propose,
    /** Sets the clock; null for the machine's, which is the chain's. */
    at: (text: string | null) => (fixed = text === null ? null : parseInstant(text)),
    /** Proposed, noticed, and registered after the notice. */
    async register(id: string, more?: Readonly<Record<string, unknown>>): Promise<Project> {
      await propose(id, more);
      await takeProjectStep(context, id, { what: "notice" });
      fixed = (now() + NOTICE_DAYS * SECONDS_PER_DAY) as UnixSeconds;
      return takeProjectStep(context, id, { what: "register", registration: `NC-${id}`, why: null });
    },
    /** Its operator's report of a period, and the registrar's verification of it. */
    monitor: (id: string, from: string, to: string): Promise<Project> =>
      takeProjectStep(context, id, { what: "monitor", from, to, documentHash: REPORT }),
    verify: (id: string, from: string, to: string): Promise<Project> =>
      takeProjectStep(context, id, { what: "verify", from, to, documentHash: STATEMENT }),
    /** Rows of `recordId,subject,asset,startedAt,endedAt,quantity`. */
    ingest(
      provider: string,
      scenario: string,
      unit: string,
      kind: string,
      rows: readonly string[],
      rejectsFile: string | null = null,
    ): Promise<IngestReport> {
      const file = join(folder, `${String(++files)}.csv`);
      const lines = rows.map((row) => `${row},${unit}\n`);
      writeFileSync(
        file,
        `${ASSET_ROWS}
${lines.join("")}`,
      );
      const profile = parseProfile(assetProfile(provider, scenario, kind), context.classLists.newest);
      return ingestFile(context, { file, profile, rejectsFile, duplicatesFile: null, lookupFolder: null });
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true });
    },
  };
}
export type ProjectCity = Awaited<ReturnType<typeof newProjectCity>>;
