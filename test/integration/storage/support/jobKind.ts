import type { JobKind } from "../../../../src/adapters/storage/queue/queue.ts";

/** A kind of job that is tried again after a second. */
export function jobKind(name: string, settings: Partial<JobKind> = {}): JobKind {
  return {
    name,
    retryLimit: 2,
    retryDelaySeconds: 1,
    retryDelayMaxSeconds: 2,
    expireSeconds: 60,
    oncePerKey: null,
    ...settings,
  };
}
