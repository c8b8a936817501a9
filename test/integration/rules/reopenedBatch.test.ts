import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { setBatchState } from "../../../src/adapters/storage/batches/setBatchState.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { describeBatches } from "../../../src/app/batches/describeBatch.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import { reopenBatch } from "../../../src/app/batches/reopenBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { systemClock } from "../../../src/app/process/system.ts";
import { proposeRule } from "../../../src/app/rules/proposeRule.ts";
import { publishRule } from "../../../src/app/rules/publishRule.ts";
import { withdrawRule } from "../../../src/app/rules/withdrawRule.ts";
import { utf8 } from "../../../src/base/lib/bytes.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import { parseInstant } from "../../../src/base/lib/time/parseInstant.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { parseProfile } from "../../../src/stages/ingest/profile/profile.ts";
import { shippedProfileText } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { decideBatchStep } from "../../../src/stages/pool/decideBatchStep.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";
import { PLAIN_TERMS } from "../../support/plainTerms.ts";

const RULE = {
  schema: "microtonne-methodology/2",
  version: "1",
  title: "Old City",
  region: "OLDCITY",
  timeZone: "Asia/Shanghai",
  source: "Invented for this test.",
  category: "act",
  validFrom: "2024-12-31T16:00Z",
  validTo: "2025-12-31T16:00Z",
  days: { first: "2025-01-01", last: "2025-12-31" },
  rule: { kind: "linear", gramsPerUnit: "100" },
  ...PLAIN_TERMS,
};
const OLDCITY = regionCode("OLDCITY");
const WUHAN = regionCode("WUHAN");
const HEADINGS = "recordId,subject,scenario,startedAt,endedAt,quantity,unit";
let place: Place;
let context: Context;
let now: UnixSeconds | null = parseInstant("2024-12-01");

beforeAll(async () => {
  place = await newPlace(null, { MICROTONNE_RULES_REACH_BACK: "taken" });
  context = await place.open({ now: () => now ?? systemClock.now() });
});
afterAll(async () => {
  await context.close();
  await place.remove();
});

async function publish(scenario: string, unit: string) {
  const content = { ...RULE, code: `OLDCITY-${scenario.toUpperCase()}`, scenario, unit };
  const file = { name: "rule.json", bytes: utf8(JSON.stringify(content)) };
  return (await publishRule(context, await proposeRule(context, file, ["methodology"]))).rule;
}
async function ingest(region: string, ...rows: readonly string[]) {
  const file = join(place.folder, `${region}.csv`);
  writeFileSync(file, `${[HEADINGS, ...rows].join("\n")}\n`);
  const text = shippedProfileText("canonical-csv").replace(/^region: .*$/m, `region: ${region}`);
  const profile = parseProfile(text, context.classLists.newest);
  const nothing = { rejectsFile: null, duplicatesFile: null, lookupFolder: null };
  return ingestFile(context, { file, profile, ...nothing });
}
const close = async (region: typeof WUHAN) => closeBatch(context, { region, vintage: 2025 });
const mint = async (batch: string) => mintBatch(context, { batch, attestations: null });
const refused = (code: string): unknown => expect.objectContaining({ code });
async function sums() {
  return context.db.query<{ to: string; reductions: bigint }>(
    `SELECT d AS "to", sum(CASE WHEN to_disposition = d THEN reductions ELSE 0 END
       - CASE WHEN from_disposition = d THEN reductions ELSE 0 END)::bigint AS reductions
     FROM disposition_moves, unnest(ARRAY['open', 'pooled']) AS d GROUP BY d ORDER BY d`,
  );
}

it("gives up batches that a withdrawal left without a verifier, and closes what is left anew", async () => {
  const bike = await publish("bike", "km");
  await publish("bus", "trip");
  now = null;
  await ingest(
    "OLDCITY",
    "b1,ann,bike,2025-06-18T01:00:00Z,,3,km",
    "b2,bob,bus,2025-06-18T01:00:00Z,2025-06-18T01:20:00Z,1,trip",
  );
  const first = await close(OLDCITY);
  expect(first.leafCount).toBe(2);
  await withdrawRule(context, bike, "test");
  await expect(mint(first.batchId)).rejects.toEqual(refused("attest.withdrawn-methodology"));

  // Another region's batch waits behind it, and is the first to be given up.
  await ingest("WUHAN", "w1,cy,metro,2025-06-18T01:00:00Z,2025-06-18T01:30:00Z,10,passenger-km");
  const second = await close(WUHAN);
  await expect(mint(second.batchId)).rejects.toEqual(refused("mint.order"));
  await expect(reopenBatch(context, first.batchId)).rejects.toEqual(refused("reopen.order"));

  // None whose commit is under way.
  const begun = { kind: "begun", step: "commit" } as const;
  const { db, tenant } = context;
  await setBatchState(db, tenant, second.batchId, begun, decideBatchStep);
  await expect(reopenBatch(context, second.batchId)).rejects.toEqual(refused("reopen.committed"));
  await setBatchState(db, tenant, second.batchId, { ...begun, kind: "failed" }, decideBatchStep);

  expect(await reopenBatch(context, second.batchId)).toEqual({
    batchId: second.batchId,
    reductions: 1,
    milligrams: second.totalMilligrams,
    head: first.batchId,
  });
  // Comes in between and is closed with what is open again.
  await ingest("WUHAN", "w2,di,metro,2025-06-19T01:00:00Z,2025-06-19T01:30:00Z,10,passenger-km");
  expect(await reopenBatch(context, first.batchId)).toMatchObject({ reductions: 2, head: null });
  expect(await describeBatches(context)).toEqual([]);
  // Whole archives are nobody's to clean away.
  expect(await context.archive.list()).toEqual(expect.arrayContaining([first.batchId, second.batchId]));
  expect(await sums()).toEqual([
    { to: "open", reductions: 4n },
    { to: "pooled", reductions: 0n },
  ]);
  await expect(reopenBatch(context, first.batchId)).rejects.toEqual(refused("batch.unknown"));

  const city = await close(OLDCITY);
  expect(city.leafCount).toBe(1);
  const metro = await close(WUHAN);
  expect(metro.leafCount).toBe(2);
  expect(await mint(city.batchId)).toMatchObject({ state: "minted" });
  expect(await mint(metro.batchId)).toMatchObject({ state: "minted" });
  await expect(reopenBatch(context, metro.batchId)).rejects.toEqual(refused("reopen.committed"));
  // The withdrawn version's act stays open.
  expect(await sums()).toEqual([
    { to: "open", reductions: 1n },
    { to: "pooled", reductions: 3n },
  ]);
}, 240_000);
