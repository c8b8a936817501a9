import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Transaction } from "@electric-sql/pglite";
import { UnavailableError } from "../../../base/errors/errors.ts";
import { lockToProcess, type Locked } from "../../../base/lib/files/lockToProcess.ts";
import { Announcements } from "./announcements.ts";
import { encodeCopyRows } from "./copyFormat.ts";
import type { CopyColumns, CopyRow } from "./copyFormat.ts";
import type { Database, Lock, Session, SqlParameter } from "./database.ts";
import { asRecords, recordReader, shapeOf } from "./recordRows.ts";
import { PgliteEngine } from "./pgliteEngine.ts";
import { hiddenFailure } from "./sqlState.ts";

const LOCKED: Locked = {
  code: "storage.locked",
  state: "this data folder open",
  why: "Two processes on one folder lose rows.",
};

/**
 * Opens the embedded database in `folder`, creating it where it is new: `folder/cluster` holds its files,
 * `folder/lock` names the process that has it open. One process at a time, one connection inside it.
 * @throws UnavailableError `storage.locked` while another process has it open, `storage.unavailable` where
 * the files can't be opened
 */
export async function openPglite(folder: string): Promise<Database> {
  mkdirSync(folder, { recursive: true });
  const unlock = await lockToProcess(join(folder, "lock"), LOCKED);
  const engine = new PgliteEngine(folder);
  try {
    await engine.open();
  } catch (error) {
    unlock();
    throw error;
  }
  return new PgliteDatabase(engine, unlock);
}

type Runner = Pick<Transaction, "query" | "exec">;

/** Plain reads go on where there is no room for anything else. */
const READS = /^\s*(?:SELECT|FETCH|CLOSE|SHOW)\b/i;

class PgliteSession implements Session {
  protected readonly core: PgliteEngine;
  readonly #runner: Runner | null;
  readonly announced: string[] = [];
  /** @param runner a transaction; null: the engine as it is at each call */
  constructor(core: PgliteEngine, runner: Runner | null) {
    this.core = core;
    this.#runner = runner;
  }

  async query<T>(sql: string, parameters: readonly SqlParameter[] = []): Promise<T[]> {
    return (await this.run(sql, (runner) => runner.query<T>(sql, [...parameters]))).rows;
  }

  async execute(script: string): Promise<unknown[]> {
    return (await this.run(script, (runner) => runner.exec(script))).flatMap(({ rows }) => rows);
  }

  async copyIn(table: string, columns: CopyColumns, rows: readonly CopyRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.copyBytes(table, Object.keys(columns), encodeCopyRows(columns, rows));
  }

  async copyBytes(table: string, columns: readonly string[], bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const blob = new Blob([bytes]);
    const sql = `COPY ${table} (${columns.join(", ")}) FROM '/dev/blob' WITH (FORMAT binary)`;
    await this.run(sql, (runner) => runner.query(sql, [], { blob }));
  }

  async transaction<T>(work: (tx: Session) => Promise<T>): Promise<T> {
    return work(this);
  }

  announce(topic: string): void {
    this.announced.push(topic);
  }

  /** @throws UnavailableError as `PgliteEngine` */
  protected async run<T>(sql: string, call: (runner: Runner) => Promise<T>): Promise<T> {
    const runner = this.#runner ?? (await this.core.now());
    if (!READS.test(sql)) this.core.checkRoom();
    return this.core.reaching(() => call(runner));
  }
}

class PgliteDatabase extends PgliteSession implements Database {
  readonly engine = "pglite";
  readonly #unlock: () => void;
  readonly #announcements = new Announcements();
  #isOpen = true;
  #cursors = 0;
  /** By name, until the last caller of a lock releases it. */
  readonly #locks = new Map<string, Promise<void>>();

  constructor(core: PgliteEngine, unlock: () => void) {
    super(core, null);
    this.#unlock = unlock;
  }

  override async transaction<T>(work: (tx: Session) => Promise<T>): Promise<T> {
    const { result, announced } = await this.#inTransaction(async (session) => {
      const outcome = await work(session);
      await session.query("SELECT 1").catch((cause: unknown) => {
        throw cause instanceof UnavailableError ? cause : hiddenFailure(cause);
      });
      return { result: outcome, announced: session.announced };
    });
    this.#announcements.publish(announced);
    return result;
  }

  /**
   * A script that begins a transaction of its own keeps the one connection to itself until its end, and
   * leaves no broken transaction behind for whoever comes next.
   */
  override async execute(script: string): Promise<unknown[]> {
    if (!/^\s*BEGIN\b/i.test(script)) return super.execute(script);
    return this.#inTransaction((session) => session.execute(script));
  }

  async #inTransaction<T>(work: (session: PgliteSession) => Promise<T>): Promise<T> {
    const engine = await this.core.now();
    // What undoes a transaction of an engine that has ended fails as well, and would hide why.
    let failure: unknown;
    try {
      return await this.core.reaching(() =>
        engine.transaction((tx) =>
          work(new PgliteSession(this.core, tx)).catch((error: unknown) => {
            failure = error;
            throw error;
          }),
        ),
      );
    } catch (error) {
      throw failure instanceof UnavailableError ? failure : error;
    }
  }

  override announce(topic: string): void {
    this.#announcements.publish([topic]);
  }

  listen(topic: string, wake: () => void): () => void {
    return this.#announcements.listen(topic, wake);
  }

  /**
   * There is one connection, so an open transaction would lock the reader's own other calls out: the cursor
   * is held past its transaction.
   */
  async *stream<T>(sql: string, parameters: readonly SqlParameter[], batchRows: number): AsyncIterable<T[]> {
    const shape = shapeOf(sql);
    const { fields } = await this.run(shape, (runner) => runner.query(shape, [...parameters]));
    const reader = recordReader(fields);
    const cursor = `stream_${String(++this.#cursors)}`;
    const statement = reader === null ? sql : asRecords(sql);
    await this.query(`DECLARE ${cursor} NO SCROLL CURSOR WITH HOLD FOR ${statement}`, parameters);
    const next = `FETCH ${String(batchRows)} FROM ${cursor}`;
    try {
      for (;;) {
        const rows =
          reader === null
            ? await this.query<T>(next)
            : (await this.query<{ record: Uint8Array }>(next)).map(({ record }) => reader(record) as T);
        if (rows.length > 0) yield rows;
        if (rows.length < batchRows) return;
      }
    } finally {
      await this.execute(`CLOSE ${cursor}`);
    }
  }

  /** The folder's own lock keeps all other processes out already; callers of this one wait for each other. */
  async lock(name: string): Promise<Lock> {
    const before = this.#locks.get(name);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    this.#locks.set(name, held);
    await before;
    return {
      confirm: () => Promise.resolve(),
      renew: () => Promise.resolve(),
      release: () => {
        if (this.#locks.get(name) === held) this.#locks.delete(name);
        release();
        return Promise.resolve();
      },
    };
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      await this.core.close();
    } finally {
      this.#unlock();
    }
  }
}
