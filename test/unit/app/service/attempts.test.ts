import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Attempts } from "../../../../src/app/service/attempts.ts";
import { UnavailableError } from "../../../../src/base/errors/errors.ts";
import type { Context } from "../../../../src/app/context.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "microtonne-attempts-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** As a process that starts. */
const started = (): Attempts => new Attempts({ folder } as Context["config"]);
/** An attempt that its process does not outlive. */
const killed = (attempts: Attempts, job: string): Promise<void> =>
  new Promise((resolve) => {
    void attempts.run(job, () => {
      resolve();
      return new Promise(() => undefined);
    });
  });
const done = (job: string): Promise<string> => started().run(job, () => Promise.resolve("done"));

describe("attempts at a job", () => {
  it("that end with the process are three at most", async () => {
    for (let time = 0; time < 3; time++) await killed(started(), "a");
    await expect(done("a")).rejects.toMatchObject({ code: "job.deadly" });
    // Another job is not held up by it, nor this one where it is sent anew.
    await expect(done("b")).resolves.toBe("done");
    await expect(done("a")).resolves.toBe("done");
    expect(await readdir(join(folder, "attempts"))).toEqual([]);
  });

  it("that end in an error, or by a process that ends on purpose, do not count", async () => {
    const away = new UnavailableError("chain.unavailable", "Away.");
    for (let time = 0; time < 5; time++)
      await expect(started().run("a", () => Promise.reject(away))).rejects.toBe(away);
    for (let time = 0; time < 5; time++) {
      const attempts = started();
      await killed(attempts, "a");
      await attempts.forgive();
    }
    await expect(done("a")).resolves.toBe("done");
  });

  it("count from the last one that ended otherwise", async () => {
    for (let round = 0; round < 2; round++) {
      for (let time = 0; time < 2; time++) await killed(started(), "a");
      await expect(done("a")).resolves.toBe("done");
    }
  });
});
