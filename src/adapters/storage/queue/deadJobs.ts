import type { PgBoss } from "pg-boss";
import type { DeadJob } from "./queue.ts";

/** The jobs in a dead letter queue, oldest first, at most a thousand. */
export async function deadJobs(boss: PgBoss, deadQueue: string): Promise<DeadJob[]> {
  const jobs = await boss.findJobs<unknown>(deadQueue, { queued: true });
  return jobs.map(({ id, data, createdOn, sourceOutput }) => ({
    id,
    data,
    failure: codeOf(sourceOutput),
    failedAt: createdOn.toISOString(),
  }));
}

/**
 * What failed a job: the code that its handler's error had, or what pg-boss says of one that ran out of time
 * or lost its worker.
 */
function codeOf(output: unknown): string {
  const { code } = (output ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : "queue.expired";
}
