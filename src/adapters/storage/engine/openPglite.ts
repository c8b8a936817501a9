import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { Transaction } from "@electric-sql/pglite";
import { UnavailableError } from "../../../base/errors/errors.ts";
import { lockToProcess, type Locked } from "../../../base/lib/lockToProcess.ts";
import { Announcements } from "./announcements.ts";
import { byteaOfText } from "./byteaOfText.ts";
import { encodeCopyRows } from "./copyFormat.ts";
import type { CopyColumns, CopyRow } from "./copyFormat.ts";
import type { Database, Session, SqlParameter } from "./database.ts";
import { asRecords, recordReader, shapeOf } from "./recordRows.ts";
import { hiddenFailure } from "./sqlState.ts";

const BYTEA = 17;
const INT8 = 20;
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
  let engine: PGlite;
  try {
    engine = await PGlite.create({
      dataDir: join(folder, "cluster"),
      parsers: { [INT8]: BigInt, [BYTEA]: byteaOfText },
      // PGlite's own goes byte by byte: on a chunk's keys it took longer than looking them up.
      serializers: { [BYTEA]: textOfBytea },
    });
  } catch (cause) {
    unlock();
    throw new UnavailableError(
      "storage.unavailable",
      `The embedded database in ${folder} does not open. Restore the folder or choose another one.`,
      { cause },
    );
  }
  return new PgliteDatabase(engine, unlock);
}

function textOfBytea(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`;
}

type Runner = Pick<Transaction, "query" | "exec">;

class PgliteSession implements Session {
  protected readonly runner: Runner;
  readonly announced: string[] = [];
  constructor(runner: Runner) {
    this.runner = runner;
  }

  async query<T>(sql: string, parameters: readonly SqlParameter[] = []): Promise<T[]> {
    return (await this.runner.query<T>(sql, [...parameters])).rows;
  }

  async execute(script: string): Promise<unknown[]> {
    return (await this.runner.exec(script)).flatMap(({ rows }) => rows);
  }

  async copyIn(table: string, columns: CopyColumns, rows: readonly CopyRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.copyBytes(table, Object.keys(columns), encodeCopyRows(columns, rows));
  }

  async copyBytes(table: string, columns: readonly string[], bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const blob = new Blob([bytes]);
    const names = columns.join(", ");
    await this.runner.query(`COPY ${table} (${names}) FROM '/dev/blob' WITH (FORMAT binary)`, [], { blob });
  }

  async transaction<T>(work: (tx: Session) => Promise<T>): Promise<T> {
    return work(this);
  }

  announce(topic: string): void {
    this.announced.push(topic);
  }
}

class PgliteDatabase extends PgliteSession implements Database {
  readonly engine = "pglite";
  readonly #engine: PGlite;
  readonly #unlock: () => void;
  readonly #announcements = new Announcements();
  #cursors = 0;
  /** By name, until the last caller of a lock releases it. */
  readonly #locks = new Map<string, Promise<void>>();

  constructor(engine: PGlite, unlock: () => void) {
    super(engine);
    this.#engine = engine;
    this.#unlock = unlock;
  }

  override async transaction<T>(work: (tx: Session) => Promise<T>): Promise<T> {
    let announced: readonly string[] = [];
    const result = await this.#engine.transaction(async (tx) => {
      const session = new PgliteSession(tx);
      const outcome = await work(session);
      await tx.query("SELECT 1").catch((cause: unknown) => {
        throw hiddenFailure(cause);
      });
      announced = session.announced;
      return outcome;
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
    return this.#engine.transaction((tx) => new PgliteSession(tx).execute(script));
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
    const { fields } = await this.runner.query(shapeOf(sql), [...parameters]);
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
  async lock(name: string): Promise<{ release(): Promise<void> }> {
    const before = this.#locks.get(name);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    this.#locks.set(name, held);
    await before;
    return {
      release: () => {
        if (this.#locks.get(name) === held) this.#locks.delete(name);
        release();
        return Promise.resolve();
      },
    };
  }

  async close(): Promise<void> {
    if (this.#engine.closed) return;
    try {
      await this.#engine.close();
    } finally {
      this.#unlock();
    }
  }
}
