import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import type { Database } from "../../src/adapters/storage/engine/database.ts";
import type { Context } from "../../src/app/context.ts";
import { ingestFile } from "../../src/app/ingest/ingestFile.ts";
import { resolveProfile } from "../../src/app/profiles/resolveProfile.ts";
import { utf8 } from "../../src/base/lib/bytes.ts";
import { MILLISECONDS_PER_DAY } from "../../src/base/lib/time.ts";
import type { Day } from "../../src/base/types/quantities.ts";
import type { CityDay } from "../../src/demo/cityDay.ts";
import { generateCityDay } from "../../src/demo/generateCityDay.ts";
import { keccak } from "../../src/format/keccak.ts";
import { CHUNK_ROWS } from "../../src/stages/ingest/readActivities.ts";
import { readOptions } from "../setup/readOptions.ts";
import { cpuSeconds } from "./ingest/cpuSeconds.ts";
import { CopiedRows } from "./ingest/copiedRows.ts";
import { inFreshPlace } from "./inFreshPlace.ts";
import { plantedSeconds } from "./ingest/plantedSeconds.ts";

const HELP = `Measures ingest against the bare COPY of the same rows on the same database, in turn, in one
run: a generated city day is read, validated, quantified, keyed, deduplicated and stored; what that copied
into the tables is copied once more, alone; and the day's rows are only copied into a table with a unique
32-byte key.

  npm run -s bench:ingest -- --records 200000                                    embedded database
  npm run -s with-postgres -- npm run -s bench:ingest -- --records 200000        Postgres as well

  --records N,M   rows of the generated days, a day for each number (200000)
  --rounds R      how often each is measured after a warm-up; medians are printed (3)
  --planted       what one known row in every chunk, and in every second one, costs instead
  --json          one object instead of the report
`;

const { values } = readOptions(HELP, {
  options: {
    records: { type: "string", default: "200000" },
    rounds: { type: "string", default: "3" },
    planted: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const sizes = values.records.split(",").map(Number);
const rounds = Number(values.rounds);
const server = process.env["TEST_DATABASE_URL"];
const engines = [
  { engine: "PGlite", url: null },
  ...(server === undefined ? [] : [{ engine: "Postgres", url: server }]),
];

const folder = await mkdtemp(join(tmpdir(), "microtonne-bench-"));
try {
  const results: Record<string, unknown[]> = {};
  for (const { engine, url } of engines) {
    results[engine] = [];
    for (const records of sizes) {
      const result = values.planted ? await planted(url, records) : await against(url, records);
      results[engine].push(result);
      if (!values.json)
        process.stdout.write(`${engine}, ${records.toLocaleString("en-US")} rows: ${reportOf(result)}\n`);
    }
  }
  if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Result {
  /** Rows, and whatever else is in rows a second. */
  readonly leaves: number;
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
  /** What the tables alone take. */
  readonly limit?: number;
  readonly ofLimit?: number;
  /** Tables and indexes, with subjects' days and without. */
  readonly bytesPerRecord?: { readonly all: number; readonly withoutDays: number };
  /** Microseconds of processor time a row, of this process and the database's. */
  readonly cpuPerRow?: { readonly ingest: number; readonly copy: number; readonly tables: number };
  readonly spread?: readonly [lowest: number, highest: number];
}

/** Seconds: on the wall, and of processors. */
interface Spent {
  readonly wall: number;
  readonly cpu: number;
}
type Round = Readonly<Record<"ingest" | "copy" | "tables", Spent>>;

async function against(url: string | null, records: number): Promise<Result> {
  const day = await newDay(records);
  const taken: Round[] = [];
  let bytes = { all: 0, withoutDays: 0 };
  // The first round warms up, and is where it is kept what the tables take.
  const copied = await CopiedRows.open(join(folder, "copied"));
  for (let round = 0; round <= rounds; round++) {
    await inFreshPlace(join(folder, "place"), url, async (context) => {
      const watched = round === 0 ? { ...context, db: copied.watch(context.db) } : context;
      const ingest = await spentOn(context.db, () => ingestAll(watched, day));
      if (round === 0) bytes = await bytesPerRecord(context.db);
      const copy = await copySpent(context.db, day);
      const tables = await copied.replay(context.db, spentOn);
      if (round > 0) taken.push({ ingest, copy, tables });
    });
  }
  await copied.close();
  const rate = (of: keyof Round): number => records / median(taken.map((one) => one[of].wall));
  const cpu = (of: keyof Round): number => (median(taken.map((one) => one[of].cpu)) / records) * 1e6;
  const ratio = (of: keyof Round, by: keyof Spent): number =>
    median(taken.map((one) => one.copy[by] / one[of][by]));
  const shares = taken.map(({ copy, ingest }) => copy.wall / ingest.wall).toSorted((a, b) => a - b);
  return {
    leaves: records,
    ours: rate("ingest"),
    peers: { "bare COPY": rate("copy") },
    ratios: {
      "of bare COPY": ratio("ingest", "wall"),
      "of its processor time": ratio("ingest", "cpu"),
      "tables alone of bare COPY": ratio("tables", "wall"),
      "tables alone of its processor time": ratio("tables", "cpu"),
    },
    limit: rate("tables"),
    ofLimit: rate("ingest") / rate("tables"),
    bytesPerRecord: bytes,
    cpuPerRow: { ingest: cpu("ingest"), copy: cpu("copy"), tables: cpu("tables") },
    spread: [shares.at(0) ?? Number.NaN, shares.at(-1) ?? Number.NaN],
  };
}

async function planted(url: string | null, records: number): Promise<Result> {
  const bikes = (await newDay(1_000)).files.find(({ provider }) => provider === "demo-bike");
  if (!bikes) throw new Error("The demo's day has no bicycles.");
  const seconds = { none: [] as number[], each: [] as number[], second: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, every] of [
      ["none", null],
      ["each", 1],
      ["second", 2],
    ] as const) {
      const taken = await inFreshPlace(join(folder, "place"), url, (context) =>
        plantedSeconds(context, folder, bikes.profile, records, every),
      );
      if (round > 0) seconds[name].push(taken);
    }
  }
  const [none, each, second] = [median(seconds.none), median(seconds.each), median(seconds.second)];
  return {
    leaves: records,
    ours: records / each,
    peers: { "nothing planted": records / none, "every second chunk": records / second },
    ratios: { "cost of one a chunk": each / none, "cost of one every second chunk": second / none },
  };
}

async function newDay(records: number): Promise<CityDay> {
  const providers = join(folder, "providers");
  await rm(providers, { recursive: true, force: true });
  await mkdir(providers);
  const vintageDay = (Date.UTC(2025, 5, 18) / MILLISECONDS_PER_DAY) as Day;
  return generateCityDay({ records, seed: 1, folder: providers, vintageDay });
}

async function ingestAll(context: Context, day: CityDay): Promise<void> {
  for (const { path, profile } of day.files) {
    const request = {
      file: path,
      profile: await resolveProfile(profile),
      rejectsFile: null,
      duplicatesFile: null,
      lookupFolder: null,
    };
    await ingestFile(context, request);
  }
}

/** Of what is stored, with its indexes; free space in their pages included. */
async function bytesPerRecord(db: Database): Promise<{ all: number; withoutDays: number }> {
  const [sizes_] = await db.query<{ facts: bigint; all: bigint; days: bigint }>(
    `SELECT (SELECT count(*) FROM facts) AS facts,
       sum(pg_indexes_size(c.oid) + pg_relation_size(c.oid))::bigint AS all,
       coalesce(sum(pg_indexes_size(c.oid) + pg_relation_size(c.oid))
         FILTER (WHERE i.inhparent = 'subject_days'::regclass), 0)::bigint AS days
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent IN ('facts'::regclass, 'records'::regclass, 'subject_days'::regclass)`,
  );
  const { facts = 1n, all = 0n, days = 0n } = sizes_ ?? {};
  return { all: Number(all) / Number(facts), withoutDays: Number(all - days) / Number(facts) };
}

/** Only the copying is timed: the rows are read and keyed before. */
async function copySpent(db: Database, day: CityDay): Promise<Spent> {
  await db.execute("CREATE TABLE bare (key bytea PRIMARY KEY, row bytea NOT NULL)");
  let spent: Spent = { wall: 0, cpu: 0 };
  for (const { path } of day.files) {
    let line = 0;
    let rows: [Uint8Array, Uint8Array][] = [];
    const copy = async (): Promise<void> => {
      const taken = rows;
      rows = [];
      const one = await spentOn(db, () => db.copyIn("bare", { key: "bytea", row: "bytea" }, taken));
      spent = { wall: spent.wall + one.wall, cpu: spent.cpu + one.cpu };
    };
    const plain = path.endsWith(".gz") ? createReadStream(path).pipe(createGunzip()) : createReadStream(path);
    for await (const text of createInterface({ input: plain })) {
      rows.push([keccak(utf8(`${path} ${String(line++)}`)), utf8(text)]);
      if (rows.length === CHUNK_ROWS) await copy();
    }
    if (rows.length > 0) await copy();
  }
  await db.execute("DROP TABLE bare");
  return spent;
}

async function spentOn(db: Database, work: () => Promise<void>): Promise<Spent> {
  const before = await cpuSeconds(db);
  const start = process.hrtime.bigint();
  await work();
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  return { wall, cpu: (await cpuSeconds(db)) - before };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function reportOf(result: Result): string {
  const rate = (perSecond: number): string => `${Math.round(perSecond).toLocaleString("en-US")} rows/s`;
  const { ours, peers, ratios, limit, bytesPerRecord: bytes, cpuPerRow, spread } = result;
  return [
    `ingest ${rate(ours)}`,
    ...Object.entries(peers).map(([name, perSecond]) => `${name} ${rate(perSecond)}`),
    ...(limit === undefined ? [] : [`tables alone ${rate(limit)}`]),
    ...Object.entries(ratios).map(([name, ratio]) => `${name} ${ratio.toFixed(2)}`),
    ...(spread ? [`(${spread.map((one) => one.toFixed(2)).join(" to ")})`] : []),
    ...Object.entries(cpuPerRow ?? {}).map(([name, us]) => `${name} ${us.toFixed(1)} us of CPU a row`),
    ...(bytes
      ? [`${bytes.all.toFixed(0)} bytes a record, ${bytes.withoutDays.toFixed(0)} without days`]
      : []),
  ].join(" · ");
}
