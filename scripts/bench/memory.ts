import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openPostgres } from "../../src/adapters/storage/engine/openPostgres.ts";
import { MIB } from "../../src/base/lib/sizes.ts";
import { NODE_FLAGS } from "../launch/nodeFlags.mjs";
import { readOptions } from "../setup/readOptions.ts";

const HELP = `Measures how much memory the command line's process holds (from /proc, so Linux only) while it
takes in files of very different sizes: if memory is flat, it is the same for each. The peak is the kernel's
high-water mark (VmHWM); steady is the most that was resident in the second half of the run, behind the start
of the embedded database, whose code is compiled then and costs half a gigabyte for a second. Files are
written to a temporary folder, and removed.

  node scripts/bench/memory.ts --bytes 2000000000   20 MB, 200 MB and 2 GB, embedded database
  node scripts/test/with-postgres.ts -- node scripts/bench/memory.ts --bytes 2000000000   the same on Postgres
  node scripts/bench/memory.ts --bytes 50000000 --mode admitted                    rows that are stored

  --bytes N     size of the largest file; the others have a tenth and a hundredth of it
  --mode MODE   refused (default): every row is read twice (dates are looked at first), mapped, and refused by
                the last rule; all are reported
                duplicates: the same thousand acts again and again
                admitted: every row is an act of its own, and stored
`;
const MODES = ["refused", "duplicates", "admitted"] as const;
type Mode = (typeof MODES)[number];

const MAIN = fileURLToPath(new URL("../../src/doors/cli/main.ts", import.meta.url));
const DISTINCT = 1000;
const PROFILE = `schema: microtonne-profile/1
name: bench-memory
description: Generated for the memory benchmark.
provider: { id: bench-memory, name: Benchmark }
region: WUHAN
format: { kind: csv }
recordId: { columns: [trip] }
subject: { column: card, scope: provider }
scenario: { constant: bike }
time: { format: "dd/MM/yyyy HH:mm:ss", zone: Asia/Shanghai }
start: { columns: [began] }
end: { columns: [ended] }
quantity: { column: metres, unit: m, as: km }
`;

const { values } = readOptions(HELP, {
  options: { bytes: { type: "string" }, mode: { type: "string", default: "refused" } },
});
const mode = MODES.find((one) => one === values.mode);

if (values.bytes === undefined) process.stdout.write(HELP);
else if (!/^[1-9][0-9]{4,11}$/.test(values.bytes) || !mode) {
  process.stderr.write(`--bytes needs a whole number from 10000 on, --mode one of ${MODES.join(", ")}.\n`);
  process.exitCode = 2;
} else await bench(Number(values.bytes), mode);

async function bench(bytes: number, kind: Mode): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "microtonne-memory-"));
  try {
    await writeFile(
      join(folder, "bench.yaml"),
      kind === "refused" ? `${PROFILE}rules: { quantity: { max: 0.001 } }\n` : PROFILE,
    );
    const server = process.env["TEST_DATABASE_URL"];
    process.stdout.write(
      `${server === undefined ? "Embedded database" : "Postgres"}, rows that are ${kind}:\n`,
    );
    for (const size of [100, 10, 1].map((part) => Math.ceil(bytes / part))) {
      const file = join(folder, "rows.csv");
      await pipeline(rows(size, kind), createWriteStream(file));
      const { peak, steady, seconds, report } = await inFreshDatabase(server, (settings) =>
        ingest(folder, file, settings),
      );
      const counts =
        `${String(report.accepted)} accepted, ${String(report.rejected)} rejected, ` +
        `${String(report.duplicates)} duplicates`;
      process.stdout.write(
        `${String(Math.round((await stat(file)).size / 1e6)).padStart(6)} MB, ${String(report.read)} ` +
          `rows (${counts}): peak ${String(peak)} MiB, steady ${String(steady)} MiB, ` +
          `${Math.round(report.read / seconds).toLocaleString("en-US")} rows/s\n`,
      );
      await rm(file);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rows of about 70 bytes, the same for the same size. */
function* rows(size: number, kind: Mode): Generator<string> {
  let written = 0;
  let seed = 1;
  let block = "trip,card,began,ended,metres\n";
  for (let row = 0; written < size; row++) {
    const act = kind === "duplicates" ? row % DISTINCT : row;
    if (act === 0) seed = 1;
    // A linear congruential generator (Numerical Recipes): benchmarks need no better chance.
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const minute = act % 1440;
    const day =
      `${two((act % 28) + 1)}/${two((Math.floor(act / 1440) % 12) + 1)}/2025 ` +
      `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
    block +=
      `trip-${String(act).padStart(12, "0")},` +
      `card-${String(seed % 1_000_003)},${day}:00,${day}:59,` +
      // What a bicycle can do in 59 seconds.
      `${String((seed % 200) + 100)}.${String(seed % 97)}\n`;
    if (block.length < MIB && written + block.length < size) continue;
    written += block.length;
    yield block;
    block = "";
  }
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** On Postgres a database of its own; the embedded one is made by the first command of a data folder. */
async function inFreshDatabase<T>(
  server: string | undefined,
  work: (settings: Record<string, string>) => Promise<T>,
): Promise<T> {
  if (server === undefined) return work({});
  const name = `microtonne_memory_${String(process.pid)}`;
  const admin = await openPostgres(server, { connections: 1 });
  const url = new URL(server);
  url.pathname = `/${name}`;
  try {
    await admin.execute(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    return await work({ DATABASE_URL: url.href });
  } finally {
    await admin.execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.close();
  }
}

/**
 * The real command line in a process of its own, on a data folder of its own that an earlier command has
 * made.
 */
async function ingest(folder: string, file: string, settings: Readonly<Record<string, string>>) {
  const words = ["--data", join(folder, "data"), "--json"];
  const start = (args: readonly string[]) =>
    spawn(process.execPath, [...NODE_FLAGS, MAIN, ...args, ...words], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...settings },
    });
  const first = start(["batch", "list"]);
  first.stdout.resume();
  await once(first, "close");
  const started = process.hrtime.bigint();
  const child = start([
    "ingest",
    file,
    "--profile",
    join(folder, "bench.yaml"),
    "--rejects",
    join(folder, "rejects.csv"),
  ]);
  const ended = Promise.all([once(child, "close"), text(child.stdout)]);
  let peak = 0;
  const resident: number[] = [];
  while (child.exitCode === null && child.signalCode === null) {
    const memory = await memoryOf(child.pid ?? 0);
    peak = Math.max(peak, memory.peak);
    if (memory.resident > 0) resident.push(memory.resident);
    await setTimeout(50);
  }
  const [, out] = await ended;
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  await rm(join(folder, "data"), { recursive: true, force: true });
  await rm(join(folder, "rejects.csv"), { force: true });
  const report = JSON.parse(out) as { read: number; accepted: number; rejected: number; duplicates: number };
  return { peak, steady: Math.max(...resident.slice(Math.floor(resident.length / 2))), seconds, report };
}

/** The kernel's figures of a process's resident memory in MiB; 0 once it is gone. */
async function memoryOf(pid: number): Promise<{ peak: number; resident: number }> {
  const status = await readFile(`/proc/${String(pid)}/status`, "utf8").catch(() => "");
  const figure = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}:\\s+([0-9]+) kB$`, "m").exec(status)?.[1] ?? "0") / 1024);
  return { peak: figure("VmHWM"), resident: figure("VmRSS") };
}
