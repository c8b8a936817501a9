import { PgBoss, type Queue as BossQueue } from "pg-boss";
import { UnknownError } from "../../../base/errors/errors.ts";
import { SECONDS_PER_DAY } from "../../../base/lib/time/units.ts";
import type { Database, Session } from "../engine/database.ts";
import { bossDatabase } from "./bossDatabase.ts";
import { failureOf } from "./failureOf.ts";
import { deadJobs } from "./deadJobs.ts";
import type { Job, JobKind, Queue, QueueOptions, SendOptions, WorkOptions } from "./queue.ts";

const SUPERVISE_SECONDS = 15;
const HEARTBEAT_SECONDS = 30;
const GRACE_SECONDS = 30;
const POLL_SECONDS = 2;
/** A job that nobody has run for this long is given up. */
const WAIT_DAYS = 30;
/** Nothing here lets a job wait for another, so pg-boss need not look for such jobs. */
const NEVER_SECONDS = SECONDS_PER_DAY;
const POLICIES = { waiting: "short", alive: "exclusive" } as const;

/**
 * Opens the job queue in the database's schema `pgboss`, which it creates and migrates (https://pgboss.io).
 * On the embedded database, which belongs to this process alone, jobs that a killed process left running have
 * failed that attempt; on Postgres they are recognised by their missing heartbeat. Open it once per process.
 * @throws UnavailableError `storage.unavailable`
 */
export async function openQueue(db: Database, options: QueueOptions): Promise<Queue> {
  const supervise = options.superviseSeconds ?? SUPERVISE_SECONDS;
  const boss = new PgBoss({
    db: bossDatabase(db),
    backend: db.engine,
    schedule: false,
    superviseIntervalSeconds: supervise,
    monitorIntervalSeconds: supervise,
    flowIntervalSeconds: NEVER_SECONDS,
    registerInstance: false,
    // The embedded database has no autovacuum to watch over, and rebuilding an index would hold up its one
    // connection.
    reindex: db.engine === "postgres",
    monitorVacuum: db.engine === "postgres",
    openTelemetry: { enabled: false },
  });
  boss.on("error", (error) => options.onError(error, null));
  await boss.start();
  for (const kind of options.kinds)
    await createKind(
      boss,
      kind,
      db.engine === "postgres" ? (options.heartbeatSeconds ?? HEARTBEAT_SECONDS) : null,
    );
  if (db.engine === "pglite") await failOrphans(boss, db);
  return new OpenQueue(boss, db, options);
}

async function createKind(boss: PgBoss, kind: JobKind, heartbeatSeconds: number | null): Promise<void> {
  const dead = deadName(kind.name);
  await boss.createQueue(dead, {
    retentionSeconds: 365 * SECONDS_PER_DAY,
    deleteAfterSeconds: WAIT_DAYS * SECONDS_PER_DAY,
  });
  const settings: Omit<BossQueue, "name"> = {
    retryLimit: kind.retryLimit,
    retryDelay: kind.retryDelaySeconds,
    retryBackoff: true,
    retryDelayMax: kind.retryDelayMaxSeconds,
    expireInSeconds: kind.expireSeconds,
    retentionSeconds: WAIT_DAYS * SECONDS_PER_DAY,
    deleteAfterSeconds: SECONDS_PER_DAY,
    deadLetter: dead,
    ...(heartbeatSeconds === null ? {} : { heartbeatSeconds }),
  };
  await boss.createQueue(kind.name, {
    ...settings,
    policy: kind.oncePerKey === null ? "standard" : POLICIES[kind.oncePerKey],
  });
  // A queue that an earlier version has made keeps its old settings otherwise. Both calls fill pg-boss' cache
  // as well: a send inside a transaction must not ask for the queue on another connection, of which the
  // embedded database has none.
  await boss.updateQueue(kind.name, settings);
}

/**
 * @see openQueue: a job that is active although nobody but us can work on it was left by a process that is
 * gone.
 */
async function failOrphans(boss: PgBoss, db: Database): Promise<void> {
  const orphans = await db.query<{ name: string; id: string }>(
    "SELECT name, id::text AS id FROM pgboss.job WHERE state = 'active'",
  );
  for (const { name, id } of orphans) await boss.fail(name, id, { code: "queue.orphaned" });
}

const deadName = (kind: string): string => `${kind}.dead`;

class OpenQueue implements Queue {
  readonly #boss: PgBoss;
  readonly #db: Database;
  readonly #options: QueueOptions;
  readonly #listening: (() => void)[] = [];

  constructor(boss: PgBoss, db: Database, options: QueueOptions) {
    this.#boss = boss;
    this.#db = db;
    this.#options = options;
  }

  async send(
    kind: string,
    data: object,
    options: SendOptions = {},
    tx: Session = this.#db,
  ): Promise<string | null> {
    this.#known(kind);
    const { id, startAfterSeconds, singletonKey, group, retryLimit } = options;
    const sent = await this.#boss.send(kind, data, {
      ...(id === undefined ? {} : { id }),
      ...(startAfterSeconds === undefined ? {} : { startAfter: startAfterSeconds }),
      ...(singletonKey === undefined ? {} : { singletonKey }),
      ...(group === undefined ? {} : { group: { id: group } }),
      ...(retryLimit === undefined ? {} : { retryLimit }),
      db: bossDatabase(tx),
    });
    tx.announce(topicOf(kind));
    return sent;
  }

  async work(kind: string, options: WorkOptions, handler: (job: Job) => Promise<void>): Promise<void> {
    this.#known(kind);
    const workers: string[] = [];
    const { concurrency = 1, pollSeconds = POLL_SECONDS, onePerGroup = false } = options;
    for (let i = 0; i < concurrency; i++) {
      let worker = "";
      worker = await this.#boss.work<object>(
        kind,
        { pollingIntervalSeconds: pollSeconds, ...(onePerGroup ? { localGroupConcurrency: 1 } : {}) },
        async ([job]) => {
          if (job === undefined) return;
          // Where there was one job there may be another, and nobody should wait for the next poll.
          this.#boss.notifyWorker(worker);
          const { id, data, retryCount, signal } = job;
          try {
            await handler({ id, data, attempt: retryCount + 1, signal });
          } catch (error) {
            this.#options.onError(error, kind);
            throw failureOf(error);
          }
        },
      );
      workers.push(worker);
    }
    this.#listening.push(
      this.#db.listen(topicOf(kind), () => {
        for (const worker of workers) this.#boss.notifyWorker(worker);
      }),
    );
  }

  async dead(kind: string): ReturnType<Queue["dead"]> {
    this.#known(kind);
    return deadJobs(this.#boss, deadName(kind));
  }

  async revive(kind: string): Promise<number> {
    this.#known(kind);
    const revived = await this.#boss.redrive(deadName(kind));
    this.#db.announce(topicOf(kind));
    return revived;
  }

  async stop(graceSeconds: number = GRACE_SECONDS): Promise<void> {
    for (const stop of this.#listening.splice(0)) stop();
    await this.#boss.stop({ graceful: true, timeout: graceSeconds * 1000 });
  }

  #known(kind: string): void {
    if (this.#options.kinds.some(({ name }) => name === kind)) return;
    throw new UnknownError(
      "queue.unknown",
      `The queue was opened without jobs of kind ${JSON.stringify(kind.slice(0, 80))}.`,
    );
  }
}

function topicOf(kind: string): string {
  return `queue/${kind}`;
}
