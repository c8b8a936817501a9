/** A data folder whose salt keys were sealed by a version before they were derived. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBatch, type StoredBatch } from "../../../src/adapters/storage/batches/batches.ts";
import { eraseSaltKeys } from "../../../src/adapters/storage/batches/eraseSaltKeys.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import { confidentialLeaves } from "../../../src/app/batches/confidentialLeaves.ts";
import type { Context } from "../../../src/app/context.ts";
import { ingestSource } from "../../../src/app/ingest/ingestSource.ts";
import { proveAct } from "../../../src/app/proofs/proveAct.ts";
import { toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import { providerId, regionCode } from "../../../src/base/lib/ids.ts";
import type { LeafDraft } from "../../../src/base/types/confidentialLeaf.ts";
import type { SubjectKey } from "../../../src/base/types/ids.ts";
import { verifyArchive } from "../../../src/format/archive/verifyArchive.ts";
import { decodeProofFile, type ProofPart } from "../../../src/format/proofs/proofFile.ts";
import { shippedProfile } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { verifyProof } from "../../../src/verify/verifyProof.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";
import { sealingService } from "./support/sealingService.ts";

const SEALED_BYTES = 60;
const DERIVED_BYTES = 49;
const PROVIDER = providerId("canonical");

/** Rides of one minute each on a day of June 2025; "" names nobody. */
function rides(day: number, riders: readonly string[]): Uint8Array {
  const ride = (rider: string, i: number): string =>
    `{"recordId":"${String(day)}-${String(i)}","subject":${rider === "" ? "null" : `"${rider}"`},` +
    `"scenario":"metro","startedAt":"2025-06-${String(day)}T08:${String(10 + i)}:00+08:00","endedAt":null,` +
    `"quantity":"10","unit":"passenger-km"}\n`;
  return utf8(riders.map(ride).join(""));
}

async function takeIn(context: Context, bytes: Uint8Array): Promise<void> {
  await ingestSource(context, {
    source: {
      size: bytes.length,
      async *open() {
        yield bytes;
      },
      close: () => Promise.resolve(),
    },
    name: "rides",
    profile: shippedProfile("canonical-ndjson"),
    openLookup: () => {
      throw new Error("The profile has no lookup.");
    },
  });
}

async function closed(context: Context): Promise<StoredBatch> {
  const { batchId } = await closeBatch(context, { region: regionCode("WUHAN"), vintage: 2025 });
  return (await findBatch(context.db, context.tenant, batchId)) as StoredBatch;
}

async function leavesOf(context: Context, batch: StoredBatch): Promise<LeafDraft[]> {
  const leaves: LeafDraft[] = [];
  for await (const drafts of confidentialLeaves(context, batch)) leaves.push(...drafts);
  return leaves;
}

/** How long the stored salt keys are, shortest first. */
async function storedLengths({ db, tenant }: Context): Promise<number[]> {
  const rows = await db.query<{ length: number }>(
    `SELECT octet_length(sealed_key) AS length FROM subject_salt_keys WHERE tenant = $1 ORDER BY 1`,
    [tenant],
  );
  return rows.map(({ length }) => length);
}

const server = process.env["TEST_DATABASE_URL"];
describe.each([
  { engine: "PGlite", at: null },
  ...(server === undefined ? [] : [{ engine: "Postgres", at: server }]),
])("a folder with sealed salt keys on $engine", ({ at }) => {
  let place: Place;
  let context: Context;
  let first: StoredBatch;
  let second: StoredBatch;
  let before: LeafDraft[];
  beforeAll(async () => {
    place = await newPlace(at);
    const today = await place.open();
    const secret = readFileSync(join(place.folder, "keys", "sealing.key"));
    const earlier: Context = { ...today, keys: { ...today.keys, salts: sealingService(secret) } };
    await takeIn(earlier, rides(10, ["ada", "bob", "", "ada"]));
    first = await closed(earlier);
    before = await leavesOf(earlier, first);
    await today.close();
    context = await place.open();
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  it("tells the same of its batches as the version that closed them", async () => {
    expect(await storedLengths(context)).toEqual([SEALED_BYTES, SEALED_BYTES, SEALED_BYTES]);
    expect(await leavesOf(context, first)).toEqual(before);
  });

  it("closes, proves and discloses on, with sealed keys beside derived ones", async () => {
    await takeIn(context, rides(11, ["ada", "cem", "", "dan"]));
    second = await closed(context);
    expect(await storedLengths(context)).toEqual([
      DERIVED_BYTES,
      DERIVED_BYTES,
      SEALED_BYTES,
      SEALED_BYTES,
      SEALED_BYTES,
    ]);
    for (const [batch, day] of [
      [first, 10],
      [second, 11],
    ] as const) {
      await verifyArchive(context.archive.reader(batch.batchId), batch.batchId);
      for (const i of [0, 1, 2, 3]) {
        const request = { provider: PROVIDER, recordId: `${String(day)}-${String(i)}`, disclose: true };
        const proof = await proveAct(context, request);
        // Salt and records must hash to the published leaf.
        const { facts } = await verifyProof(proof, { mode: "root", batches: [{ batchId: batch.batchId }] });
        expect(facts.batches).toMatchObject([{ leaves: 1, leafCount: 4 }]);
        const { acts = [] } = decodeProofFile(proof).parts[0] as ProofPart;
        expect(acts[0]?.disclosed?.records).toMatchObject([{ recordId: request.recordId }]);
      }
    }
  });

  it("discloses nothing any more of subjects whose keys were erased, of either kind", async () => {
    const acts = [
      { provider: PROVIDER, recordId: "10-0", disclose: true },
      { provider: PROVIDER, recordId: "11-1", disclose: true },
    ];
    const leaves = await leavesOf(context, second);
    const subjectOf = (id: string): SubjectKey | null =>
      [...before, ...leaves].find(({ records }) => records[0]?.recordId === id)?.subjectKey ?? null;
    for (const act of acts) {
      const subjectKey = subjectOf(act.recordId);
      expect(await eraseSaltKeys(context.db, context.tenant, subjectKey as SubjectKey)).toBe(1);
      await expect(proveAct(context, act)).rejects.toMatchObject({ code: "record.erased" });
      await proveAct(context, { ...act, disclose: false });
    }
    await takeIn(context, rides(12, ["ada", "cem"]));
    const third = await closed(context);
    const salts = (await leavesOf(context, third)).map(({ salt }) => toHex(salt));
    expect(new Set(salts).size).toBe(2);
    expect(await storedLengths(context)).toHaveLength(7);
  });
});
