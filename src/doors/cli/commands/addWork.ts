import type { Command } from "commander";
import { workOnJobs } from "../../../app/service/workOnJobs.ts";
import { UsageError } from "../../../base/errors/errors.ts";
import { checkNetwork } from "../checkNetwork.ts";
import { act } from "../command.ts";
import { untilSignal } from "../untilSignal.ts";

/** `microtonne work`: the HTTP service's background jobs in processes of their own. */
export function addWork(program: Command): void {
  const work = program
    .command("work")
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
