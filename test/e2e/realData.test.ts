import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { theirTree } from "../../scripts/generate/vectors/merkletreejs.ts";
import { folderReader } from "../../src/adapters/archive/folderReader.ts";
import { proveAtBlock } from "../../src/adapters/chain/proveAtBlock.ts";
import { closeBatch } from "../../src/app/batches/closeBatch.ts";
import type { Context } from "../../src/app/context.ts";
import { describeBatch, type BatchDescription } from "../../src/app/batches/describeBatch.ts";
import { ingestFile, type IngestReport } from "../../src/app/ingest/ingestFile.ts";
import { mintBatch } from "../../src/app/batches/mintBatch.ts";
import { proveAct } from "../../src/app/proofs/proveAct.ts";
import { proveRetirement } from "../../src/app/proofs/proveRetirement.ts";
import type { RetirementDescription } from "../../src/app/retirements/describeRetirement.ts";
import { retireCredits } from "../../src/app/retirements/retireCredits.ts";
import { parseTonnes } from "../../src/base/lib/mass.ts";
import { providerId, regionCode } from "../../src/base/lib/ids.ts";
import { bundleCount, bundlePath } from "../../src/format/archive/archiveLayout.ts";
import { LEAF_BYTES } from "../../src/format/batch/leaf.ts";
import { decodeProofFile, encodeProofFile } from "../../src/format/proofs/proofFile.ts";
import { leafNode, type SumNode } from "../../src/format/batch/sumTree.ts";
import { shippedProfile } from "../../src/stages/ingest/profile/shippedProfiles.ts";
import type { Trust } from "../../src/verify/trust.ts";
import { verifyArchive } from "../../src/verify/verifyArchive.ts";
import { verifyProof } from "../../src/verify/verifyProof.ts";
import { newPlace, type Place } from "./support/newPlace.ts";
import { dataFile, hasData, plainDundeeMilligrams, plainSingaporeMilligrams } from "./support/realData.ts";

const SINGAPORE = [
  "bike/singapore_bike_trips_20170911.tsv.gz",
  "bike/singapore_bike_trips_20170912.tsv.gz",
] as const;
const DUNDEE = "ev/dundee_060618-060918.csv.gz";
const server = process.env["TEST_DATABASE_URL"] ?? null;
const engines = [
  { name: "the embedded database", url: null, runs: hasData },
  { name: "Postgres", url: server, runs: hasData && server !== null },
];

// Without real data nothing here runs, without TEST_DATABASE_URL not its Postgres half; the test command says
// so.
for (const { name, url, runs } of engines) {
  describe.skipIf(!runs)(`the gram path over real files, on ${name}`, () => {
    gramPathOn(url);
  });
}

function gramPathOn(url: string | null): void {
  let place: Place;
  let context: Context;
  let bikes: BatchDescription;
  let charging: BatchDescription;
  let retirement: RetirementDescription;
  let proof: Uint8Array;
  const reports: IngestReport[] = [];
  const ingest = (file: string, profile: string): Promise<IngestReport> =>
    ingestFile(context, {
      file: dataFile(file),
      profile: shippedProfile(profile),
      rejectsFile: join(place.folder, "rejects.csv"),
      duplicatesFile: null,
      lookupFolder: null,
    });

  beforeAll(async () => {
    place = await newPlace(url);
    context = await place.open();
    for (const file of SINGAPORE) reports.push(await ingest(file, "singapore-bikes"));
    reports.push(await ingest(DUNDEE, "dundee-charging"));
    bikes = await closeBatch(context, { region: regionCode("SGP"), vintage: 2017 });
    charging = await closeBatch(context, { region: regionCode("DUNDEE"), vintage: 2018 });
    for (const { batchId } of [bikes, charging])
      await mintBatch(context, { batch: batchId, attestations: null });
    // ICBC Lijiang Sifang Street: 2.62 t emitted.
    retirement = await retireCredits(context, {
      amount: parseTonnes("2.62"),
      purpose: "corporate-neutrality",
      beneficiary: { name: "ICBC Lijiang Sifang Street branch", lei: null },
      use: "Emissions of the branch",
      reportingYear: 2025,
      country: "CN",
      batch: null,
      reference: "icbc-lijiang",
    });
    proof = await proveRetirement(context, retirement.retirementId);
  });
  afterAll(async () => {
    await context.close();
    await place.remove();
  });

  it("accounts for every row of the files", () => {
    expect(
      reports.map(({ read, accepted, rejected, duplicates }) => ({ read, accepted, rejected, duplicates })),
    ).toEqual([
      { read: 31_630, accepted: 31_353, rejected: 277, duplicates: 0 },
      { read: 38_794, accepted: 38_434, rejected: 360, duplicates: 0 },
      { read: 19_227, accepted: 18_413, rejected: 814, duplicates: 0 },
    ]);
    for (const { read, accepted, rejected, duplicates, reasons } of reports) {
      expect(accepted + rejected + duplicates).toBe(read);
      expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(rejected + duplicates);
    }
  });

  it("comes to the milligrams of an independent computation", async () => {
    const plain = SINGAPORE.map((file) => plainSingaporeMilligrams(file));
    expect(
      reports
        .slice(0, 2)
        .map(({ accepted, milligrams }) => ({ trips: accepted, milligrams: BigInt(milligrams) })),
    ).toEqual(plain);
    expect(BigInt((await describeBatch(context, bikes.batchId)).totalMilligrams)).toBe(
      plain.reduce((sum, { milligrams }) => sum + milligrams, 0n),
    );
    const sessions = plainDundeeMilligrams(DUNDEE);
    const [, , dundee] = reports;
    expect({ sessions: dundee?.accepted, milligrams: BigInt(charging.totalMilligrams) }).toEqual(sessions);
  });

  it("adds nothing when a file comes again", async () => {
    const again = await ingest(SINGAPORE[0], "singapore-bikes");
    expect(again).toMatchObject({
      read: 31_630,
      accepted: 0,
      rejected: 277,
      duplicates: 31_353,
      milligrams: "0",
    });
  });

  it("has the root that merkletreejs computes over the same leaves", async () => {
    const archive = folderReader(bikes.archive);
    const nodes: SumNode[] = [];
    for (let bundle = 0; bundle < bundleCount(bikes.leafCount); bundle++) {
      const bytes = await archive.read(bundlePath(bundle));
      for (let at = 0; at < bytes.length; at += LEAF_BYTES)
        nodes.push(leafNode(bytes.subarray(at, at + LEAF_BYTES)));
    }
    const theirs = theirTree(nodes);
    expect(`0x${theirs.root.hashed.toString("hex")}`).toBe(bikes.root);
    expect(theirs.root.size.toString()).toBe(bikes.totalMilligrams);
  });

  it("retires 2.62 t with serials from the oldest vintage", () => {
    expect(retirement).toMatchObject({
      tonnes: "2.62",
      milligrams: "2620000000",
      purpose: "corporate-neutrality",
    });
    expect(retirement.serials).toEqual([`MT-SGP-2017-${bikes.batchId.slice(2, 34)}-0-2619999999`]);
  });

  it("is verified by a stranger in all three modes", async () => {
    const { client, deployment } = await context.chain();
    const { chainId, contracts } = deployment;
    const { blockHash } = await proveAtBlock(client, []);
    const modes: Trust[] = [
      { mode: "root", batches: [{ batchId: bikes.batchId }] },
      { mode: "block", chainId, blockHash, contracts },
      { mode: "rpc", client, chainId, contracts },
    ];
    for (const trust of modes) {
      const { mode, facts } = await verifyProof(proof, trust);
      expect({ mode, tonnes: facts.retirement?.tonnes, serials: facts.batches[0]?.serials }).toEqual({
        mode: trust.mode,
        tonnes: "2.62",
        serials: retirement.serials,
      });
    }
    expect((await verifyProof(proof, modes[0] as Trust)).notChecked.join(" ")).toMatch(
      /retirement .*not checked/i,
    );
    for (const { archive } of [bikes, charging])
      expect((await verifyArchive(folderReader(archive), modes[2] as Trust)).ok).toBe(true);
  });

  it("proves one ride, with its record where its holder discloses it", async () => {
    const [line = ""] = (await readFile(join(place.folder, "rejects.csv"), "utf8")).split("\r\n");
    expect(line).toContain("row");
    const act = await proveAct(context, {
      provider: providerId("singapore-bikes"),
      recordId: "89852",
      disclose: true,
    });
    const verdict = await verifyProof(act, { mode: "root", batches: [{ batchId: bikes.batchId }] });
    expect(verdict.facts.batches[0]).toMatchObject({ leaves: 1, milligrams: "21880" });
  });

  it("is refused where the proof speaks of another amount, batch or holder", async () => {
    const { client, deployment } = await context.chain();
    const trust: Trust = {
      mode: "rpc",
      client,
      chainId: deployment.chainId,
      contracts: deployment.contracts,
    };
    const file = decodeProofFile(proof);
    const { record } = file.retirement ?? {};
    if (!record) throw new Error("The proof has no retirement.");
    const forgeries = [
      { ...record, beneficiaryHash: `0x${"ab".repeat(32)}` as const },
      { ...record, holder: `0x${"ab".repeat(20)}` as const },
    ];
    for (const forged of forgeries) {
      await expect(
        verifyProof(encodeProofFile({ ...file, retirement: { record: forged } }), trust),
      ).rejects.toMatchObject({
        code: "verify.retirement",
      });
    }
    await expect(
      verifyProof(proof, { mode: "root", batches: [{ batchId: charging.batchId }] }),
    ).rejects.toMatchObject({
      code: "verify.root",
    });
  });
}
