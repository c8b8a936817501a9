import { hasDatabase } from "../../app/process/hasDatabase.ts";
import type { Context } from "../../app/context.ts";
import { UnavailableError } from "../../base/errors/errors.ts";
import type { Run } from "./command.ts";

/**
 * Looks into the data folder, or, where there is none yet or another process has it open, at what ships with
 * the program alone: then `work` is given null.
 */
export async function inFolder<T>(run: Run, work: (folder: Context | null) => Promise<T>): Promise<T> {
  if (!hasDatabase(run.config)) {
    if (run.data !== null)
      run.io.say(
        `Nothing is stored in ${run.config.folder}: only what ships with the program is known here.`,
      );
    return work(null);
  }
  try {
    return await run.withContext(work);
  } catch (error) {
    if (!(error instanceof UnavailableError) || error.code !== "storage.locked") throw error;
    run.io.say("Another process has the data folder open: only what ships with the program is known here.");
    return work(null);
  }
}
