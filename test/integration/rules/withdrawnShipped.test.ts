import { afterAll, beforeAll, expect, it } from "vitest";
import { withdrawMethodology } from "../../../src/adapters/chain/intents/withdrawMethodology.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { describeMethodology } from "../../../src/app/methodologies/describeMethodology.ts";
import { describeWholeRule } from "../../../src/app/rules/describeRule.ts";
import { regionCode } from "../../../src/base/lib/ids.ts";
import { methodologyIdOf } from "../../../src/format/batch/methodology.ts";
import { parseProfile } from "../../../src/stages/ingest/profile/profile.ts";
import { shippedProfileText } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { shippedMethodologies } from "../../../src/stages/quantify/shippedMethodologies.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";

const WUHAN = regionCode("WUHAN");
const HEADINGS = "recordId,subject,scenario,startedAt,endedAt,quantity,unit";
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

async function ingest(name: string, ...rows: readonly string[]) {
  const file = join(place.folder, name);
  writeFileSync(file, `${[HEADINGS, ...rows].join("\n")}\n`);
  const text = shippedProfileText("canonical-csv").replace(/^region: .*$/m, "region: WUHAN");
  const profile = parseProfile(text, context.classLists.newest);
  return ingestFile(context, {
    file,
    profile,
    rejectsFile: null,
    duplicatesFile: null,
    lookupFolder: null,
  });
}
const close = async () => closeBatch(context, { region: WUHAN, vintage: 2025 });

it("a shipped methodology that its registrar withdrew on chain counts nothing any more", async () => {
  await ingest("1.csv", "w1,ann,bike,2025-06-18T01:00:00Z,,3,km");
  await mintBatch(context, { batch: (await close()).batchId, attestations: null });

  const bike = shippedMethodologies().find(
    ({ region, scenario }) => region === WUHAN && scenario === "bike",
  ) as ReturnType<typeof shippedMethodologies>[number];
  const id = methodologyIdOf(bike);
  const chain = await context.chain();
  const registrar = chain.admin?.address as `0x${string}`;
  const { MethodologyRegistry } = chain.deployment.contracts;
  await chain.outbox.enqueue(withdrawMethodology(MethodologyRegistry, registrar, id));
  await chain.settle();

  // Told by the chain when it closes: the bike's act stays out, the metro's can be minted.
  await ingest(
    "2.csv",
    "w2,bob,bike,2025-06-19T01:00:00Z,,3,km",
    "w3,cy,metro,2025-06-19T01:00:00Z,2025-06-19T01:30:00Z,10,passenger-km",
  );
  const second = await close();
  expect(second.leafCount).toBe(1);
  await expect(mintBatch(context, { batch: second.batchId, attestations: null })).resolves.toMatchObject({
    state: "minted",
  });

  // And kept: nothing is admitted by it, in this process or in the next one.
  const row = (recordId: string) => `${recordId},dora,bike,2025-06-20T01:00:00Z,,3,km`;
  expect((await ingest("3.csv", row("w4"))).reasons).toEqual({ "methodology.none": 1 });
  await context.close();
  context = await place.open();
  expect((await ingest("4.csv", row("w5"))).reasons).toEqual({ "methodology.none": 1 });
  const name = `${bike.code}@${bike.version}`;
  expect(await describeMethodology(context, name)).toMatchObject({ methodologyId: id, state: "withdrawn" });
  expect(await describeWholeRule(context, name, ["methodology"])).toMatchObject({
    state: "withdrawn",
    decisions: [{ what: "withdraw", by: registrar.toLowerCase(), after: "withdrawn" }],
  });
  // Asked again it writes nothing anew.
  await expect(close()).rejects.toMatchObject({ code: "closing.nothing-open" });
}, 240_000);
