import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBatch, type StoredBatch } from "../../../src/adapters/storage/batches/batches.ts";
import { attestBatch, type Verifier } from "../../../src/app/attest/attestBatch.ts";
import { closeBatch } from "../../../src/app/batches/closeBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { mintBatch } from "../../../src/app/batches/mintBatch.ts";
import { chainRuleOf } from "../../../src/app/rules/chainRules.ts";
import { methodologyContent } from "../../../src/stages/rules/methodologyContent.ts";
import { onIntentFinal } from "../../../src/app/chain/onIntentFinal.ts";
import { readArchiveFile } from "../../../src/app/batches/readArchiveFile.ts";
import { retireCredits, type RetireRequest } from "../../../src/app/retirements/retireCredits.ts";
import { openVerifier } from "../../../src/app/attest/openVerifier.ts";
import { openPackage } from "../../../src/app/attest/openPackage.ts";
import { confidentialLeaves } from "../../../src/app/batches/confidentialLeaves.ts";
import { packageBatch } from "../../../src/app/batches/packageBatch.ts";
import { listRetirements } from "../../../src/adapters/storage/retirements/listRetirements.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import type { StoredRetirement } from "../../../src/stages/retire/ports.ts";
import type { OutboxEntry } from "../../../src/stages/outbox/ports.ts";
import { providerId, regionCode } from "../../../src/base/lib/ids.ts";
import type { ConfidentialLeaf } from "../../../src/base/types/confidentialLeaf.ts";
import type { Methodology } from "../../../src/base/types/methodology.ts";
import type { MicroUnits, Milligrams, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { decodeManifest, encodeManifest, type Manifest2 } from "../../../src/format/batch/manifest.ts";
import { withProvider } from "../../../src/stages/ingest/profile/profile.ts";
import { shippedProfile } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { MethodologyCatalogue } from "../../../src/stages/quantify/catalogue.ts";
import { publishedClasses } from "../../unit/format/batch/support/longerClassLists.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";
import { raised } from "./support/raised.ts";
import { rides } from "./support/rides.ts";
import { decodeFunctionData } from "viem";
import { batchRegistryAbi } from "../../../src/adapters/chain/abis.generated.ts";
import { SECONDS_PER_DAY } from "../../../src/base/lib/time/units.ts";

const DEADLINE = 2_000_000_000 as UnixSeconds;
const WUHAN = regionCode("WUHAN");
/** A list that has none of the classes that are ridden here. */
const TRAMS = publishedClasses([{ code: 0x4001, name: "tram", unit: "trip" }], 1);

describe("a verifier", () => {
  let place: Place;
  let context: Context;
  let verifier: Verifier;
  let batch: StoredBatch;
  let leaves: ConfidentialLeaf[];
  let folder: string;
  let second: BatchId;
  const signed = (manifestBytes: Uint8Array, list: readonly ConfidentialLeaf[]) =>
    attestBatch(verifier, {
      manifestBytes,
      deadline: DEADLINE,
      leaves: (async function* () {
        for (let i = 0; i < list.length; i += 40) yield await Promise.resolve(list.slice(i, i + 40));
      })(),
    });
  const withManifest = (change: (manifest: Manifest2) => Partial<Manifest2>): Uint8Array => {
    const manifest = decodeManifest(batch.manifest) as Manifest2;
    return encodeManifest({ ...manifest, ...change(manifest) });
  };
  const withLeaf = (
    index: number,
    change: (leaf: ConfidentialLeaf) => ConfidentialLeaf,
  ): ConfidentialLeaf[] => leaves.map((leaf, at) => (at === index ? change(leaf) : leaf));
  const withRecord = (
    change: (record: ConfidentialLeaf["records"][number]) => Partial<ConfidentialLeaf["records"][number]>,
  ) =>
    withLeaf(0, (leaf) => ({
      ...leaf,
      records: leaf.records.map((record) => ({ ...record, ...change(record) })),
    }));

  beforeAll(async () => {
    place = await newPlace(null);
    folder = mkdtempSync(join(tmpdir(), "microtonne-attest-"));
    context = await place.open();
    await ingest("first.csv", rides(0, 120));
    const closed = await closeBatch(context, { region: WUHAN, vintage: 2025 });
    batch = (await findBatch(context.db, context.tenant, closed.batchId)) as StoredBatch;
    const chain = await context.chain();
    const opened = await openVerifier(context, chain, chain.verifiers[2] as Verifier["signer"]);
    verifier = { ...opened, classLists: opened.classLists.with(TRAMS) };
    leaves = [];
    for await (const drafts of confidentialLeaves(context, batch)) leaves.push(...drafts);
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
    rmSync(folder, { recursive: true });
  });
  async function ingest(name: string, text: string): Promise<void> {
    const file = join(folder, name);
    writeFileSync(file, text);
    await ingestFile(context, {
      file,
      profile: withProvider(shippedProfile("canonical-csv"), "city-bikes"),
      rejectsFile: null,
      duplicatesFile: null,
      lookupFolder: null,
    });
  }

  it("signs what it could recompute, and the same from a package on disk", async () => {
    const attestation = await signed(batch.manifest, leaves);
    expect(attestation).toMatchObject({
      batchId: batch.batchId,
      deadline: String(DEADLINE),
      verifier: verifier.signer.address,
    });
    const file = join(folder, "package.ndjson");
    await packageBatch(context, { batch: batch.batchId, file });
    const opened = await openPackage(file);
    expect(await attestBatch(verifier, { ...opened, deadline: DEADLINE })).toEqual(attestation);
  });

  it("refuses a quantity that was raised by a millionth", async () => {
    await expect(
      signed(
        batch.manifest,
        withRecord((record) => ({ quantity: (record.quantity + 1n) as MicroUnits })),
      ),
    ).rejects.toMatchObject({ code: "attest.commitment" });
  });
  it("refuses an act that was moved to another minute", async () => {
    await expect(
      signed(
        batch.manifest,
        withRecord((record) => ({ startedAt: (record.startedAt - 60) as UnixSeconds })),
      ),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^attest\.(order|commitment)$/) as string });
  });
  it("refuses an act that can't be true by itself, whatever its operator let in", async () => {
    await expect(
      signed(
        batch.manifest,
        withRecord((record) => ({ endedAt: record.startedAt })),
      ),
    ).rejects.toMatchObject({
      code: "attest.implausible",
      message: expect.stringContaining("plausibility.too-fast") as string,
    });
  });
  it("refuses an act outside every methodology's validity", async () => {
    await expect(
      signed(
        batch.manifest,
        withRecord(() => ({ startedAt: Date.UTC(2024, 0, 1) / 1000, endedAt: null }) as never),
      ),
    ).rejects.toMatchObject({ code: "attest.record" });
  });
  it("refuses a leaf that is left out, comes twice or out of order", async () => {
    await expect(signed(batch.manifest, leaves.slice(1))).rejects.toMatchObject({
      code: "attest.commitment",
    });
    await expect(signed(batch.manifest, leaves.toReversed())).rejects.toMatchObject({ code: "attest.order" });
    await expect(signed(batch.manifest, [leaves[0] as ConfidentialLeaf, ...leaves])).rejects.toMatchObject({
      code: "attest.record-twice",
    });
  });
  it("refuses a time of closing that is to come, or before an act of the batch", async () => {
    const closedAt = (createdAt: number) =>
      signed(
        encodeManifest({
          ...decodeManifest(batch.manifest),
          createdAt: createdAt as UnixSeconds,
        }),
        leaves,
      );
    await expect(closedAt(Date.UTC(2099, 0) / 1000)).rejects.toMatchObject({ code: "attest.created-later" });
    await expect(closedAt(Date.UTC(2025, 5, 18) / 1000)).rejects.toMatchObject({
      code: "attest.created-earlier",
    });
  });
  it("refuses another salt or subject", async () => {
    await expect(
      signed(
        batch.manifest,
        withLeaf(3, (leaf) => ({ ...leaf, salt: new Uint8Array(32) })),
      ),
    ).rejects.toMatchObject({ code: "attest.commitment" });
    const named = leaves.findIndex(({ subjectKey }) => subjectKey !== null);
    await expect(
      signed(
        batch.manifest,
        withLeaf(named, (leaf) => ({ ...leaf, subjectKey: null })),
      ),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^attest\./) as string });
  });
  it("refuses a leaf without records and one of two people's rides", async () => {
    await expect(
      signed(
        batch.manifest,
        withLeaf(0, (leaf) => ({ ...leaf, records: [] })),
      ),
    ).rejects.toMatchObject({ code: "attest.empty" });
    const [a, b] = [leaves[0], leaves[1]] as [ConfidentialLeaf, ConfidentialLeaf];
    await expect(
      signed(
        batch.manifest,
        withLeaf(0, () => ({ ...a, records: [...a.records, ...b.records] })),
      ),
    ).rejects.toMatchObject({ code: "attest.mixed" });
  });

  it.each<[string, (manifest: Manifest2) => Partial<Manifest2>]>([
    [
      "attest.commitment",
      ({ totalMilligrams }) => ({ totalMilligrams: (totalMilligrams + 1n) as Milligrams }),
    ],
    ["attest.commitment", () => ({ root: `0x${"11".repeat(32)}` })],
    ["attest.commitment", () => ({ leavesHash: `0x${"11".repeat(32)}` })],
    [
      "attest.commitment",
      ({ subjectlessMilligrams }) => ({ subjectlessMilligrams: (subjectlessMilligrams - 1n) as Milligrams }),
    ],
    ["attest.chain", () => ({ chainId: "1" })],
    [
      "attest.contracts",
      ({ contracts }) => ({ contracts: { ...contracts, CarbonCredit: `0x${"11".repeat(20)}` } }),
    ],
    [
      "attest.key-scheme",
      ({ keyScheme }) => ({
        keyScheme: keyScheme.map((year) => ({ ...year, dedupe: `0x${"11".repeat(32)}` as const })),
      }),
    ],
    ["attest.previous", () => ({ previousBatchId: `0x${"11".repeat(32)}` as Manifest2["previousBatchId"] })],
    [
      "attest.scenario-classes",
      ({ scenarioClasses }) => ({
        scenarioClasses: { ...scenarioClasses, hash: `0x${"11".repeat(32)}` as const },
      }),
    ],
    [
      "attest.plausibility",
      ({ plausibility }) => ({ plausibility: { ...plausibility, hash: `0x${"11".repeat(32)}` as const } }),
    ],
    ["attest.scenario", () => ({ scenarioClasses: { version: 1, hash: TRAMS.versions[0]?.hash ?? "0x" } })],
    ["attest.methodology", ({ methodologies }) => ({ methodologies: raised(methodologies) })],
  ])("refuses with %s a manifest that says something else", async (code, change) => {
    await expect(signed(withManifest(change), leaves)).rejects.toMatchObject({ code });
  });

  it("refuses a leaf of a provider or a day that the manifest does not have", async () => {
    const stranger = withRecord(() => ({ provider: providerId("stranger") }));
    await expect(signed(batch.manifest, stranger)).rejects.toMatchObject({
      code: "attest.provider",
      message: "Leaf 0 is refused: its provider stranger is not in the manifest.",
    });
    const earlier = withManifest(({ vintage }) => ({
      vintage: { ...vintage, endDay: vintage.startDay },
    }));
    await expect(signed(earlier, leaves)).rejects.toMatchObject({
      code: "attest.vintage",
      message: "Leaf 0 is refused: its day lies outside the manifest's vintage.",
    });
  });

  it("and an operator are told what there is not: verifiers, a region, a file", async () => {
    const chain = await context.chain();
    const without = { ...context, chain: () => Promise.resolve({ ...chain, verifiers: [] }) } as Context;
    await expect(mintBatch(without, { batch: batch.batchId, attestations: null })).rejects.toMatchObject({
      code: "mint.attestations",
      remedy: { act: "hand-out-package", attestations: 2 },
    });
    await expect(closeBatch(context, { region: regionCode("NOWHERE"), vintage: 2025 })).rejects.toMatchObject(
      {
        code: "region.unknown",
        remedy: { act: "list-methodologies" },
      },
    );
    await expect(readArchiveFile(context, batch.batchId, "leaves/fff")).rejects.toMatchObject({
      code: "archive-file.unknown",
      message: `The archive of batch ${batch.batchId} has no file leaves/fff.`,
    });
    const gone = { kind: "mint", key: `mint:0x${"77".repeat(32)}` } as OutboxEntry;
    await expect(onIntentFinal(context, chain.client, chain.deployment, gone)).rejects.toMatchObject({
      code: "chain.vanished",
      message: expect.stringContaining("Run the command again: the outbox sends it anew.") as unknown,
    });
  });

  it("refuses test methodologies where the network is not local", async () => {
    const bikes: Methodology = {
      ...(decodeManifest(batch.manifest).methodologies[0] as Methodology),
      code: "TEST-WUHAN-BIKE",
    };
    const known = {
      ...verifier,
      local: false,
      methodologies: new MethodologyCatalogue([bikes], { refuseTestMethodologies: true }),
    };
    const manifestBytes = withManifest(() => ({ methodologies: [bikes] }));
    await expect(
      attestBatch(known, { manifestBytes, deadline: DEADLINE, leaves: (async function* () {})() }),
    ).rejects.toMatchObject({
      code: "attest.test-methodology",
    });
  });

  it("is not asked for a batch before the one ahead of it is on chain, nor counts it as live", async () => {
    await ingest("second.csv", rides(1_000, 20));
    const cut = (): never => {
      throw new Error("cut off");
    };
    await expect(closeBatch(context, { region: WUHAN, vintage: 2025, onProgress: cut })).rejects.toThrow(
      "cut off",
    );
    await expect(closeBatch(context, { region: WUHAN, vintage: 2024 })).rejects.toMatchObject({
      code: "closing.other",
    });
    second = (await closeBatch(context, { region: WUHAN, vintage: 2025 })).batchId;
    const stored = (await findBatch(context.db, context.tenant, second)) as StoredBatch;
    expect(decodeManifest(stored.manifest).previousBatchId).toBe(batch.batchId);
    await expect(mintBatch(context, { batch: second, attestations: null })).rejects.toMatchObject({
      code: "mint.order",
    });
    const chain = await context.chain();
    // It has kept the first batch, which it signed; that is not on chain.
    expect((await openVerifier(context, chain, verifier.signer)).live).toEqual([]);
  });

  it("refuses a batch that shares a key with a live one", async () => {
    // While the window of challenges is open, by the operator's clock, it is committed and no more.
    const early = { ...context, clock: { now: () => (context.clock.now() - 60) as UnixSeconds } };
    const waiting = await mintBatch(early, { batch: batch.batchId, attestations: null });
    expect(waiting).toMatchObject({ state: "committed", mintedMilligrams: "0" });
    expect(Date.parse(waiting.mintableAt ?? "")).toBeGreaterThan(early.clock.now() * 1000);
    expect(await mintBatch(context, { batch: batch.batchId, attestations: null })).toMatchObject({
      state: "minted",
      mintableAt: null,
    });
    const chain = await context.chain();
    // The network's own verifiers sign the deadline that outside ones do: the end of a UTC day.
    const commit = await chain.outbox.find(`commit:${batch.batchId}`);
    const { args } = decodeFunctionData({ abi: batchRegistryAbi, data: commit?.data ?? "0x" });
    const [{ deadline }] = args as unknown as [{ deadline: bigint }];
    expect(deadline % BigInt(SECONDS_PER_DAY)).toBe(0n);
    const later = await openVerifier(context, chain, chain.verifiers[0] as Verifier["signer"]);
    // What only this data folder knows is not live.
    expect(later.live).toEqual([batch.batchId]);
    // The same acts once more under a manifest that follows the first batch.
    const manifestBytes = withManifest(() => ({ previousBatchId: batch.batchId }));
    verifier = later;
    await expect(signed(manifestBytes, leaves)).rejects.toMatchObject({ code: "attest.known-key" });
  });

  it("finds a methodology that the chain has on other terms than its file", async () => {
    const chain = await context.chain();
    const content = methodologyContent(decodeManifest(batch.manifest).methodologies[0] as Methodology);
    expect(await chainRuleOf(chain, content)).toMatchObject({ state: "published" });
    await expect(chainRuleOf(chain, { ...content, region: regionCode("OTHER") })).rejects.toMatchObject({
      code: "rules.chain-differs",
      message: expect.stringMatching(/is on chain for region WUHAN .* Ask the registrar\.$/) as unknown,
    });
  });

  it("leaves a retirement that did not become final to be asked for again on its terms", async () => {
    const chain = await context.chain();
    const idle: Context = {
      ...context,
      chain: () => Promise.resolve({ ...chain, settle: () => Promise.resolve() }),
    };
    const request: RetireRequest = {
      amount: 1_000n as Milligrams,
      purpose: "event-neutrality",
      beneficiary: { name: "A branch", lei: null },
      use: null,
      reportingYear: 2025,
      country: "CN",
      batch: null,
      reference: "twice",
    };
    // Of the batch that was chosen nothing is minted, though of another one there is enough.
    await expect(
      retireCredits(context, { ...request, batch: second, reference: null }),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/^retire\.(?:nothing|insufficient)$/) as unknown,
    });
    await expect(retireCredits(idle, request)).rejects.toMatchObject({
      code: "retire.failed",
      message: expect.stringContaining("Run the command again.") as unknown,
    });
    await expect(retireCredits(context, { ...request, amount: 2_000n as Milligrams })).rejects.toMatchObject({
      code: "retire.reference",
    });
    const [{ retirementId }] = (await listRetirements(context.db, context.tenant)) as [StoredRetirement];
    // As the chain refuses it for good: nothing sends it again but who asks for it again.
    await chain.outbox.markFailed(`retire:${retirementId}`, "too few credits at that time");
    const done = await retireCredits(context, request);
    expect(await retireCredits(context, request)).toEqual(done);
    expect((await findBatch(context.db, context.tenant, batch.batchId))?.retiredMilligrams).toBe(1_000n);
  });
});
