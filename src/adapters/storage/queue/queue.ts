import type { Session } from "../engine/database.ts";

/**
 * A kind of job and how its failures are dealt with. The list of kinds is fixed where the queue is opened.
 */
export interface JobKind {
  /** Letters, digits, `.` and `-`. */
  readonly name: string;
  /** How often a failed job is tried again before it is put with the dead ones. */
  readonly retryLimit: number;
  /**
   * Seconds before the first retry; each further one waits about twice as long, up to `retryDelayMaxSeconds`,
   * with some chance in it.
   */
  readonly retryDelaySeconds: number;
  readonly retryDelayMaxSeconds: number;
  /**
   * The longest that one attempt may take, at most a day. After it the job's signal is aborted and the
   * attempt has failed.
   */
  readonly expireSeconds: number;
  /**
   * What a second job with the same `singletonKey` finds: `waiting`: it is refused while one waits to start;
   * `alive`: also while one runs. Null: keys are not looked at.
   */
  readonly oncePerKey: "waiting" | "alive" | null;
}

export interface QueueOptions {
  readonly kinds: readonly JobKind[];
  /**
   * Told of everything that goes wrong behind the scenes and in handlers: for the log. The queue itself goes
   * on.
   */
  readonly onError: (error: unknown, kind: string | null) => void;
  /** How often expired and orphaned jobs are looked for. 15 where not given. */
  readonly superviseSeconds?: number;
  /**
   * On Postgres, a job whose worker has not been heard of for this long is taken from it; 10 or more. 30
   * where not given.
   */
  readonly heartbeatSeconds?: number;
}

export interface SendOptions {
  /** A UUID of the caller's own. A job that is there already under it is not entered again. */
  readonly id?: string;
  readonly startAfterSeconds?: number;
  /** See `oncePerKey`. */
  readonly singletonKey?: string;
  /** See `WorkOptions.onePerGroup`. */
  readonly group?: string;
  /** Instead of the kind's own. */
  readonly retryLimit?: number;
}

export interface WorkOptions {
  /** Jobs of this kind that this process runs at once. 1 where not given. */
  readonly concurrency?: number;
  /**
   * How often a worker looks for jobs that other processes sent or that have come due; those of this process
   * wake it. 0.5 or more, 2 where not given.
   */
  readonly pollSeconds?: number;
  /** Runs the jobs of one group one after another in this process, so that a slow group holds up no other. */
  readonly onePerGroup?: boolean;
}

/** A job as its handler gets it. */
export interface Job {
  readonly id: string;
  /** As it was sent, after JSON. */
  readonly data: unknown;
  /** 1, 2, 3, …: how often it has been started. */
  readonly attempt: number;
  /**
   * Aborted where the attempt took too long, the job was taken from this worker, or the queue was stopped and
   * waited no longer.
   */
  readonly signal: AbortSignal;
}

/** A job that failed for the last time. */
export interface DeadJob {
  readonly id: string;
  readonly data: unknown;
  /**
   * Code of the last failure: `internal` for an error without one, `queue.expired` where the attempt took too
   * long or its worker was gone.
   */
  readonly failure: string;
  /** ISO 8601. */
  readonly failedAt: string;
}

/**
 * Jobs that outlive the process. Each runs at least once: a worker that is killed leaves its job to the next
 * one, so handlers are idempotent. No two workers have one job at the same time, unless one of them was not
 * heard of for `heartbeatSeconds` and lives all the same.
 */
export interface Queue {
  /**
   * Queues a job; with `tx` in that transaction, together with the state change that wants it. Returns its
   * id, or null where the id or the `singletonKey` keeps it out. The data goes through JSON and is kept for a
   * day after the job is done: ids, no personal data, no secrets.
   * @throws UsageError `queue.unknown` for a kind that the queue was not opened with
   */
  send(kind: string, data: object, options?: SendOptions, tx?: Session): Promise<string | null>;
  /**
   * Has jobs of a kind run by `handler` from now on. A handler that throws has failed the attempt.
   * @throws UsageError `queue.unknown`
   */
  work(kind: string, options: WorkOptions, handler: (job: Job) => Promise<void>): Promise<void>;
  /** The dead jobs of a kind, oldest first, at most a thousand. @throws UsageError `queue.unknown` */
  dead(kind: string): Promise<DeadJob[]>;
  /**
   * Sends a kind's dead jobs again, with all their retries. Returns how many. @throws UsageError
   * `queue.unknown`
   */
  revive(kind: string): Promise<number>;
  /**
   * Takes no further jobs and waits for those that run, at most `graceSeconds` (30 where not given); the rest
   * run again later.
   */
  stop(graceSeconds?: number): Promise<void>;
}
