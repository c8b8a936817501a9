import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateCityDay } from "../../../src/demo/generateCityDay.ts";
import type { CityDay, PlannedFile } from "../../../src/demo/cityDay.ts";
import { UsageError } from "../../../src/base/errors/errors.ts";
import type { ActivityRecord } from "../../../src/base/types/activityRecord.ts";
import type { Day, UnixSeconds } from "../../../src/base/types/quantities.ts";
import { parseProfile } from "../../../src/stages/ingest/profile/profile.ts";
import { scratchIn } from "../../../src/app/sources/scratch.ts";
import { readActivities, type RowOutcome } from "../../../src/stages/ingest/readActivities.ts";
import { isCatalogued, MethodologyCatalogue } from "../../../src/stages/quantify/catalogue.ts";
import { shippedMethodologies } from "../../../src/stages/quantify/shippedMethodologies.ts";
import { isQuantified, quantifyDown } from "../../../src/stages/quantify/quantify.ts";
import type { RegionCode } from "../../../src/base/types/ids.ts";

/** 2025-06-18. */
const DAY = 20_257 as Day;
const NOW = 1_780_000_000 as UnixSeconds;
const catalogue = new MethodologyCatalogue(shippedMethodologies(), { refuseTestMethodologies: true });

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "microtonne-city-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(root, "day-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const generate = (records: number, seed: number, folder: string): Promise<CityDay> =>
  generateCityDay({ records, seed, folder, vintageDay: DAY });

async function digests(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).toSorted();
  const hashes = await Promise.all(
    names.map(async (name) =>
      createHash("sha256")
        .update(await readFile(join(folder, name)))
        .digest("hex"),
    ),
  );
  return Object.fromEntries(names.map((name, i) => [name, hashes[i] as string]));
}

async function* outcomesOf(file: PlannedFile, folder: string): AsyncGenerator<RowOutcome> {
  const profile = parseProfile(await readFile(file.profile, "utf8"));
  const openLookup = (name: string): AsyncIterable<Uint8Array> => createReadStream(join(folder, name));
  for await (const chunk of readActivities(profile, createReadStream(file.path), {
    now: NOW,
    openLookup,
    openScratch: scratchIn(),
  }))
    yield* chunk.outcomes;
}

/** One accepted act: what the rules of admission compare. */
interface Admitted {
  readonly record: ActivityRecord;
  readonly content: string;
}

interface Found {
  accepted: number;
  rejected: Record<string, number>;
  duplicates: Record<string, number>;
  aggregated: number;
  milligrams: bigint;
}

const count = (counts: Record<string, number>, code: string): void => {
  counts[code] = (counts[code] ?? 0) + 1;
};

/**
 * Reads a day with the shipped profiles and methodologies and admits it by the rules of
 * `stages/dedupe/ports.ts`, spelt out once more here.
 */
async function readDay(
  day: Pick<CityDay, "files">,
  folder: string,
): Promise<{ found: Found[]; rows: number[]; acts: { who: string; record: ActivityRecord }[] }> {
  const ids = new Set<string>();
  const acts = new Map<string, Admitted[]>();
  const accepted: { who: string; record: ActivityRecord }[] = [];
  const rows: number[] = [];
  const found: Found[] = [];
  for (const file of day.files) {
    const tally: Found = { accepted: 0, rejected: {}, duplicates: {}, aggregated: 0, milligrams: 0n };
    let read = 0;
    for await (const outcome of outcomesOf(file, folder)) {
      read++;
      if (outcome.kind === "rejected") {
        count(tally.rejected, outcome.code);
        continue;
      }
      const { record, subject } = outcome;
      expect(subject?.scope).toBe("deployment");
      const who = subject?.identifier ?? "";
      const key = `${who} ${record.scenario} ${String(Math.floor(record.startedAt / 60))}`;
      const content = [record.startedAt, record.endedAt, record.quantity, record.unit].join(" ");
      const others = acts.get(key) ?? [];
      if (ids.has(`${record.provider} ${record.recordId}`)) count(tally.duplicates, "duplicate.record-id");
      else if (others.some((other) => other.record.provider !== record.provider))
        count(tally.duplicates, "duplicate.activity-key");
      else if (others.some((other) => other.content === content))
        count(tally.duplicates, "duplicate.same-content");
      else {
        tally.accepted++;
        if (others.length > 0) tally.aggregated++;
        ids.add(`${record.provider} ${record.recordId}`);
        acts.set(key, [...others, { record, content }]);
        accepted.push({ who, record });
        const entry = catalogue.methodologyFor(record, "WUHAN" as RegionCode);
        const quantified = isCatalogued(entry) ? quantifyDown(record, entry.methodology) : null;
        if (!quantified || !isQuantified(quantified))
          throw new Error(`An act of ${record.scenario} earns nothing.`);
        expect(quantified.day).toBe(DAY);
        tally.milligrams += quantified.milligrams;
      }
    }
    rows.push(read);
    found.push(tally);
  }
  return { found, rows, acts: accepted };
}

const plannedOf = ({ planted, aggregated, milligrams }: PlannedFile): Found => ({
  accepted: planted.accepted,
  rejected: { ...planted.rejected },
  duplicates: { ...planted.duplicates },
  aggregated,
  milligrams,
});

/** What was planned and what was found, in the same shape. */
async function planAndFind(records: number, seed: number): Promise<{ planned: unknown; found: unknown }> {
  return inFolder(async (folder) => {
    const { files, totals } = await generate(records, seed, folder);
    const { found, rows } = await readDay({ files }, folder);
    const sum = (of: (file: Found) => number): number => found.reduce((total, file) => total + of(file), 0);
    const sumOf = (counts: Record<string, number>): number =>
      Object.values(counts).reduce((total, rowsOfCode) => total + rowsOfCode, 0);
    return {
      planned: { files: files.map(plannedOf), rows: files.map((file) => file.rows), records, totals },
      found: {
        files: found,
        rows,
        records: rows.reduce((total, read) => total + read, 0),
        totals: {
          rows: records,
          accepted: sum((file) => file.accepted),
          rejected: sum((file) => sumOf(file.rejected)),
          duplicates: sum((file) => sumOf(file.duplicates)),
          aggregated: sum((file) => file.aggregated),
          leaves: sum((file) => file.accepted - file.aggregated),
          milligrams: found.reduce((total, file) => total + file.milligrams, 0n),
        },
      },
    };
  });
}

describe("a generated city day", () => {
  it("is read exactly as it was planned, row by row, at any size and seed", async () => {
    const sizes = fc.oneof(fc.integer({ min: 100, max: 400 }), fc.integer({ min: 400, max: 6_000 }));
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer(), async (records, seed) => {
        const { planned, found } = await planAndFind(records, seed);
        expect(found).toEqual(planned);
      }),
      { numRuns: 25 },
    );
  });

  it.each([100, 101, 199, 1_000, 30_000])("comes true with %i records", async (records) => {
    const { planned, found } = await planAndFind(records, 7);
    expect(found).toEqual(planned);
  });

  it("has the same bytes for the same seed and others for another", async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) =>
        inFolder(async (folder) => {
          await generate(2_000, seed, folder);
          return digests(folder);
        }),
      ),
    );
    expect(again).toEqual(first);
    for (const [name, digest] of Object.entries(first ?? {})) expect(other?.[name]).not.toBe(digest);
  });

  it("plants at least 25 different reasons and all duplicates that a first ingest can find", async () => {
    await inFolder(async (folder) => {
      const { files } = await generate(1_000, 3, folder);
      const codes = new Set(files.flatMap(({ planted }) => Object.keys(planted.rejected)));
      expect(codes.size).toBeGreaterThanOrEqual(25);
      const duplicates = new Set(files.flatMap(({ planted }) => Object.keys(planted.duplicates)));
      expect([...duplicates].toSorted()).toEqual([
        "duplicate.activity-key",
        "duplicate.record-id",
        "duplicate.same-content",
      ]);
      expect(files.reduce((sum, { aggregated }) => sum + aggregated, 0)).toBeGreaterThan(0);
    });
  });

  it("gives people several acts and never puts one person on two rides at once", async () => {
    await inFolder(async (folder) => {
      const { acts } = await readDay(await generate(20_000, 11, folder), folder);
      const byPerson = Map.groupBy(acts, ({ who }) => who);
      const perPerson = acts.length / byPerson.size;
      expect(perPerson).toBeGreaterThan(3);
      expect(perPerson).toBeLessThan(4);
      for (const own of byPerson.values()) {
        // A car charges by itself.
        const rides = own
          .filter(({ record }) => record.scenario !== "ev-charging")
          .toSorted((a, b) => a.record.startedAt - b.record.startedAt);
        rides.forEach(({ record }, i) => {
          const next = rides[i + 1]?.record.startedAt ?? Infinity;
          expect(next).toBeGreaterThan(record.endedAt ?? record.startedAt);
        });
      }
    });
  });

  it("names nobody: no identifier can be a phone number", async () => {
    await inFolder(async (folder) => {
      const { acts } = await readDay(await generate(500, 5, folder), folder);
      for (const { who } of acts) expect(who).toMatch(/^000[0-9]{8}$/);
    });
  });

  it("scatters what is planted over the file and keeps acts in order of time", async () => {
    await inFolder(async (folder) => {
      const { files } = await generate(20_000, 13, folder);
      const metro = files[0] as PlannedFile;
      const refused: number[] = [];
      let latest = 0;
      let outOfOrder = 0;
      for await (const outcome of outcomesOf(metro, folder)) {
        if (outcome.kind === "rejected") refused.push(outcome.row);
        else if (outcome.record.startedAt < latest) outOfOrder++;
        else latest = outcome.record.startedAt;
      }
      // Only what is told again comes late.
      const repeated = Object.values(metro.planted.duplicates).reduce((sum, rows) => sum + rows, 0);
      expect(outOfOrder).toBeGreaterThan(0);
      expect(outOfOrder).toBeLessThanOrEqual(repeated);
      for (const quarter of [0, 1, 2, 3]) {
        const inside = refused.filter((row) => Math.floor(((row - 1) * 4) / metro.rows) === quarter);
        expect(inside.length).toBeGreaterThan(refused.length / 8);
      }
    });
  });

  it.each([
    [{ records: 99 }, "demo.records"],
    [{ records: 1e9 }, "demo.records"],
    [{ records: 100.5 }, "demo.records"],
    [{ seed: 2 ** 31 }, "demo.seed"],
    [{ seed: 0.5 }, "demo.seed"],
    [{ vintageDay: 1 as Day }, "demo.day"],
  ])("refuses %j", async (wrong, code) => {
    const request = { records: 100, seed: 1, folder: join(root, "never"), vintageDay: DAY, ...wrong };
    await expect(generateCityDay(request)).rejects.toSatisfy(
      (error) => error instanceof UsageError && error.code === code,
    );
  });
});
