import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { UnavailableError } from "../../../base/errors/errors.ts";
import type { Lock } from "./database.ts";
import { reaching } from "./reaching.ts";

const LOCK_WAIT_MS = 30_000;
const LOCK_POLL_MS = 200;
/** A server that does not answer for so long has not kept the session, for all that we know. */
const ANSWER_MS = 10_000;

/**
 * Locks that the server keeps for this process, all in one session beside the pool: whoever holds one or
 * waits for one takes no connection from those who work. The session ends with the last lock.
 */
export class AdvisoryLocks {
  readonly #config: pg.ClientConfig;
  /** A session has a lock as often as it takes it, so callers of one name take turns here. */
  readonly #names = new Set<string>();
  #session: Promise<LockSession> | null = null;

  constructor(config: pg.ClientConfig) {
    this.#config = config;
  }

  /** @throws UnavailableError `storage.busy`, `storage.unavailable` */
  async take(name: string): Promise<Lock> {
    const giveUpAt = Date.now() + LOCK_WAIT_MS;
    for (; this.#names.has(name); await setTimeout(LOCK_POLL_MS)) if (Date.now() > giveUpAt) throw busy(name);
    this.#names.add(name);
    let session: LockSession;
    try {
      session = await this.#takeFromServer(name, giveUpAt);
    } catch (error) {
      await this.#leave(name);
      throw error;
    }
    let released = false;
    return {
      confirm: () => session.confirm(name),
      renew: async () => {
        if (session.isLost) session = await this.#takeFromServer(name, Date.now() + LOCK_WAIT_MS);
      },
      release: async () => {
        if (released) return;
        released = true;
        await session.unlock(name);
        await this.#leave(name);
      },
    };
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await (await session?.catch(() => null))?.end();
  }

  async #takeFromServer(name: string, giveUpAt: number): Promise<LockSession> {
    for (; ; await setTimeout(LOCK_POLL_MS)) {
      const session = await this.#open();
      if (await session.tryLock(name)) return session;
      if (Date.now() > giveUpAt) throw busy(name);
    }
  }

  #open(): Promise<LockSession> {
    if (this.#session !== null) return this.#session;
    const forget = (): void => {
      if (this.#session === opening) this.#session = null;
    };
    const opening = LockSession.open(this.#config, forget);
    opening.catch(forget);
    return (this.#session = opening);
  }

  async #leave(name: string): Promise<void> {
    this.#names.delete(name);
    if (this.#names.size === 0) await this.close();
  }
}

/** A session of the server's: the locks that it took end with it. */
class LockSession {
  isLost = false;
  readonly #client: pg.Client;
  readonly #onLost: () => void;
  /** The last question: a session answers one at a time. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(client: pg.Client, onLost: () => void) {
    this.#client = client;
    this.#onLost = onLost;
  }

  static async open(config: pg.ClientConfig, onLost: () => void): Promise<LockSession> {
    const client = new pg.Client({ ...config, query_timeout: ANSWER_MS });
    const session = new LockSession(client, onLost);
    client.on("error", () => session.#lose());
    client.on("end", () => session.#lose());
    await reaching(() => client.connect());
    // It does nothing for as long as the work takes that it keeps others out of.
    await reaching(() => client.query("SET idle_session_timeout = 0"));
    return session;
  }

  async tryLock(name: string): Promise<boolean> {
    const { rows } = await this.#ask("SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken", name);
    return (rows as { taken: boolean }[])[0]?.taken === true;
  }

  /** Where the server can't be told, its session is ended, and the lock with it. */
  async unlock(name: string): Promise<void> {
    if (this.isLost) return;
    await this.#ask("SELECT pg_advisory_unlock(hashtextextended($1, 0))", name).catch(() => undefined);
  }

  /** @throws UnavailableError `storage.lock-lost` */
  async confirm(name: string): Promise<void> {
    try {
      if (!this.isLost) await this.#ask("SELECT $1::text", name);
    } catch (cause) {
      throw lost(name, cause);
    }
    if (this.isLost) throw lost(name);
  }

  async end(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  async #ask(sql: string, name: string): Promise<pg.QueryResult> {
    const answer = this.#last.then(() => reaching(() => this.#client.query(sql, [name])));
    this.#last = answer.catch(() => undefined);
    try {
      return await answer;
    } catch (error) {
      this.#lose();
      throw error;
    }
  }

  #lose(): void {
    if (this.isLost) return;
    this.isLost = true;
    this.#onLost();
    void this.end();
  }
}

function busy(name: string): UnavailableError {
  return new UnavailableError(
    "storage.busy",
    `Another process has been at this work (${name}) for a while. Wait until it is done, then try again.`,
  );
}

function lost(name: string, cause?: unknown): UnavailableError {
  return new UnavailableError(
    "storage.lock-lost",
    `The database ended the session that kept others out of this work (${name}): another process may be at ` +
      "it now. Nothing more was signed or sent. Run the command again: it waits for its turn and goes on " +
      "where it was.",
    { cause },
  );
}
