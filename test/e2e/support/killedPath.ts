import { join } from "node:path";
import { expect } from "vitest";
import type { CityDay, PlannedFile } from "../../../src/demo/cityDay.ts";
import type { BatchDescription } from "../../../src/app/batches/describeBatch.ts";
import type { IngestReport } from "../../../src/app/ingest/ingestFile.ts";
import type { MintReport } from "../../../src/app/batches/mintBatch.ts";
import type { RetirementDescription } from "../../../src/app/retirements/describeRetirement.ts";
import type { Ending } from "./commandLine.ts";
import type { Runner } from "./killedRuns.ts";

/** Kills asked for on the way: per file, and per later command. */
export interface KillPlan {
  readonly ingest: readonly number[];
  readonly close: number;
  readonly mint: number;
  readonly retire: number;
}

/** What the commands of a whole path answered. */
export interface WalkedPath {
  readonly batch: BatchDescription;
  readonly minted: MintReport;
  readonly retired: RetirementDescription;
  readonly proofFile: string;
}

/** 123,456,789 mg, which the test looks for on chain. */
const RETIRED_TONNES = "0.123456789";
const RETIRE = ["retire", "--amount", RETIRED_TONNES, "--purpose", "event-neutrality", "--year", "2025"];
const TERMS = ["--beneficiary", "Conference", "--use", "Travel", "--reference", "conference-2025"];

/**
 * Takes generated files from ingest to a proof file by the command line, and checks each command's answer as
 * its user sees it.
 */
export async function walkGramPath(
  runner: Runner,
  day: Pick<CityDay, "files">,
  plan: KillPlan,
): Promise<WalkedPath> {
  for (const [index, file] of day.files.entries()) await ingest(runner, file, plan.ingest[index] ?? 0);
  const batch = await close(runner, plan.close);
  const minted = await fine<MintReport>(runner.run("mint", ["mint", batch.batchId], plan.mint));
  let retired = await fine<RetirementDescription>(runner.run("retire", [...RETIRE, ...TERMS], plan.retire));
  // The same reference again retires nothing more; so it may be asked for until every kill has met a living
  // process.
  while (runner.owed() > 0)
    retired = await fine<RetirementDescription>(runner.run("retire", [...RETIRE, ...TERMS], 0));
  const proofFile = join(runner.folder, "retirement.proof.json");
  await fine(runner.run("prove", ["prove", "--retirement", retired.retirementId, "--out", proofFile], 0));
  return { batch, minted, retired, proofFile };
}

export function rejectsFileOf(folder: string, { provider }: PlannedFile): string {
  return join(folder, `${provider}.rejects.csv`);
}

async function ingest(runner: Runner, file: PlannedFile, kills: number): Promise<void> {
  const before = runner.kills.length;
  const words = [
    "ingest",
    file.path,
    "--profile",
    file.profile,
    "--rejects",
    rejectsFileOf(runner.folder, file),
  ];
  const { read, accepted, rejected, duplicates, milligrams } = await fine<IngestReport>(
    runner.run(`ingest ${file.provider}`, words, kills),
  );
  const told = { read, accepted, rejected, duplicates, milligrams };
  const planned = plannedReport(file);
  // A run that was killed when all was stored, before it could say so, has ended: the same file again is then
  // one that adds nothing.
  const nothingNew = {
    ...planned,
    accepted: 0,
    duplicates: planned.duplicates + planned.accepted,
    milligrams: "0",
  };
  expect(
    runner.kills.length > before && accepted === 0 ? [nothingNew] : [planned],
    `the report of ${file.provider}`,
  ).toContainEqual(told);
}

/** Counts of a file that is read for the first time. */
export function plannedReport({
  rows,
  planted,
  milligrams,
}: PlannedFile): Omit<IngestReport, "reasons" | "acts" | "notes"> {
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((all, count) => all + count, 0);
  const [rejected, duplicates] = [sum(planted.rejected), sum(planted.duplicates)];
  return { read: rows, accepted: planted.accepted, rejected, duplicates, milligrams: milligrams.toString() };
}

async function close(runner: Runner, kills: number): Promise<BatchDescription> {
  const before = runner.kills.length;
  const ending = await runner.run(
    "batch close",
    ["batch", "close", "--region", "WUHAN", "--vintage", "2025"],
    kills,
  );
  const refused = (ending.json as { error?: { code: string } } | null)?.error?.code;
  if (runner.kills.length === before || refused !== "closing.nothing-open")
    return fine<BatchDescription>(Promise.resolve(ending));
  // Killed when the batch was sealed, before it could say so.
  const batches = await fine<BatchDescription[]>(runner.run("batch list", ["batch", "list"], 0));
  expect(batches).toHaveLength(1);
  return batches[0] as BatchDescription;
}

async function fine<T>(ended: Promise<Ending>): Promise<T> {
  const { code, json, stderr } = await ended;
  expect({ code, error: (json as { error?: unknown } | null)?.error, stderr }).toEqual({
    code: 0,
    error: undefined,
    stderr: "",
  });
  return json as T;
}
