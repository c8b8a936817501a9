import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StateError } from "../../base/errors/errors.ts";
import type { Context } from "../context.ts";

/** So often a job may end the process that works on it. */
const MAX_ATTEMPTS = 3;

/**
 * Counts attempts at jobs that ended with their process: one that takes more memory than there is would
 * otherwise be tried again at every start. The counts lie in the data folder, since a process that ends so
 * says nothing to the database.
 */
export class Attempts {
  readonly #folder: string;
  readonly #running = new Set<string>();

  constructor({ folder }: Context["config"]) {
    this.#folder = join(folder, "attempts");
  }

  /**
   * Does a job's work; an attempt counts until the work has ended in whichever way.
   * @param job a file name: letters, digits, hyphens
   * @throws StateError `job.deadly` where the process ended three times over it; as `work`
   */
  async run<T>(job: string, work: () => Promise<T>): Promise<T> {
    const path = join(this.#folder, job);
    const before = Number(await readFile(path, "utf8").catch(() => "0")) || 0;
    if (before >= MAX_ATTEMPTS) {
      await rm(path, { force: true });
      throw new StateError(
        "job.deadly",
        `The service ended ${String(before)} times while it was at this, so it is not tried again. It may ` +
          "take more memory than there is: send less at a time, or ask whoever runs the service what its " +
          "log says.",
      );
    }
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(path, String(before + 1), { mode: 0o600 });
    this.#running.add(path);
    try {
      return await work();
    } finally {
      this.#running.delete(path);
      await rm(path, { force: true });
    }
  }

  /** For a process that ends on purpose and leaves work behind: what runs now is not held against its job. */
  async forgive(): Promise<void> {
    for (const path of this.#running) await rm(path, { force: true });
  }
}
