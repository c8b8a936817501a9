import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredBatch } from "../../../src/adapters/storage/batches/batches.ts";
import { knownBatch } from "../../../src/adapters/storage/batches/knownBatch.ts";
import { attestBatch, type Verifier } from "../../../src/app/attest/attestBatch.ts";
import { openPackage } from "../../../src/app/attest/openPackage.ts";
import { openVerifier } from "../../../src/app/attest/openVerifier.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { confidentialLeaves } from "../../../src/app/batches/confidentialLeaves.ts";
import { packageBatch } from "../../../src/app/batches/packageBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile, type IngestReport } from "../../../src/app/ingest/ingestFile.ts";
import { proveAct } from "../../../src/app/proofs/proveAct.ts";
import { proposeRule } from "../../../src/app/rules/proposeRule.ts";
import { publishRule } from "../../../src/app/rules/publishRule.ts";
import { utf8 } from "../../../src/base/lib/bytes.ts";
import { providerId, regionCode } from "../../../src/base/lib/ids.ts";
import { parseInstant } from "../../../src/base/lib/time/parseInstant.ts";
import { systemClock } from "../../../src/app/process/system.ts";
import type { ConfidentialLeaf } from "../../../src/base/types/confidentialLeaf.ts";
import type { Milligrams, UnixSeconds } from "../../../src/base/types/quantities.ts";
import type { CapCounts } from "../../../src/stages/attest/capCheck.ts";
import { decodeManifest } from "../../../src/format/batch/manifest.ts";
import { parseProfile } from "../../../src/stages/ingest/profile/profile.ts";
import { verifyArchive } from "../../../src/verify/verifyArchive.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";
import { PLAIN_TERMS } from "../../support/plainTerms.ts";

const DEADLINE = 2_000_000_000 as UnixSeconds;
const CAPCITY = regionCode("CAPCITY");
const version = (scenario: string, unit: string, rule: object, caps: object, more: object = {}) => ({
  schema: "microtonne-methodology/2",
  code: `CAPCITY-${scenario.toUpperCase()}`,
  version: "1",
  title: scenario,
  region: "CAPCITY",
  timeZone: "Asia/Shanghai",
  scenario,
  unit,
  source: "Invented for this test.",
  category: "act",
  validFrom: "2024-12-31T16:00Z",
  validTo: "2025-12-31T16:00Z",
  days: { first: "2025-01-01", last: "2025-12-31" },
  rule,
  ...PLAIN_TERMS,
  caps: { ...PLAIN_TERMS.caps, ...caps },
  ...more,
});
const linear = (gramsPerUnit: string) => ({ kind: "linear", gramsPerUnit });
/** Another factor and a lower cap from 10:58 local on. */
const CHANGE = {
  first: { validTo: "2025-06-18T02:58Z", days: { first: "2025-01-01", last: "2025-06-18" } },
  second: { version: "2", validFrom: "2025-06-18T02:58Z", days: { first: "2025-06-18", last: "2025-12-31" } },
};
const BIKE_CAPS = { gramsPerSubjectYear: "1500", gramsPerProgrammeYear: "2000" };
const RULES = [
  version("bike", "km", linear("100"), { gramsPerSubjectDay: "1000", ...BIKE_CAPS }, CHANGE.first),
  version("bike", "km", linear("80"), { gramsPerSubjectDay: "900", ...BIKE_CAPS }, CHANGE.second),
  version(
    "metro",
    "passenger-km",
    { kind: "table", by: "month", rows: [{ value: "2025-06", gramsPerUnit: "50" }] },
    { gramsPerSubjectDay: "600" },
  ),
  version(
    "electricity-saving",
    "kWh",
    { kind: "saving", reference: "reference", leastBps: 1000, floorUnits: "1", gramsPerUnit: "500" },
    { gramsPerSubjectYear: "6000.5" },
  ),
];
const PROFILE = `schema: microtonne-profile/1
name: city
description: Rows of a test.
provider: { id: city, name: city }
region: CAPCITY
format: { kind: csv }
recordId: { columns: [recordId] }
subject: { column: subject, scope: deployment, required: false }
scenario: { column: scenario, map: { bike: bike, metro: metro, saving: electricity-saving } }
time: { format: iso }
start: { columns: [startedAt] }
end: { columns: [endedAt], required: false }
quantity: { column: quantity, unitColumn: unit }
attributes:
  reference: { column: reference }
`;

describe("a batch under caps on days and years", () => {
  let place: Place;
  let context: Context;
  let verifier: Verifier;
  let batch: StoredBatch;
  let now: UnixSeconds | null = parseInstant("2024-12-01");
  let files = 0;
  const ingest = async (...rows: readonly string[]): Promise<IngestReport> => {
    const file = join(place.folder, `${String(++files)}.csv`);
    writeFileSync(
      file,
      `recordId,subject,scenario,startedAt,endedAt,quantity,unit,reference\n${rows.join("\n")}\n`,
    );
    const profile = parseProfile(PROFILE, context.classLists.newest);
    return ingestFile(context, {
      file,
      profile,
      rejectsFile: null,
      duplicatesFile: null,
      lookupFolder: null,
    });
  };
  const leavesOf = async (of: StoredBatch): Promise<ConfidentialLeaf[]> => {
    const leaves: ConfidentialLeaf[] = [];
    for await (const some of confidentialLeaves(context, of)) leaves.push(...some);
    return leaves;
  };
  const attested = (
    of: StoredBatch,
    leaves: readonly ConfidentialLeaf[],
    onCaps?: (counts: CapCounts) => void,
  ) =>
    attestBatch(verifier, {
      manifestBytes: of.manifest,
      deadline: DEADLINE,
      leaves: (async function* () {
        yield await Promise.resolve(leaves);
      })(),
      ...(onCaps && { onCaps }),
    });
  /** Leaves with what their first record is called by. */
  const weights = async (of: StoredBatch): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await leavesOf(of)).map(({ records, cutTo }) => [records[0]?.recordId ?? "", String(cutTo)]),
    );
  const proofOf = (recordId: string): Promise<Uint8Array> =>
    proveAct(context, { provider: providerId("city"), recordId, disclose: true });
  const close = async (): Promise<StoredBatch> => {
    const { batchId } = await closeBatch(context, { region: CAPCITY, vintage: 2025 });
    return knownBatch(context.db, context.tenant, batchId);
  };

  beforeAll(async () => {
    place = await newPlace(null, { MICROTONNE_RULES_REACH_BACK: "taken" });
    context = await place.open({ now: () => now ?? systemClock.now() });
    for (const rule of RULES) {
      const file = { name: "rule.json", bytes: utf8(JSON.stringify(rule)) };
      const kinds = ["methodology"] as const;
      await publishRule(context, await proposeRule(context, file, kinds));
    }
    now = null;
    const chain = await context.chain();
    verifier = await openVerifier(context, chain, chain.verifiers[2] as Verifier["signer"]);
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  it("counts what the caps leave, by every kind of rule, and says so to the provider", async () => {
    const report = await ingest(
      // 700 g; 10:58 local is 02:58 UTC. The version with 900 g has 200 left, and it gives 80 g a km.
      "b1,ann,bike,2025-06-18T01:00:00Z,,7,km,",
      "b2,ann,bike,2025-06-18T03:00:00Z,,2.5,km,",
      "b3,ann,bike,2025-06-18T06:00:00Z,,3,km,",
      "b4,ann,bike,2025-06-18T09:00:00Z,,3,km,",
      // The next local day: 600 g of the year are left to ann, and bob gets the rest of everybody's 2,000.
      "b5,ann,bike,2025-06-18T16:30:00Z,,10,km,",
      "b6,bob,bike,2025-06-19T01:00:00Z,,9,km,",
      "b7,eve,bike,2025-06-19T02:00:00Z,,1,km,",
      "b8,,bike,2025-06-19T03:00:00Z,,1,km,",
      "m1,ann,metro,2025-06-18T01:20:00Z,2025-06-18T01:50:00Z,10,passenger-km,",
      "m2,ann,metro,2025-06-18T10:20:00Z,2025-06-18T10:50:00Z,10,passenger-km,",
      "s1,ann,saving,2025-06-01T00:00:00Z,,90,kWh,100",
      "s2,ann,saving,2025-06-02T00:00:00Z,,90,kWh,100",
    );
    expect(report.reasons).toEqual({
      "cap.programme-year": 1,
      "cap.subject-day": 2,
      "methodology.subject": 1,
    });
    expect(report.notes).toMatchObject({ "note.capped": 4 });
    expect(report).toMatchObject({ read: 12, accepted: 8, rejected: 4 });
    batch = await close();
    expect(await weights(batch)).toEqual({
      b1: "700000",
      b2: "200000",
      b5: "600000",
      b6: "500000",
      m1: "500000",
      m2: "100000",
      s1: "5000000",
      s2: "1000500",
    });
  });

  it("is attested from its package, with what was seen of the caps", async () => {
    let told: CapCounts | null = null;
    const leaves = await leavesOf(batch);
    const attestation = await attested(batch, leaves, (counts) => (told = counts));
    expect(told).toEqual({ leaves: 8, cut: 4 });
    const file = join(place.folder, "package.ndjson");
    await packageBatch(context, { batch: batch.batchId, file });
    expect(await attestBatch(verifier, { ...(await openPackage(file)), deadline: DEADLINE })).toEqual(
      attestation,
    );
  });

  it("is refused where a leaf weighs more than caps or records leave, or less than it does", async () => {
    const leaves = await leavesOf(batch);
    const changed = (id: string, cutTo: bigint | null): ConfidentialLeaf[] =>
      leaves.map(({ cutTo: was, ...leaf }) => {
        const weight = leaf.records[0]?.recordId === id ? cutTo : (was ?? null);
        return { ...leaf, ...(weight !== null && { cutTo: weight as Milligrams }) };
      });
    for (const [id, cutTo, code, what] of [
      // By 100 mg, and where the package is silent.
      ["m2", 100_100n, "cap", "a subject's day comes to 600100 mg"],
      ["m2", null, "cap", "a subject's day comes to 1000000 mg"],
      ["s2", 1_000_501n, "cap", "a subject's year comes to 6000501 mg"],
      ["b6", 500_001n, "cap", "everybody's year comes to 2000001 mg"],
      ["b1", 700_001n, "cut", "its records come to 700000 mg"],
      ["b1", 0n, "cut", "it weighs nothing"],
      ["b6", 499_999n, "commitment", "totalMilligrams"],
    ] as const)
      await expect(attested(batch, changed(id, cutTo)), `${id} ${String(cutTo)}`).rejects.toMatchObject({
        code: `attest.${code}`,
        message: expect.stringContaining(what) as string,
      });
    const nobody = leaves.map((leaf) =>
      leaf.records[0]?.recordId === "b6" ? { ...leaf, subjectKey: null } : leaf,
    );
    await expect(attested(batch, nobody)).rejects.toMatchObject({ code: "attest.cap" });
  });

  it("is proven and verified, and no sentence says more than was seen", async () => {
    const proof = await proofOf("s2");
    const verdict = await verifyProof(proof, null);
    expect(verdict.checked.join("\n")).toContain("but for 1 leaf whose records come to more");
    expect(verdict.checked.join("\n")).toContain("keep, each by itself, to the caps");
    expect(verdict.checked.join("\n")).not.toContain("everybody's year");
    expect(verdict.notChecked.join("\n")).toContain("What other batches, and leaves that are not here, used");
    const archive = await verifyArchive(context.archive.reader(batch.batchId), null);
    expect(archive.checked.join("\n")).toContain(
      "keep together to the caps of their methodologies on everybody's",
    );
    expect(archive.notChecked.join("\n")).toContain("a leaf does not say whose it is");
  });

  it("finds out the operator who overstates, by package, by archive and by the proof of an act", async () => {
    // 952 g are more than the day's 900. The operator forgets what the year used, and lets all of it count.
    expect(await ingest("o1,zoe,bike,2025-06-20T01:00:00Z,,1,km,")).toMatchObject({ accepted: 0 });
    await context.db.execute("DELETE FROM cap_use");
    expect(await ingest("o1,zoe,bike,2025-06-20T01:00:00Z,,11.9,km,")).toMatchObject({
      accepted: 1,
      milligrams: "900000",
    });
    await context.db.execute("UPDATE facts SET milligrams = 952000 WHERE record_id = 'o1'");
    const overstated = await close();
    verifier = { ...verifier, head: batch.batchId };
    await expect(attested(overstated, await leavesOf(overstated))).rejects.toMatchObject({
      code: "attest.cap",
      message: expect.stringContaining("a subject's day comes to 952000 mg in this batch") as string,
    });
    await expect(verifyArchive(context.archive.reader(overstated.batchId), null)).rejects.toMatchObject({
      code: "archive.cap",
    });
    const proof = await proofOf("o1");
    await expect(verifyProof(proof, null)).rejects.toMatchObject({ code: "verify.cap" });
  });

  it("is refused where everybody's year was counted in a live batch that is kept already", async () => {
    // The year's 2,000 g are in the first batch; the operator has forgotten again.
    await context.db.execute("DELETE FROM cap_use");
    expect(await ingest("y1,may,bike,2025-06-21T01:00:00Z,,1,km,")).toMatchObject({ accepted: 1 });
    const again = await close();
    const leaves = await leavesOf(again);
    expect(leaves).toHaveLength(1);
    const head = decodeManifest(again.manifest).previousBatchId;
    const beside = (live: readonly StoredBatch[]) =>
      (verifier = { ...verifier, head, live: live.map(({ batchId }) => batchId) });
    beside([batch]);
    await expect(attested(again, leaves)).rejects.toMatchObject({
      code: "attest.cap",
      message: expect.stringMatching(
        /kept here everybody's year 2025 comes to 20\d{5} mg or more, and CAPCITY-BIKE caps it at 2000000 mg/,
      ) as string,
    });
    // One that never came on chain used nothing.
    beside([]);
    await expect(attested(again, leaves)).resolves.toMatchObject({ batchId: again.batchId });
  });
});
