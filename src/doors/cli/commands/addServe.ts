import type { Command } from "commander";
import { createApiKey } from "../../../app/apiKeys/createApiKey.ts";
import { describeApiKeys } from "../../../app/apiKeys/describeApiKeys.ts";
import { ROLES } from "../../../app/apiKeys/roles.ts";
import type { Context } from "../../../app/context.ts";
import { workOnJobs } from "../../../app/service/workOnJobs.ts";
import { readChain } from "../../../app/chain/readChain.ts";
import { UnavailableError, UsageError } from "../../../base/errors/errors.ts";
import { serve } from "../../http/serve.ts";
import { act, optionOf } from "../command.ts";
import { untilSignal } from "../untilSignal.ts";

interface Options {
  host?: string;
  port?: number;
  jobs: boolean;
}

/**
 * `microtonne serve` and `microtonne work`: the HTTP service, and its background jobs in processes of their
 * own.
 */
export function addServe(program: Command): void {
  const command = program
    .command("serve")
    .description("Run the HTTP service: what a pooling operator does by these commands, for programs.")
    .option("--host <address>", "address to listen at (default: MICROTONNE_HTTP_HOST or 127.0.0.1)")
    .option(
      "--port <number>",
      "port; 0 for any that is free (default: MICROTONNE_HTTP_PORT or 8080)",
      optionOf(portNumber),
    )
    .option("--no-jobs", "leave background jobs to `microtonne work` (needs DATABASE_URL)")
    .addHelpText(
      "after",
      `
GET /docs is the documentation, /openapi.json the same for programs. On a local network whose tenant
has no key yet, one with all roles is made and shown once. SIGINT or SIGTERM ends it: requests under
way are answered, jobs that run are let end.

Example:
  microtonne serve --port 8080`,
    );
  act<Options>(command, async (run, options) => {
    const { http, databaseUrl } = run.config;
    if (!options.jobs && databaseUrl === null)
      throw new UsageError(
        "serve.jobs",
        "--no-jobs needs a Postgres server (DATABASE_URL): the embedded database serves one process.",
      );
    await run.withContext(async (context) => {
      await checkNetwork(context);
      const key = await firstKey(context);
      const serving = await serve(context, {
        host: options.host ?? http.host,
        port: options.port ?? http.port,
        jobs: options.jobs,
      });
      run.io.result(
        { url: serving.url, ...(key && { key }) },
        `listening at ${serving.url}, documentation at ` +
          `${serving.url}/docs${key ? `\nfirst key, shown once: ${key}` : ""}`,
      );
      await untilSignal();
      run.io.say("stopping");
      await serving.stop();
    });
  });

  const work = program
    .command("work")
    .description("Run the HTTP service's background jobs in a process of their own.")
    .addHelpText(
      "after",
      "\nBeside `serve --no-jobs`, on one machine or several, with one DATABASE_URL.\n\nExample:\n  " +
        "microtonne work",
    );
  act(work, async (run) => {
    if (run.config.databaseUrl === null)
      throw new UsageError(
        "serve.jobs",
        "work needs a Postgres server (DATABASE_URL): the embedded database serves one process.",
      );
    await run.withContext(async (context) => {
      await checkNetwork(context);
      const stop = await workOnJobs(context);
      run.io.result({ working: true }, "working; SIGINT or SIGTERM ends it");
      await untilSignal();
      await stop();
    });
  });
}

/** Another network's node or deployment is found now, not by the first job. A node that is down may wait. */
async function checkNetwork(context: Context): Promise<void> {
  if (context.config.chain.rpcUrl === null) return;
  try {
    await readChain(context);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    context.log.warn({ code: error.code }, "the chain node does not answer yet");
  }
}

/** A newcomer's key. Elsewhere than on a local network keys are made on purpose only. */
async function firstKey(context: Context): Promise<string | null> {
  if (!context.local || (await describeApiKeys(context)).length > 0) return null;
  const { token } = await createApiKey(context, {
    tenant: context.tenant,
    label: "first key",
    roles: ROLES,
    expiresAt: null,
  });
  return token;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535)
    throw new UsageError("serve.port", "A port is a number from 0 to 65535.");
  return port;
}
