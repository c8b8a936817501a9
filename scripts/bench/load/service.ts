import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createApiKey } from "../../../src/app/apiKeys/createApiKey.ts";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import { parseConfig } from "../../../src/app/process/config.ts";
import type { Context } from "../../../src/app/context.ts";
import { openContext } from "../../../src/app/openContext.ts";
import { createLog } from "../../../src/app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../../src/app/process/system.ts";
import { NODE_FLAGS } from "../../launch/nodeFlags.mjs";
import { tenantId } from "../../../src/base/lib/ids.ts";

/** Where a service under load keeps its data: a folder, and a database where it is not the embedded one. */
export interface Place {
  readonly folder: string;
  readonly databaseUrl: string | null;
}

export async function inContext<T>(
  { folder, databaseUrl }: Place,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const config = parseConfig(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }, { folder });
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
  }
}

/**
 * Tokens of `count` new keys of a tenant. The embedded database serves one process: before the service
 * starts.
 */
export async function makeKeys(context: Context, tenant: string, count: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let i = 0; i < count; i++) {
    const request = { tenant: tenantId(tenant), label: "load", roles: ROLES, expiresAt: null };
    tokens.push((await createApiKey(context, request)).token);
  }
  return tokens;
}

/** A service in processes of its own. */
export interface RunningService {
  readonly url: string;
  /** Of the process that takes the requests. */
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts the real `microtonne serve` on a free loopback port and, where `work` is true, its jobs in
 * `microtonne work` beside it.
 */
export async function startService(
  place: Place,
  options: { readonly work: boolean; readonly settings?: Readonly<Record<string, string>> },
): Promise<RunningService> {
  const environment = { ...ownEnvironment(place), ...options.settings };
  const processes: ChildProcess[] = [];
  const start = async (...command: string[]): Promise<unknown> => {
    const child = spawn(
      process.execPath,
      [...NODE_FLAGS, "src/doors/cli/main.ts", ...command, "--json", "--data", place.folder],
      {
        env: environment,
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    processes.push(child);
    // The one line of its result says that it is ready.
    for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as unknown;
    throw new Error(`${command.join(" ")} ended before it was ready.`);
  };
  const stop = async (): Promise<void> => {
    await Promise.all(
      processes.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        await ended;
      }),
    );
  };
  try {
    const serving = (await start(
      "serve",
      "--host",
      "127.0.0.1",
      "--port",
      "0",
      ...(options.work ? ["--no-jobs"] : []),
    )) as { url: string };
    if (options.work) await start("work");
    return { url: serving.url, pid: processes[0]?.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The settings of whoever runs the measurement do not reach the service. */
function ownEnvironment({ databaseUrl }: Place): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("MICROTONNE_") && name !== "DATABASE_URL",
  );
  return { ...Object.fromEntries(inherited), ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }) };
}
