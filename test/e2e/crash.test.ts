/**
 * Kill -9 at random moments of the whole path: whatever was cut, the same commands given again end in the
 * state of a run that was never cut.
 */
import { readFile, rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { generateCityDay } from "../../src/demo/generateCityDay.ts";
import { chanceOf } from "../../src/demo/generate/chanceOf.ts";
import type { CityDay } from "../../src/demo/cityDay.ts";
import type { Day } from "../../src/base/types/quantities.ts";
import { endStateOf, type EndState } from "./support/endStateOf.ts";
import { newPlace, type Place } from "./support/newPlace.ts";
import { plannedReport, rejectsFileOf, walkGramPath, type KillPlan } from "./support/killedPath.ts";
import { killIfThere, nodesOf } from "./support/chainNodes.ts";
import {
  killingRunner,
  patientRunner,
  type Durations,
  type Kill,
  type Runner,
} from "./support/killedRuns.ts";

/**
 * Give a failing run's seed again by CRASH_SEED; the moments come out the same, what they meet depends on the
 * machine too.
 */
const SEED = Number(process.env["CRASH_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** Enough that the metro's file is stored in two chunks of rows. */
const RECORDS = 16_000;
/** The payment app reports again what metro and bus have reported, so it comes after them. */
const PROVIDERS: ReadonlySet<string> = new Set(["demo-metro", "demo-bus", "demo-payment-app"]);
const MINUTE = 60_000;

/** @param plan kills in each of the folders */
function killAgainAndAgain(url: string | null, folders: number, plan: KillPlan): void {
  const places: Place[] = [];
  const durations: Durations = new Map();
  let input: string;
  let day: Pick<CityDay, "files">;
  let whole: EndState & { rejects: string[] };

  const newFolder = async (): Promise<Place> => {
    const place = await newPlace(url);
    places.push(place);
    return place;
  };
  const walk = async (place: Place, runner: Runner, kills: KillPlan): Promise<typeof whole> => {
    const walked = await walkGramPath(runner, day, kills);
    const context = await place.open();
    try {
      const rejects = day.files.map((file) => readFile(rejectsFileOf(place.folder, file), "utf8"));
      return { ...(await endStateOf(context, walked)), rejects: await Promise.all(rejects) };
    } finally {
      await context.close();
    }
  };

  beforeAll(async () => {
    input = await mkdtemp(join(tmpdir(), "microtonne-crash-"));
    const { files } = await generateCityDay({
      records: RECORDS,
      seed: 9,
      folder: input,
      vintageDay: (Date.UTC(2025, 5, 18) / 86_400_000) as Day,
    });
    day = { files: files.filter(({ provider }) => PROVIDERS.has(provider)) };
    const place = await newFolder();
    whole = await walk(place, patientRunner(place, durations), { ingest: [], close: 0, mint: 0, retire: 0 });
  }, 10 * MINUTE);
  afterEach(async () => {
    // A test that failed half way leaves its last node behind.
    for (const { folder } of places) for (const { pid } of await nodesOf(folder)) killIfThere(pid);
  });
  afterAll(async () => {
    for (const place of places) await place.remove();
    await rm(input, { recursive: true, force: true });
  });

  it("has an uncut run to compare with, which stored what was planted and reached the chain once", () => {
    const files = day.files.map((file) => ({
      source_name: file.path.slice(input.length + 1),
      finished: true,
      ...plannedReport(file),
    }));
    expect(whole.ingests).toEqual(files);
    expect(whole.sums.ledger).toEqual(whole.sums.rows);
    expect(whole.outbox.filter(({ state }) => state !== "final")).toEqual([]);
    expect(whole.events).toEqual([
      "batch.sealed",
      "batch.committed",
      "batch.minted",
      "retirement.requested",
      "retirement.final",
    ]);
    expect(whole.chain).toMatchObject({
      status: "minted",
      commits: 1,
      mints: 1,
      retirements: 1,
      sentByOperator: 3,
      retired: 123_456_789n,
    });
    expect(whole.verdicts).toEqual({ archive: true, rpc: true, block: true, root: true });
    expect(whole.folders).toHaveLength(3);
  });

  it(
    `ends in the same state (CRASH_SEED=${String(SEED)})`,
    async () => {
      const kills: Kill[] = [];
      const walks = Array.from({ length: folders }, async (_, index) => {
        const place = await newFolder();
        const runner = killingRunner(place, durations, chanceOf(SEED, index));
        try {
          return await walk(place, runner, plan);
        } finally {
          kills.push(...runner.kills);
        }
      });
      // One that fails waits for the others: nothing of a test runs on after it.
      await Promise.allSettled(walks);
      console.log(summaryOf(kills));
      const ends = await Promise.all(walks);
      for (const end of ends) expect(end).toEqual(whole);
      const wanted =
        folders * [...plan.ingest, plan.close, plan.mint, plan.retire].reduce((sum, count) => sum + count, 0);
      expect(kills.length).toBeGreaterThanOrEqual(wanted);
    },
    15 * MINUTE,
  );
}

/** One line per command: how many kills met it alive, when, and who died where there was a chain node. */
function summaryOf(kills: readonly Kill[]): string {
  const commands = [...new Set(kills.map(({ command }) => command))];
  const lines = commands.map((command) => {
    const of = kills.filter((kill) => kill.command === command);
    const each = of.map(
      ({ milliseconds, after, victims }) =>
        `${String(milliseconds)} ms after ${after}${victims ? `, ${victims}` : ""}`,
    );
    return `  ${command}: ${String(of.length)} (${each.join("; ")})`;
  });
  return [`CRASH_SEED=${String(SEED)}: ${String(kills.length)} kills met a living process`, ...lines].join(
    "\n",
  );
}

describe("a path that is killed again and again", () => {
  describe("on the embedded database", () => {
    killAgainAndAgain(null, 2, { ingest: [3, 1, 1], close: 2, mint: 3, retire: 3 });
  });

  const server = process.env["TEST_DATABASE_URL"] ?? null;
  describe.skipIf(server === null)("on Postgres (skipped where TEST_DATABASE_URL is not set)", () => {
    killAgainAndAgain(server, 1, { ingest: [2, 0, 1], close: 1, mint: 2, retire: 2 });
  });
});
