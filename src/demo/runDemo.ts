import { copyFile, cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readBlock } from "../adapters/chain/readOnly.ts";
import { CheckFailedError, UnavailableError, UsageError } from "../base/errors/errors.ts";
import { milligrams } from "../base/lib/mass.ts";
import { regionCode } from "../base/lib/ids.ts";
import { MILLISECONDS_PER_DAY } from "../base/lib/time/units.ts";
import type { BatchId, Hex, ProviderId, TenantId } from "../base/types/ids.ts";
import type { Deployment } from "../base/types/deployment.ts";
import type { Day, Milligrams } from "../base/types/quantities.ts";
import { knownBatch } from "../adapters/storage/batches/knownBatch.ts";
import { closeBatch } from "../app/batches/closeBatch.ts";
import { parseConfig } from "../app/process/config.ts";
import type { Context } from "../app/context.ts";
import { openContext } from "../app/openContext.ts";
import { ingestFile, type IngestReport } from "../app/ingest/ingestFile.ts";
import { resolveProfile } from "../app/profiles/resolveProfile.ts";
import { createLog } from "../app/process/createLog.ts";
import { mintBatch } from "../app/batches/mintBatch.ts";
import { confidentialLeaves } from "../app/batches/confidentialLeaves.ts";
import { proveAct } from "../app/proofs/proveAct.ts";
import { proveRetirement } from "../app/proofs/proveRetirement.ts";
import type { RetirementDescription } from "../app/retirements/describeRetirement.ts";
import { retireCredits } from "../app/retirements/retireCredits.ts";
import { systemClock, systemRandomness } from "../app/process/system.ts";
import type { CityDay, PlannedFile } from "./cityDay.ts";
import { generateCityDay } from "./generateCityDay.ts";
import { DEMO_MARKER, DEMO_TENANT, demoDataFolder } from "./findDemo.ts";

export interface DemoRequest {
  readonly records: number;
  readonly seed: number;
  /** Folder for everything that the demo makes; one of an earlier demo is emptied. */
  readonly out: string;
  /** One line on each step as it is done. */
  readonly onStep: (line: string) => void;
  /** What is being done, and how far it is: parts done of all, in the step's own unit. */
  readonly onProgress: (label: string, done: number, total: number | null) => void;
}

/** What the demo made; a verifier's trust inputs beside what it is to verify. */
export interface DemoResult {
  readonly out: string;
  /** Data folder of the demo, and the tenant to which all in it belongs. */
  readonly data: string;
  readonly tenant: TenantId;
  readonly ingested: readonly {
    readonly file: string;
    readonly provider: string;
    readonly report: IngestReport;
    readonly asPlanted: true;
  }[];
  readonly batchId: BatchId;
  readonly archive: string;
  readonly retirement: RetirementDescription;
  /** Of the one batch; whole milligrams. */
  readonly masses: {
    readonly leaves: number;
    readonly total: bigint;
    readonly buffer: bigint;
    readonly minted: bigint;
  };
  readonly retirementProof: string;
  readonly actProof: string;
  /** As the demo's own node says, not as the proof says. */
  readonly blockHash: Hex;
  readonly deployment: Deployment;
  readonly deploymentFile: string;
}

/** 18 June 2025 in Wuhan. */
const DEMO_DAY = (Date.UTC(2025, 5, 18) / MILLISECONDS_PER_DAY) as Day;
const REGION = regionCode("WUHAN");
/**
 * World Gas Conference 2025, Beijing: 4,544.76 t were offset; in miniature a thousandth of it, or less where
 * less was minted.
 */
const CONFERENCE_MILLIGRAMS = 4_544_760_000_000n / 1000n;

/**
 * The main job on a generated city day with known faults: ingest, close, verify and attest, mint, retire,
 * prove. Always embedded database and chain, whatever the environment says.
 * @throws UsageError `demo.out` where the folder holds something else, `demo.records`; CheckFailedError
 * `demo.counts` where ingest found other counts than were planted
 */
export async function runDemo(request: DemoRequest): Promise<DemoResult> {
  const out = resolve(request.out);
  await prepareFolder(out);
  const config = parseConfig({}, { folder: demoDataFolder(out), tenant: DEMO_TENANT });
  // Before a day is made for it: a database that is not installed, or a folder that can't be written to.
  const context = await openContext({
    config,
    log: createLog(config.logLevel),
    clock: systemClock,
    randomness: systemRandomness,
  });
  try {
    const day = await generateCityDay({
      records: request.records,
      seed: request.seed,
      folder: join(out, "providers"),
      vintageDay: DEMO_DAY,
    });
    request.onStep(
      `generated ${count(day.totals.rows)} records of one city day in ${String(day.files.length)} ` +
        `provider files (seed ${String(request.seed)})`,
    );
    const ingested = await ingestAll(context, day, request);
    const { folder: data, tenant } = config;
    return { out, data, tenant, ingested, ...(await settle(context, out, request)) };
  } finally {
    await context.close();
  }
}

async function ingestAll(
  context: Context,
  day: CityDay,
  { onStep, onProgress }: DemoRequest,
): Promise<DemoResult["ingested"]> {
  const ingested: { file: string; provider: string; report: IngestReport; asPlanted: true }[] = [];
  for (const file of day.files) {
    const report = await ingestFile(context, {
      file: file.path,
      profile: await resolveProfile(file.profile),
      rejectsFile: `${file.path}.rejects.csv`,
      duplicatesFile: null,
      lookupFolder: null,
      onProgress: (done, total) => onProgress(`reading ${file.provider}`, done, total),
    });
    checkAgainstPlan(file, report);
    ingested.push({ file: file.path, provider: file.provider, report, asPlanted: true });
    onStep(
      `${file.provider.padEnd(20)} ${file.format}: ${count(report.read)} read, ` +
        `${count(report.accepted)} accepted, ${count(report.rejected)} rejected, ` +
        `${count(report.duplicates)} duplicates — as planted`,
    );
  }
  return ingested;
}

/**
 * Every reason must have been found exactly as often as it was planted, and the grams must be those of an
 * independent computation.
 */
function checkAgainstPlan(file: PlannedFile, report: IngestReport): void {
  const planted: Record<string, number> = { ...file.planted.rejected, ...file.planted.duplicates };
  const differing = [...new Set([...Object.keys(planted), ...Object.keys(report.reasons)])].filter(
    (code) => (planted[code] ?? 0) !== (report.reasons[code] ?? 0),
  );
  if (
    differing.length > 0 ||
    report.read !== file.rows ||
    report.accepted !== file.planted.accepted ||
    report.milligrams !== file.milligrams.toString()
  ) {
    const list = differing
      .map(
        (code) =>
          `${code}: ${String(planted[code] ?? 0)} planted, ${String(report.reasons[code] ?? 0)} found`,
      )
      .join("; ");
    throw new CheckFailedError(
      "demo.counts",
      `${file.path}: ${String(file.planted.accepted)} rows with ${file.milligrams.toString()} mg were ` +
        `to be accepted, ${String(report.accepted)} with ${report.milligrams} mg were. ${list}`,
    );
  }
}

async function settle(
  context: Context,
  out: string,
  { onStep, onProgress }: DemoRequest,
): Promise<Omit<DemoResult, "out" | "data" | "tenant" | "ingested">> {
  const batch = await closeBatch(context, {
    region: REGION,
    vintage: 2025,
    onProgress: (done, total) => onProgress("closing", done, total),
  });
  onStep(
    `closed batch ${batch.batchId.slice(0, 18)}…: ${count(batch.leafCount)} leaves, ` +
      `${batch.totalTonnes} t under one root`,
  );

  const minted = await mintBatch(context, {
    batch: batch.batchId,
    attestations: null,
    onProgress: (done, total) => onProgress("verifiers recompute", done, total),
  });
  onStep(
    `${String(minted.attesters.length)} verifiers recomputed every leaf and signed; minted ` +
      `${minted.mintedTonnes} t, the buffer stays unminted`,
  );

  const retirement = await retireCredits(context, {
    amount: miniature(milligrams(BigInt(minted.mintedMilligrams))),
    purpose: "event-neutrality",
    beneficiary: { name: "World Gas Conference 2025 (miniature)", lei: null },
    use: "Conference travel and venue, scaled down from 4,544.76 t",
    reportingYear: 2025,
    country: "CN",
    batch: null,
    reference: "world-gas-conference-2025",
  });
  onStep(
    `retired ${retirement.tonnes} t for an event; certificate ` +
      `${retirement.retirementId.slice(0, 18)}…\n  serial ${retirement.serials.join(", ")}`,
  );

  const retirementProof = join(out, "retirement.proof.json");
  await writeFile(retirementProof, await proveRetirement(context, retirement.retirementId));
  const actProof = join(out, "act.proof.json");
  await writeFile(
    actProof,
    await proveAct(context, { ...(await anyAct(context, batch.batchId)), disclose: true }),
  );
  const archive = join(out, "archive", batch.batchId.slice(2));
  await cp(batch.archive, archive, { recursive: true });
  const { client, deployment } = await context.chain();
  const deploymentFile = join(out, "deployment.json");
  await copyFile(context.config.chain.deploymentFile, deploymentFile);
  const block = await readBlock(client, "final");
  if (!block) throw new UnavailableError("chain.empty", "The embedded chain has no block.");
  onStep(`wrote the proof of the retirement, of one act, and the archive under ${out}`);
  return {
    batchId: batch.batchId,
    masses: {
      leaves: batch.leafCount,
      total: BigInt(batch.totalMilligrams),
      buffer: BigInt(batch.bufferMilligrams),
      minted: BigInt(minted.mintedMilligrams),
    },
    archive,
    retirement,
    retirementProof,
    actProof,
    blockHash: block.hash,
    deployment,
    deploymentFile,
  };
}

/** The first act under the first leaf. */
async function anyAct(
  context: Context,
  batchId: BatchId,
): Promise<{ provider: ProviderId; recordId: string }> {
  const batch = await knownBatch(context.db, context.tenant, batchId);
  for await (const [leaf] of confidentialLeaves(context, batch)) {
    const record = leaf?.records[0];
    if (record) return record;
  }
  throw new CheckFailedError("demo.counts", `Batch ${batchId} has no leaf.`);
}

/** A thousandth of the conference, then a tenth of that, until it fits into what was minted. */
function miniature(minted: Milligrams): Milligrams {
  let amount = CONFERENCE_MILLIGRAMS;
  while (amount > minted && amount > 1n) amount /= 10n;
  return milligrams(amount);
}

async function prepareFolder(out: string): Promise<void> {
  await mkdir(out, { recursive: true });
  const there = await readdir(out);
  if (there.length > 0 && !there.includes(DEMO_MARKER)) {
    throw new UsageError(
      "demo.out",
      `${out} holds something that no demo made. Name another folder with --out.`,
    );
  }
  for (const name of there)
    if (name !== DEMO_MARKER) await rm(join(out, name), { recursive: true, force: true });
  await writeFile(join(out, DEMO_MARKER), "The demo empties this folder when it runs again.\n");
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
