/** A batch from its close to its mint: what is refused on the way, and what waits for what. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeFunctionData } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchDisputesAbi, batchRegistryAbi } from "../../../src/adapters/chain/abis.generated.ts";
import { readParticipants } from "../../../src/adapters/chain/reads/readParticipants.ts";
import { startClosing } from "../../../src/adapters/storage/batches/startClosing.ts";
import { findClosing } from "../../../src/adapters/storage/batches/closings.ts";
import { closeBatch, type CloseRequest } from "../../../src/app/batches/closeBatch.ts";
import { closingTerms } from "../../../src/app/batches/closingTerms.ts";
import {
  describeBatch,
  describeBatches,
  type BatchDescription,
} from "../../../src/app/batches/describeBatch.ts";
import { mintBatch, type MintReport } from "../../../src/app/batches/mintBatch.ts";
import { reopenBatch } from "../../../src/app/batches/reopenBatch.ts";
import type { Context } from "../../../src/app/context.ts";
import { ingestFile } from "../../../src/app/ingest/ingestFile.ts";
import { systemClock } from "../../../src/app/process/system.ts";
import { providerId, regionCode } from "../../../src/base/lib/ids.ts";
import { formatTonnes, milligrams } from "../../../src/base/lib/mass.ts";
import { dayText, firstDayOf } from "../../../src/base/lib/time/calendar.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { decodeManifest } from "../../../src/format/batch/manifest.ts";
import { MANIFEST_PATH } from "../../../src/format/archive/archiveLayout.ts";
import { closingChecks } from "../../../src/stages/pool/closingChecks.ts";
import { parseProfile } from "../../../src/stages/ingest/profile/profile.ts";
import { shippedProfileText } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";

const WUHAN = regionCode("WUHAN");
const WINDOW = 3_600;
const HASH = `0x${"ab".repeat(32)}` as const;
const SPRING = { id: providerId("spring"), documentHash: HASH };
let place: Place;
let context: Context;
let early: BatchDescription;
let late: BatchDescription;
/** Seconds by which the clock of the folder is ahead. */
let ahead = 0;
let files = 0;

async function ride(...days: readonly string[]): Promise<void> {
  const file = join(place.folder, `${String(++files)}.csv`);
  const rows = days.map(
    (day) => `r${day},rider,metro,${day}T08:00:00+08:00,${day}T08:30:00+08:00,12.5,passenger-km`,
  );
  writeFileSync(file, `recordId,subject,scenario,startedAt,endedAt,quantity,unit\n${rows.join("\n")}\n`);
  const profile = parseProfile(shippedProfileText("canonical-csv"));
  const paths = { rejectsFile: null, duplicatesFile: null, lookupFolder: null };
  expect(await ingestFile(context, { file, profile, ...paths })).toMatchObject({ accepted: days.length });
}
const close = (vintage: number, more: Partial<CloseRequest> = {}) =>
  closeBatch(context, { region: WUHAN, vintage, ...more });
const mint = (batch: string, attestations: readonly string[] | null = null) =>
  mintBatch(context, { batch, attestations });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "nothing was refused",
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

beforeAll(async () => {
  place = await newPlace(null, { MICROTONNE_BUFFER_BPS: "500" });
  context = await place.open({ now: () => (systemClock.now() + ahead) as UnixSeconds });
});
afterAll(async () => {
  await context.close();
  await place.remove();
});

describe("the embedded chain that batches stand on", () => {
  it("has operator, verifiers, registrar, acting contracts, and time to answer disputes", async () => {
    const { client, deployment, operator, verifiers, admin } = await context.chain();
    const participants = await readParticipants(client, deployment);
    const kindsOf = (account: string | undefined) =>
      participants.find((one) => one.account === account?.toLowerCase())?.kinds;
    expect(kindsOf(operator.address)).toEqual(["operator"]);
    expect(verifiers).toHaveLength(3);
    for (const { address } of verifiers) expect(kindsOf(address)).toEqual(["verifier", "guardian"]);
    expect(kindsOf(admin?.address)).toEqual(["registrar", "regulator"]);
    expect(kindsOf(deployment.contracts.BatchDisputes)).toContain("escrow");
    expect(kindsOf(deployment.contracts.CarbonPoolFactory)).toContain("pool-factory");
    expect(new Set(participants.map(({ firmId }) => firmId)).size).toBe(participants.length);
    expect(deployment).toMatchObject({ network: "embedded", commit: "local", chainId: 31_337 });
    const terms = await client.ask(async (rpc) =>
      rpc.readContract({
        address: deployment.contracts.BatchDisputes,
        abi: batchDisputesAbi,
        functionName: "terms",
      }),
    );
    const [week, month] = [7 * 86_400, 30 * 86_400];
    expect(terms).toEqual({
      responseSeconds: week,
      rulingSeconds: month,
      doubleClaimBond: 0n,
      openGramBond: 0n,
    });
    expect(JSON.parse(readFileSync(context.config.chain.deploymentFile, "utf8"))).toMatchObject({
      network: "embedded",
    });
  });
});

describe("a close", () => {
  it("is refused while there is nothing to close, and where nobody counts", async () => {
    expect(await refusal(close(2025))).toMatch(/^closing\.nothing-open: .*WUHAN/);
    expect(await refusal(close(2025, { region: regionCode("ATLANTIS") }))).toBe(
      "region.unknown: No methodology is of region ATLANTIS.",
    );
    expect(await refusal(close(2025, { category: "behaviour" }))).toMatch(/^closing\.behaviour: /);
    expect(await describeBatches(context)).toEqual([]);
  });

  it("is refused terms that can't be said, before anything is frozen", async () => {
    await ride("2025-01-01", "2025-01-02", "2025-12-31");
    for (const [terms, code] of [
      [{ useBy: "2025-13-01" }, "close.terms"],
      [{ useBy: "2025-01-01" }, "close.use-by"],
      [{ title: { kind: "project-owner", documentHash: HASH } }, "close.title-kind"],
      [{ audience: { leaves: "public", tiles: "participants" } }, "close.audience"],
      [{ verification: {} }, "verification.malformed"],
    ] as const)
      expect(await refusal(close(2025, { terms })), code).toMatch(new RegExp(`^${code}: .*\\.$`));
    expect(await findClosing(context.db, context.tenant)).toBeNull();
  });

  it("holds what was open of its year, is told as it goes, and says what it was asked to say", async () => {
    await ride("2026-01-01");
    const progress: string[] = [];
    const useBy = "2040-12-31";
    const title = { kind: "programme", documentHash: HASH } as const;
    early = await close(2025, {
      terms: { useBy, title },
      onProgress: (done, total) => progress.push(`${String(done)} of ${String(total)}`),
    });
    expect(progress.at(-1)).toBe("3 of 3");
    expect(early).toMatchObject({
      state: "sealed",
      leafCount: 3,
      firstDay: "2025-01-01",
      lastDay: "2025-12-31",
      mintedMilligrams: "0",
      terms: { title },
    });
    const manifest = decodeManifest(await context.archive.reader(early.batchId).read(MANIFEST_PATH));
    if (!("useBy" in manifest)) throw new Error("It is of the first format.");
    expect(dayText(manifest.useBy as Day)).toBe(useBy);
    expect(manifest).toMatchObject({
      category: "act",
      tenant: context.tenant,
      bufferBps: 500,
      previousBatchId: null,
      campaign: null,
      projects: [],
    });
    expect(BigInt(early.bufferMilligrams)).toBe((BigInt(early.totalMilligrams) * 500n) / 10_000n);
    expect(await refusal(close(2025))).toMatch(/^closing\.nothing-open: /);
  });

  it("that was cut off is finished first, with the terms that it began with", async () => {
    const createdAt = context.clock.now();
    const startDay = firstDayOf(2026);
    await startClosing(
      context.db,
      context.tenant,
      {
        closingId: context.randomness.bytes(32),
        region: WUHAN,
        category: "act",
        startDay,
        endDay: (firstDayOf(2027) - 1) as Day,
        timeZone: "Asia/Shanghai",
        createdAt,
        terms: closingTerms(context, WUHAN, "act", startDay, {
          campaign: SPRING,
        }),
        previousBatchId: early.batchId,
      },
      closingChecks,
      null,
    );
    // What comes in meanwhile is for the next.
    await ride("2026-01-02");
    expect(await refusal(close(2025))).toBe(
      "closing.other: A batch of region WUHAN, vintage 2026, is still being closed. Finish it first.",
    );
    expect(await refusal(close(2026, { category: "project" }))).toMatch(/^closing\.other: /);
    expect(await refusal(close(2026, { terms: { campaign: { id: "autumn", documentHash: HASH } } }))).toBe(
      "closing.other-terms: The batch that is still being closed began with another campaign than is " +
        "asked for now, and ends with its own. Run the command without it (or with the one that it began " +
        "with) to finish it.",
    );
    late = await close(2026);
    const manifest = decodeManifest(await context.archive.reader(late.batchId).read(MANIFEST_PATH));
    expect(manifest).toMatchObject({
      createdAt,
      previousBatchId: early.batchId,
      campaign: SPRING,
    });
    expect(late.leafCount).toBe(1);
    expect(await findClosing(context.db, context.tenant)).toBeNull();
    expect(await describeBatches(context)).toEqual([early, late]);
  });
});

describe("a mint", () => {
  let report: MintReport;

  it("is refused for what is not there, or not yet its turn, or by too few", async () => {
    expect(await refusal(mint(HASH))).toBe(`batch.unknown: There is no batch "${HASH}" here.`);
    expect(await refusal(mint(late.batchId))).toBe(
      `mint.order: Batch ${early.batchId} was closed before this one ` +
        "and must be minted first. Where nobody " +
        "can attest it, batches are given up, the newest first.",
    );
    expect(await refusal(mint(early.batchId, []))).toMatch(/^(?:quorum|mint)\.[a-z-]+: .*\.$/);
    expect(await refusal(mint(early.batchId, ["{}"]))).toMatch(/^[a-z]+\.[a-z-]+: .*\.$/);
    expect((await describeBatch(context, early.batchId)).state).toBe("sealed");
  });

  it("waits for the end of the challenge window, which the report names", async () => {
    const { client, deployment, admin } = await context.chain();
    const data = encodeFunctionData({
      abi: batchRegistryAbi,
      functionName: "setChallengeWindow",
      args: [WINDOW],
    });
    const to = deployment.contracts.BatchRegistry;
    await client.request("eth_sendTransaction", [{ from: admin?.address, to, data }]);
    const progress: number[] = [];
    report = await mintBatch(context, {
      batch: early.batchId.slice(0, 10),
      attestations: null,
      onProgress: (done) => progress.push(done),
    });
    expect(progress.at(-1)).toBe(3);
    expect(report).toMatchObject({
      batchId: early.batchId,
      state: "committed",
      mintedMilligrams: "0",
      mintedTonnes: "0",
    });
    expect(new Set(report.attesters).size).toBe(2);
    const end = Date.parse(report.mintableAt ?? "") / 1000;
    expect(Math.abs(end - systemClock.now() - WINDOW)).toBeLessThan(120);
    // Again changes nothing, and a second before the end neither.
    expect(await mint(early.batchId)).toEqual(report);
    ahead = end - systemClock.now() - 60;
    expect(await mint(early.batchId)).toEqual(report);
    expect(await refusal(reopenBatch(context, early.batchId))).toBe(
      `reopen.committed: The chain has batch ${early.batchId}, so it is not reopened.`,
    );
  });

  it("of the next may begin meanwhile", async () => {
    expect(await mint(late.batchId)).toMatchObject({ state: "committed" });
  });

  it("is done once the window is over, and stays as it is", async () => {
    const { client } = await context.chain();
    await client.request("evm_increaseTime", [WINDOW + 60]);
    await client.request("evm_mine", []);
    ahead = WINDOW + 60;
    const done = await mint(early.batchId);
    const minted = BigInt(early.totalMilligrams) - BigInt(early.bufferMilligrams);
    expect(done).toEqual({
      ...report,
      state: "minted",
      mintedMilligrams: minted.toString(),
      mintedTonnes: formatTonnes(milligrams(minted)),
      mintableAt: null,
    });
    expect(await mint(early.batchId)).toEqual(done);
    expect(await mint(late.batchId)).toMatchObject({ state: "minted" });
    expect((await describeBatches(context)).map(({ state }) => state)).toEqual(["minted", "minted"]);
  });
});
