import { lookup } from "node:dns";
import { z } from "zod";
import { releaseOrphanedKeys } from "../../adapters/storage/service/idempotencyKeys.ts";
import { openQueue } from "../../adapters/storage/queue/openQueue.ts";
import { tenantId } from "../../base/lib/ids.ts";
import type { Context } from "../context.ts";
import { runWebhooks } from "../webhooks/runWebhooks.ts";
import { WEBHOOK_JOBS } from "../webhooks/webhookContext.ts";
import { pruneExpired } from "./pruneExpired.ts";
import { OPERATION_JOBS, runOperation } from "./operations.ts";
import { serviceOf, type Service } from "./serviceOf.ts";
import { runUpload, takeUpUploads, UPLOAD_JOBS } from "./uploads.ts";

export interface ServiceOptions {
  /** False: this process takes requests and leaves the jobs to others. */
  readonly jobs: boolean;
  readonly forgetKey: (keyId: string) => void;
}

/** A service with its queue open. */
export interface OpenService extends Service {
  /** Waits for the jobs and ingests that run; the context stays open. */
  stop(): Promise<void>;
}

const operationJob = z.object({ tenant: z.string(), operationId: z.string() });
const uploadJob = z.object({ tenant: z.string(), uploadId: z.string() });
/** A long file is cut off: it goes on where it was when its job comes again. */
const JOB_GRACE_MILLISECONDS = 10_000;

/**
 * Opens the queue on a context and starts working on its jobs: two operations and two uploads at a time, of
 * one tenant one.
 * @throws UnavailableError of the database
 */
export async function openService(
  context: Context,
  { jobs, forgetKey }: ServiceOptions,
): Promise<OpenService> {
  const queue = await openQueue(context.db, {
    kinds: [OPERATION_JOBS, UPLOAD_JOBS, WEBHOOK_JOBS],
    onError: (error, kind) => context.log.warn({ job: kind, err: error }, "a job was interrupted"),
  });
  // The embedded database belongs to this process alone: claims on idempotency keys
  // that are in it were cut off.
  if (context.db.engine === "pglite") await releaseOrphanedKeys(context.db);
  const service = serviceOf(context, queue, forgetKey);
  const stop = async (): Promise<void> => {
    await queue.stop();
    // Requests whose clients have left are no connections any more, and still at the database.
    await service.ingests.idle(JOB_GRACE_MILLISECONDS);
    await service.attempts.forgive();
  };
  if (!jobs) return { ...service, stop };
  await queue.work(OPERATION_JOBS.name, { concurrency: 2, onePerGroup: true }, async ({ data }) => {
    const { tenant, operationId } = operationJob.parse(data);
    await runOperation(service, tenantId(tenant), operationId);
  });
  await queue.work(UPLOAD_JOBS.name, { concurrency: 2, onePerGroup: true }, async ({ data }) => {
    const { tenant, uploadId } = uploadJob.parse(data);
    await runUpload(service, tenantId(tenant), uploadId);
  });
  await takeUpUploads(service);
  const webhooks = await runWebhooks({ ...context, queue, lookup });
  const stopPruning = pruneExpired(context);
  return {
    ...service,
    async stop() {
      stopPruning();
      await webhooks.stop();
      await stop();
    },
  };
}
