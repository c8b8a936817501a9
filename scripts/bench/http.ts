import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "../../src/adapters/storage/engine/openPostgres.ts";
import { ATTACKS } from "./load/attacks.ts";
import { attack, hostileTable, type AttackResult } from "./load/hostile.ts";
import { PHASES, runPhase, type PhaseTerms } from "./load/phases.ts";
import { rawFigures } from "./load/rawFigures.ts";
import { inContext, makeKeys, startService, type Place } from "./load/service.ts";
import { floodOf, linesOf, tableOf, type Round } from "./load/table.ts";
import { Client, closeAndMint, sendRows } from "./load/works.ts";
import { readOptions } from "../setup/readOptions.ts";

const HELP = `Measures what one tenant's load does to another one. Starts the real \`microtonne serve\` on a
free loopback port with its default limits and drives it with autocannon. Tenant B looks at its batches (40 a
second), sends ten rows (10 a second) and asks /healthz (20 a second), in turn: alone; while tenant A posts
bodies of rows as fast as it is let; while A's upload is read; while tenant C closes and mints a batch. Then,
unless --no-raw: what the service can do at most, and rows through HTTP against the same rows from a file.

  node scripts/bench/http.ts --seconds 10                                  embedded database
  node scripts/test/with-postgres.ts -- node scripts/bench/http.ts --seconds 10   Postgres

With --hostile instead: what bodies that are made to stop the service, and answers that nobody reads, do to
/healthz, to another tenant and to the service's memory. Each is sent once; with --seconds on 8 connections
(or --connections) as fast as it is answered, for so long, by keys whose requests nobody counts.

  --hostile           one attack after another, each measured
  --only TEXT         with --hostile: only attacks whose name has TEXT in it
  --seconds S         of each measurement, 2 to 60
  --rounds R          1 to 9 (default 3); medians are printed
  --connections N     of A's flood, 1 to 100 (default 32)
  --body-rows N       rows of each of its bodies, 1 to 20000 (default 1000)
  --upload-rows N     rows of A's upload, to 1000000 (default 100000)
  --leaves N          acts of each batch, to 100000 (default 10000)
  --requests N        requests a minute that a key may (default: as the service's own default)
  --work              jobs run in \`microtonne work\`, beside \`serve --no-jobs\` (Postgres only)
  --no-raw            leaves the last part out
  --json              one JSON value on standard output
`;

const { values } = readOptions(HELP, {
  options: {
    hostile: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    seconds: { type: "string" },
    rounds: { type: "string", default: "3" },
    connections: { type: "string" },
    "body-rows": { type: "string", default: "1000" },
    "upload-rows": { type: "string", default: "100000" },
    leaves: { type: "string", default: "10000" },
    requests: { type: "string", default: "" },
    work: { type: "boolean", default: false },
    "no-raw": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

if (values.hostile) await benchHostile();
else if (values.seconds === undefined) process.stdout.write(HELP);
else await bench();

async function bench(): Promise<void> {
  const seconds = within("seconds", values.seconds, 2, 60);
  const [count, rowsPerBody] = [
    within("rounds", values.rounds, 1, 9),
    within("body-rows", values["body-rows"], 1, 20_000),
  ];
  const sizes = {
    floodConnections: within("connections", values.connections ?? "32", 1, 100),
    floodRows: rowsPerBody,
    uploadRows: within("upload-rows", values["upload-rows"], 1, 1_000_000),
    leaves: within("leaves", values.leaves, 1, 100_000),
  };
  const server = process.env["TEST_DATABASE_URL"];
  if (values.work && server === undefined)
    throw new Error("--work needs Postgres: TEST_DATABASE_URL, or scripts/test/with-postgres.ts.");
  await inFreshPlace(server, async (place) => {
    const keys = await inContext(place, async (context) => ({
      // The flood uses up its key's minute; the upload has one of its own.
      loud: await makeKeys(context, "load-a", 2),
      quiet: await makeKeys(context, "load-b", 5),
      closer: (await makeKeys(context, "load-c", 1))[0] ?? "",
    }));
    const settings: Record<string, string> =
      values.requests === "" ? {} : { MICROTONNE_HTTP_REQUESTS_PER_MINUTE: values.requests };
    const service = await startService(place, { work: values.work, settings });
    const rounds: Round[] = [];
    try {
      const { url } = service;
      const closer = new Client(url, keys.closer);
      say("warming up: contracts are deployed, one small batch each is minted");
      for (const [tenant, token] of [["b", keys.quiet[0] ?? ""] as const, ["c", keys.closer] as const]) {
        const client = new Client(url, token);
        await sendRows(client, `warm-${tenant}`, 100);
        await closeAndMint(client);
      }
      const [flooding = "", uploading = ""] = keys.loud;
      const loud = { token: flooding, client: new Client(url, uploading) };
      for (let round = 0; round < count; round++) {
        say(`round ${String(round + 1)} of ${String(count)}`);
        rounds.push(await runRound({ url, round, seconds, quiet: keys.quiet, loud, closer, ...sizes }));
      }
    } finally {
      await service.stop();
    }
    const raw = values["no-raw"]
      ? null
      : await rawFigures(place, keys.closer, { seconds: Math.min(seconds, 10), rows: 50_000 });
    const [lines, flood] = [linesOf(rounds), floodOf(rounds, rowsPerBody)];
    const engine = server === undefined ? "PGlite" : "Postgres";
    if (values.json) {
      process.stdout.write(
        `${JSON.stringify({ engine, work: values.work, seconds, ...sizes, lines, flood, raw, rounds })}\n`,
      );
      return;
    }
    const answers = Object.entries(flood.statuses).map(([status, times]) => `${status} × ${String(times)}`);
    process.stdout.write(
      `${engine}${values.work ? ", jobs in a process of their own" : ""}: medians of ${String(count)} ` +
        `rounds\n\n${tableOf(lines)}\n\nA's flood: ${thousands(flood.rowsPerSecond)} rows/s accepted; ` +
        `answers ${answers.join(", ")}\n`,
    );
    if (!raw) return;
    process.stdout.write(
      `at most: /healthz ${thousands(raw.healthPerSecond)}/s, GET /v1/batches ` +
        `${thousands(raw.readsPerSecond)}/s; rows through HTTP ${thousands(raw.httpRowsPerSecond)}/s, ` +
        `from a file ${thousands(raw.fileRowsPerSecond)}/s, ratio ` +
        `${(raw.httpRowsPerSecond / raw.fileRowsPerSecond).toFixed(2)}\n`,
    );
  });
}

async function benchHostile(): Promise<void> {
  const persistence =
    values.seconds === undefined
      ? null
      : {
          seconds: within("seconds", values.seconds, 2, 60),
          connections: within("connections", values.connections ?? "8", 1, 100),
        };
  const attacks = ATTACKS.filter(({ name }) => name.includes(values.only));
  await inFreshPlace(process.env["TEST_DATABASE_URL"], async (place) => {
    const [bad = "", good = ""] = await inContext(place, async (context) => [
      ...(await makeKeys(context, "load-a", 1)),
      ...(await makeKeys(context, "load-b", 1)),
    ]);
    const settings: Record<string, string> = { MICROTONNE_HTTP_REQUESTS_PER_MINUTE: "1000000000" };
    const service = await startService(place, { work: false, settings });
    const results: AttackResult[] = [];
    try {
      const { url, pid } = service;
      await sendRows(new Client(url, good), "warm", 100);
      for (const one of attacks) {
        const [from, other] = [
          { url, token: bad },
          { url, token: good },
        ];
        results.push(await attack(one, from, other, { pid, persistence }));
        say(JSON.stringify(results.at(-1)));
      }
    } finally {
      await service.stop();
    }
    process.stdout.write(values.json ? `${JSON.stringify(results)}\n` : `${hostileTable(results)}\n`);
  });
}

async function runRound(terms: PhaseTerms): Promise<Round> {
  const results: Partial<Record<(typeof PHASES)[number], Round["alone"]>> = {};
  for (const phase of PHASES) {
    results[phase] = await runPhase(phase, terms);
    const { waits, seconds, flood } = results[phase];
    const p99 = Object.entries(waits).map(([name, one]) => `${name} ${String(one.p99)}`);
    say(
      `  ${phase.padEnd(6)} ${seconds.toFixed(1)} s, p99 ms: ${p99.join(", ")} ` +
        (flood ? JSON.stringify(flood.statuses) : ""),
    );
  }
  return results as Round;
}

async function inFreshPlace(
  server: string | undefined,
  work: (place: Place) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "microtonne-load-"));
  const name = `microtonne_load_${String(process.pid)}`;
  const admin = server === undefined ? null : await openPostgres(server, { connections: 1 });
  try {
    await admin?.execute(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    const url = server === undefined ? null : new URL(server);
    if (url) url.pathname = `/${name}`;
    await work({ folder, databaseUrl: url?.href ?? null });
  } finally {
    await admin?.execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function within(name: string, text: string | undefined, least: number, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most)
    throw new Error(`--${name} is a whole number from ${String(least)} to ${String(most)}.`);
  return number;
}

function thousands(number: number): string {
  return number.toLocaleString("en-US");
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
