import type { Queue } from "../../adapters/storage/queue/queue.ts";
import { Semaphore } from "../../base/lib/semaphore.ts";
import type { TenantId } from "../../base/types/ids.ts";
import type { Context } from "../context.ts";
import { LookupTables } from "../sources/lookupTables.ts";
import { Attempts } from "./attempts.ts";
import { TenantQueue } from "./tenantQueue.ts";
import { TenantShares } from "./tenantShares.ts";

/** What the doors that serve many tenants share. */
export interface Service {
  readonly root: Context;
  readonly queue: Queue;
  /** Lets a key that was just revoked here stop working at once. */
  forgetKey(keyId: string): void;
  /** One ingest a tenant at a time in this process. */
  readonly ingests: TenantQueue;
  /** Pieces of ingests that are worked on at a time, of all tenants. */
  readonly turns: Semaphore;
  /** Lookup tables of all tenants' profiles. */
  readonly lookupTables: LookupTables;
  /** At jobs that may end the process. */
  readonly attempts: Attempts;
  /** Streams of events, and of batches' packages, that are being read. */
  readonly eventStreams: TenantShares;
  readonly packageStreams: TenantShares;
  /**
   * The tenant's context to look and ingest with. What acts on the chain takes one of its own and closes it.
   */
  contextOf(tenant: TenantId): Promise<Context>;
}

/**
 * Less than the database's connections, so that those who only look something up find one; on one thread more
 * would not be faster.
 */
const MAX_AT_ONCE = 4;

/** Each looks at the database once a second. */
const MAX_EVENT_STREAMS = 32;
/** Each keeps a connection to the database for as long as its reader takes. */
const MAX_PACKAGE_STREAMS = 2;

export function serviceOf(root: Context, queue: Queue, forgetKey: (keyId: string) => void): Service {
  const contexts = new Map<TenantId, Promise<Context>>();
  return {
    root,
    queue,
    forgetKey,
    ingests: new TenantQueue(),
    turns: new Semaphore(MAX_AT_ONCE),
    lookupTables: new LookupTables(),
    attempts: new Attempts(root.config),
    eventStreams: new TenantShares(MAX_EVENT_STREAMS, {
      code: "limit.streams",
      sentence: `${String(MAX_EVENT_STREAMS)} readers follow your events already. End one of them first.`,
    }),
    packageStreams: new TenantShares(MAX_PACKAGE_STREAMS, {
      code: "limit.streams",
      sentence: `${String(MAX_PACKAGE_STREAMS)} packages are being read already. Read one to its end first.`,
    }),
    contextOf(tenant) {
      const known = contexts.get(tenant) ?? root.forTenant(tenant);
      contexts.set(tenant, known);
      // A database that was away for a moment is asked again.
      known.catch(() => contexts.delete(tenant));
      return known;
    },
  };
}
