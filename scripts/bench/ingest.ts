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
import { MILLISECONDS_PER_DAY } from "../../src/base/lib/time/units.ts";
import type { Day } from "../../src/base/types/quantities.ts";
import type { CityDay } from "../../src/demo/cityDay.ts";
import { generateCityDay } from "../../src/demo/generateCityDay.ts";
import { keccak } from "../../src/format/keccak.ts";
import { CHUNK_ROWS } from "../../src/stages/ingest/readActivities.ts";
import { cpuSeconds } from "./ingest/cpuSeconds.ts";
import { CopiedRows } from "./ingest/copiedRows.ts";
import { inFreshPlace } from "./inFreshPlace.ts";
import { plantedSpent } from "./ingest/plantedSpent.ts";
import { rateOf, type Sample } from "./measure.ts";
import { runBench, sizeResult, type SizeResult } from "./sizeResults.ts";

const HELP = `Measures ingest against the bare COPY of the same rows on the same database, in turn, in one
run: a generated city day is read, validated, quantified, keyed, deduplicated and stored; its rows are only
copied into a table with a unique 32-byte key; and what the ingest copied into its tables is copied once
more, alone: the limit. Processor time is this process' and that of the database's connections.

  npm run -s bench:ingest                                             on the embedded database
  npm run -s with-postgres -- npm run -s bench:ingest                 on Postgres
  npm run -s with-postgres -- npm run -s bench:ingest -- --sizes 1000000,10000000 --rounds 1

  --planted     instead, what rows cost one of which is known already in every chunk, beside such as are all
                new (the limit) and one known in every second chunk; nothing of the known ones is remembered
`;
const WARM_ROWS = 20_000;
const server = process.env["TEST_DATABASE_URL"] ?? null;

await runBench({
  name: `ingest on ${server === null ? "PGlite" : "Postgres"}`,
  unit: "rows",
  sizesIn: "rows",
  help: HELP,
  sizes: "200000",
  rounds: "3",
  run: (size, rounds) => inFolder((folder) => against(folder, size, rounds)),
  instead: { planted: (size, rounds) => inFolder((folder) => planted(folder, size, rounds)) },
});

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "microtonne-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function against(folder: string, records: number, rounds: number): Promise<SizeResult> {
  const place = join(folder, "place");
  const warm = await newDay(folder, Math.min(records, WARM_ROWS));
  await inFreshPlace(place, server, async (context) => {
    await ingestAll(context, warm);
    await copySpent(context.db, warm);
  });
  const day = await newDay(folder, records);
  const taken = { ingest: [] as Sample[], copy: [] as Sample[], tables: [] as Sample[] };
  let bytes = { all: 0, withoutDays: 0 };
  // What the tables take is kept in the first round, which is a little slower for it.
  const copied = await CopiedRows.open(join(folder, "copied"));
  for (let round = 0; round < rounds; round++) {
    await inFreshPlace(place, server, async (context) => {
      const watched = round === 0 ? { ...context, db: copied.watch(context.db) } : context;
      taken.ingest.push(await spentOn(context.db, () => ingestAll(watched, day)));
      bytes = await bytesPerRecord(context.db);
      taken.copy.push(await copySpent(context.db, day));
      taken.tables.push(await copied.replay(context.db, spentOn));
    });
  }
  await copied.close();
  const ours = rateOf("ours", records, taken.ingest);
  const bare = rateOf("bare COPY", records, taken.copy);
  const tables = rateOf("tables alone", records, taken.tables);
  const result = sizeResult(
    records,
    ours,
    [
      { name: bare.name, leaves: records, theirs: bare },
      { name: "tables alone beside bare COPY", leaves: records, theirs: bare, ours: tables },
    ],
    tables,
  );
  return {
    ...result,
    figures: {
      "bytes a record": bytes.all,
      "bytes a record without days": bytes.withoutDays,
      "microseconds of processor time a row": 1e6 / ours.perCpuSecond.median,
    },
  };
}

async function planted(folder: string, records: number, rounds: number): Promise<SizeResult> {
  const bikes = (await newDay(folder, 1_000)).files.find(({ provider }) => provider === "demo-bike");
  if (!bikes) throw new Error("The demo's day has no bicycles.");
  const samples = { none: [] as Sample[], each: [] as Sample[], second: [] as Sample[] };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, every] of [
      ["none", null],
      ["each", 1],
      ["second", 2],
    ] as const) {
      const taken = await inFreshPlace(join(folder, "place"), server, (context) =>
        plantedSpent(context, folder, bikes.profile, records, every, spentOn),
      );
      // The first round warms up.
      if (round > 0) samples[name].push(taken);
    }
  }
  const each = rateOf("one known in every chunk", records, samples.each);
  const second = rateOf("one known in every second chunk", records, samples.second);
  const none = rateOf("none known", records, samples.none);
  return sizeResult(records, each, [{ name: second.name, leaves: records, theirs: second }], none);
}

async function newDay(folder: string, records: number): Promise<CityDay> {
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
async function copySpent(db: Database, day: CityDay): Promise<Sample> {
  await db.execute("CREATE TABLE bare (key bytea PRIMARY KEY, row bytea NOT NULL)");
  let spent: Sample = { wall: 0, cpu: 0 };
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

async function spentOn(db: Database, work: () => Promise<void>): Promise<Sample> {
  const before = await cpuSeconds(db);
  const start = process.hrtime.bigint();
  await work();
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  return { wall, cpu: (await cpuSeconds(db)) - before };
}
