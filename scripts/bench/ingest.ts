import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import type { Database } from "../../src/adapters/storage/engine/database.ts";
import { openPostgres } from "../../src/adapters/storage/engine/openPostgres.ts";
import { parseConfig } from "../../src/app/process/config.ts";
import type { Context } from "../../src/app/context.ts";
import { openContext } from "../../src/app/openContext.ts";
import type { CityDay } from "../../src/demo/cityDay.ts";
import { generateCityDay } from "../../src/demo/generateCityDay.ts";
import { ingestFile } from "../../src/app/ingest/ingestFile.ts";
import { createLog } from "../../src/app/process/createLog.ts";
import { resolveProfile } from "../../src/app/profiles/resolveProfile.ts";
import { systemClock, systemRandomness } from "../../src/app/process/system.ts";
import type { Day } from "../../src/base/types/quantities.ts";
import { utf8 } from "../../src/base/lib/bytes.ts";
import { keccak } from "../../src/format/keccak.ts";
import { MILLISECONDS_PER_DAY } from "../../src/base/lib/time.ts";
import { readOptions } from "../setup/readOptions.ts";

const HELP = `Measures ingest against the bare COPY of the same rows on the same database, in turn, in one
run: a generated city day is read, validated, quantified, keyed, deduplicated and stored; then its rows are
only copied into a table with a unique 32-byte key.

  node scripts/bench/ingest.ts --records 200000                                  embedded database
  node scripts/test/with-postgres.ts -- node scripts/bench/ingest.ts --records 200000    Postgres as well

  --records N   rows of the generated day
  --rounds R    how often each is measured (default 3); medians are printed
`;

const { values } = readOptions(HELP, {
  options: { records: { type: "string" }, rounds: { type: "string", default: "3" } },
});

if (values.records === undefined) process.stdout.write(HELP);
else await bench(Number(values.records), Number(values.rounds));

async function bench(records: number, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "microtonne-bench-"));
  try {
    const day = await generateCityDay({
      records,
      seed: 1,
      folder: join(folder, "providers"),
      vintageDay: (Date.UTC(2025, 5, 18) / MILLISECONDS_PER_DAY) as Day,
    });
    const server = process.env["TEST_DATABASE_URL"];
    for (const [engine, url] of [
      ["PGlite", undefined] as const,
      ...(server ? [["Postgres", server] as const] : []),
    ]) {
      const rates: { ingest: number; copy: number }[] = [];
      for (let round = 0; round < rounds; round++) {
        rates.push(
          await inFreshPlace(join(folder, `${engine}-${String(round)}`), url, async (context) => ({
            ingest: records / (await secondsOf(() => ingestAll(context, day))),
            copy: records / (await copySeconds(context.db, day)),
          })),
        );
      }
      const [ingest, copy] = [median(rates.map((one) => one.ingest)), median(rates.map((one) => one.copy))];
      const ratio = median(rates.map((one) => one.ingest / one.copy));
      process.stdout.write(
        `${engine}: ingest ${rate(ingest)}, bare COPY ${rate(copy)}, ratio ${ratio.toFixed(2)} ` +
          `(medians of ${String(rounds)})\n`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inFreshPlace<T>(
  folder: string,
  server: string | undefined,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const name = `microtonne_bench_${String(process.pid)}`;
  const admin = server === undefined ? null : await openPostgres(server, { connections: 1 });
  await admin?.execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin?.execute(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const url = server === undefined ? null : new URL(server);
  if (url) url.pathname = `/${name}`;
  const config = parseConfig(url ? { DATABASE_URL: url.href } : {}, { folder });
  const context = await openContext({
    config,
    log: createLog("warn"),
    clock: systemClock,
    randomness: systemRandomness,
  });
  try {
    return await work(context);
  } finally {
    await context.close();
    await admin?.execute(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin?.close();
  }
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

/** Only the copying is timed: the rows are read and keyed before. */
async function copySeconds(db: Database, day: CityDay): Promise<number> {
  await db.execute("CREATE TABLE bare (key bytea PRIMARY KEY, row bytea NOT NULL)");
  const chunks: (readonly [Uint8Array, Uint8Array])[][] = [[]];
  for (const { path } of day.files) {
    let line = 0;
    const plain = path.endsWith(".gz") ? createReadStream(path).pipe(createGunzip()) : createReadStream(path);
    for await (const text of createInterface({ input: plain })) {
      const last = chunks.at(-1);
      if (!last || last.length === 5000) chunks.push([]);
      chunks.at(-1)?.push([keccak(utf8(`${path} ${String(line++)}`)), utf8(text)]);
    }
  }
  const seconds = await secondsOf(async () => {
    for (const rows of chunks) await db.copyIn("bare", { key: "bytea", row: "bytea" }, rows);
  });
  await db.execute("DROP TABLE bare");
  return seconds;
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function rate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString("en-US")} rows/s`;
}
