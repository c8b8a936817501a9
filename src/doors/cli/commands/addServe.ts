import { InvalidArgumentError, type Command } from "commander";
import { createApiKey } from "../../../app/apiKeys/createApiKey.ts";
import { describeApiKeys } from "../../../app/apiKeys/describeApiKeys.ts";
import { ROLES } from "../../../app/apiKeys/roles.ts";
import type { Context } from "../../../app/context.ts";
import { UsageError } from "../../../base/errors/errors.ts";
import { serve } from "../../http/serve.ts";
import { act } from "../command.ts";
import { checkNetwork } from "../checkNetwork.ts";
import { untilSignal } from "../untilSignal.ts";

interface Options {
  host?: string;
  port?: number;
  jobs: boolean;
}

/** `microtonne serve`: the HTTP service. */
export function addServe(program: Command): void {
  const command = program
    .command("serve")
    .option("--host <address>", "address to listen at (default: MICROTONNE_HTTP_HOST or 127.0.0.1)")
    .option(
      "--port <number>",
      "port; 0 for any that is free (default: MICROTONNE_HTTP_PORT or 8080)",
      portNumber,
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
    throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return port;
}
