import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { MILLISECONDS_PER_MINUTE } from "../../src/base/lib/time/units.ts";

const HELP = `Starts a throwaway Postgres on a free loopback port, runs a command with TEST_DATABASE_URL set,
stops it and removes its files.

  node scripts/test/with-postgres.ts [--fsync] -- COMMAND [ARGUMENT ...]

  --fsync   keep fsync on (for measurements); off by default, since nothing is to survive

Example: node scripts/test/with-postgres.ts -- vitest run test/integration/storage

The server's programs are looked for in /usr/lib/postgresql/*/bin (newest first) and on the PATH. Started
by root, the server runs as user postgres. Exits with the command's own exit code.
`;
const START_TIMEOUT_MS = MILLISECONDS_PER_MINUTE;

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Folder of `initdb` and `postgres`, or "" where they are on the PATH. */
function findPrograms(): string {
  const versions = (() => {
    try {
      return readdirSync("/usr/lib/postgresql").toSorted((a, b) => Number(b) - Number(a));
    } catch {
      return [];
    }
  })();
  const folders = [...versions.map((version) => `/usr/lib/postgresql/${version}/bin/`), ""];
  const found = folders.find((folder) => spawnSync(`${folder}initdb`, ["--version"]).status === 0);
  if (found === undefined)
    throw new Error("Postgres is not installed: no initdb in /usr/lib/postgresql/*/bin or on the PATH.");
  return found;
}

/** Postgres refuses to run as root. */
function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string): number => {
    const answer = spawnSync("id", [flag, "postgres"], { encoding: "utf8" });
    if (answer.status !== 0)
      throw new Error("Started by root, Postgres needs the user postgres, and there is none.");
    return Number(answer.stdout.trim());
  };
  return { uid: id("-u"), gid: id("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function waitUntilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (server.exitCode !== null)
        throw new Error(`Postgres ended with exit code ${String(server.exitCode)} before it was ready.`, {
          cause: error,
        });
      if (Date.now() > deadline) throw new Error("Postgres did not become ready in time.", { cause: error });
      await sleep(100);
    }
  }
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
}

async function withPostgres(command: readonly string[], fsync: boolean): Promise<number> {
  const programs = findPrograms();
  const account = serverAccount();
  const folder = mkdtempSync(join(tmpdir(), "microtonne-postgres-"));
  let stopServer = async (): Promise<void> => undefined;
  try {
    if (account !== null) chownSync(folder, account.uid, account.gid);
    const cluster = join(folder, "cluster");
    const options = { ...account, cwd: folder };
    const made = spawnSync(
      `${programs}initdb`,
      [
        "-D",
        cluster,
        "-U",
        "postgres",
        "-A",
        "trust",
        "--encoding=UTF8",
        "--locale=C",
        ...(fsync ? [] : ["--no-sync"]),
      ],
      { ...options, encoding: "utf8" },
    );
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    const port = await freePort();
    const settings = [
      "listen_addresses=127.0.0.1",
      `port=${String(port)}`,
      `unix_socket_directories=${folder}`,
      `fsync=${fsync ? "on" : "off"}`,
    ];
    const server = spawn(
      `${programs}postgres`,
      ["-D", cluster, ...settings.flatMap((setting) => ["-c", setting])],
      {
        ...options,
        // A group of its own: Ctrl-C at the terminal reaches the command first, and the server when the
        // command is done.
        detached: true,
        stdio: ["ignore", "ignore", "ignore"],
      },
    );
    const serverEnd = ended(server);
    stopServer = async () => {
      server.kill("SIGINT");
      await serverEnd;
    };
    const url = `postgres://postgres@127.0.0.1:${String(port)}/postgres`;
    await waitUntilReady(url, server);
    const [program, ...rest] = command as [string, ...string[]];
    const child = spawn(program, rest, { stdio: "inherit", env: { ...process.env, TEST_DATABASE_URL: url } });
    const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on("SIGINT", pass).on("SIGTERM", pass);
    return await ended(child);
  } finally {
    await stopServer();
    rmSync(folder, { recursive: true, force: true });
  }
}

const given = process.argv.slice(2);
const fsync = given[0] === "--fsync";
// npm takes the first -- away, and the command may have one of its own.
const command = given.slice(fsync ? 1 : 0);
if (command[0] === "--") command.shift();
if (command[0]?.startsWith("-") === true && command[0] !== "--help") {
  console.error(HELP);
  process.exitCode = 2;
} else if (command.length === 0 || command[0] === "--help") {
  console.log(HELP);
} else {
  process.exitCode = await withPostgres(command, fsync);
}
