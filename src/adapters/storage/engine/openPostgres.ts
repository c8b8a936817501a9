import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { Semaphore } from "../../../base/lib/semaphore.ts";
import { AdvisoryLocks } from "./advisoryLocks.ts";
import { Announcements } from "./announcements.ts";
import { AT_LEISURE } from "./atLeisure.ts";
import { byteaOfText } from "./byteaOfText.ts";
import { encodeCopyRows } from "./copyFormat.ts";
import { CopiedRows } from "./copiedRows.ts";
import type { CopyColumns, CopyRow } from "./copyFormat.ts";
import type { Database, Lock, Session, SqlParameter } from "./database.ts";
import { pinnedSettings } from "./pinnedSettings.ts";
import { reaching } from "./reaching.ts";
import { shapeOf } from "./recordRows.ts";
import { hiddenFailure, isDeadlock } from "./sqlState.ts";
import { withLiterals } from "./withLiterals.ts";

/**
 * Whatever the server's or the database's default is: under a stricter level an admission that waited for a
 * closing would go on by what it saw before.
 */
const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED";

const DEADLOCK_ATTEMPTS = 5;
const CONNECT_TIMEOUT_MS = 10_000;
const CONNECTIONS = 10;
/** Some thousand rows. */
const COPY_AHEAD_BYTES = 1_048_576;

/**
 * Connects to a Postgres server (15 or later).
 * @param url `postgres://user:password@host:port/database`; never repeated in messages
 * @param options.connections the most that are open at once, 10 where not given
 * @throws UnavailableError `storage.unavailable`
 */
export async function openPostgres(
  url: string,
  options: { readonly connections?: number } = {},
): Promise<Database> {
  const connection: pg.ClientConfig = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: "microtonne",
    types: { getTypeParser: parserOf },
  };
  const max = options.connections ?? CONNECTIONS;
  const settings = pinnedSettings(url);
  const pool = new pg.Pool({
    ...connection,
    max,
    // The pool waits for it, which its types don't say.
    onConnect: (client) => client.query(settings) as unknown as undefined,
  });
  // An idle connection that breaks is replaced by the pool on the next call; without a listener it would end
  // the process.
  pool.on("error", () => undefined);
  // The pool listens to idle connections only. One that the server ends while it is somebody's, between two
  // statements or at a lock, says so as an event, and its next statement fails as unreachable.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const database = new PostgresDatabase(pool, new AdvisoryLocks(connection), max);
  try {
    await database.query("SELECT 1");
  } catch (error) {
    await pool.end();
    throw error;
  }
  return database;
}

const parserOf: pg.CustomTypesConfig["getTypeParser"] = (oid, format) => {
  if (format !== "binary") {
    if (oid === pg.types.builtins.INT8) return BigInt;
    if (oid === pg.types.builtins.BYTEA) return byteaOfText;
  }
  return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
};

class ClientSession implements Session {
  readonly announced: string[] = [];
  readonly #client: pg.PoolClient;
  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  async query<T>(sql: string, parameters: readonly SqlParameter[] = []): Promise<T[]> {
    return reaching(async () => (await this.#client.query(sql, parameters as unknown[])).rows as T[]);
  }

  async execute(script: string): Promise<unknown[]> {
    return rowsOf(await reaching(() => this.#client.query(script)));
  }

  async copyIn(table: string, columns: CopyColumns, rows: readonly CopyRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.copyBytes(table, Object.keys(columns), encodeCopyRows(columns, rows));
  }

  async copyBytes(table: string, columns: readonly string[], bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const names = columns.join(", ");
    await reaching(async () => {
      const sink = this.#client.query(copyFrom(`COPY ${table} (${names}) FROM STDIN WITH (FORMAT binary)`));
      await pipeline(Readable.from([bytes], { objectMode: false }), sink);
    });
  }

  async transaction<T>(work: (tx: Session) => Promise<T>): Promise<T> {
    return work(this);
  }

  announce(topic: string): void {
    this.announced.push(topic);
  }
}

class PostgresDatabase implements Database {
  readonly engine = "postgres";
  readonly #pool: pg.Pool;
  readonly #locks: AdvisoryLocks;
  /** Whoever reads a stream asks for more in between: streams alone must not have all connections. */
  readonly #streams: Semaphore;
  readonly #announcements = new Announcements();
  constructor(pool: pg.Pool, locks: AdvisoryLocks, connections: number) {
    this.#pool = pool;
    this.#locks = locks;
    this.#streams = new Semaphore(Math.max(1, Math.floor(connections / 2)));
  }

  async query<T>(sql: string, parameters: readonly SqlParameter[] = []): Promise<T[]> {
    return reaching(async () => (await this.#pool.query(sql, parameters as unknown[])).rows as T[]);
  }

  /**
   * A connection whose script failed is closed by the pool, with whatever transaction the script had begun.
   */
  async execute(script: string): Promise<unknown[]> {
    return rowsOf(await reaching(() => this.#pool.query(script)));
  }

  async copyIn(table: string, columns: CopyColumns, rows: readonly CopyRow[]): Promise<void> {
    await this.#withClient((session) => session.copyIn(table, columns, rows));
  }

  async copyBytes(table: string, columns: readonly string[], bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#withClient((session) => session.copyBytes(table, columns, bytes));
  }

  async transaction<T>(work: (tx: Session) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { result, announced } = await this.#withClient(async (session, client) => {
          await session.execute(BEGIN);
          const outcome = await work(session);
          const { command } = await reaching(() => client.query("COMMIT"));
          if (command !== "COMMIT") throw hiddenFailure();
          return { result: outcome, announced: session.announced };
        });
        this.#announcements.publish(announced);
        return result;
      } catch (error) {
        if (!isDeadlock(error) || attempt === DEADLOCK_ATTEMPTS) throw error;
      }
    }
  }

  announce(topic: string): void {
    this.#announcements.publish([topic]);
  }

  listen(topic: string, wake: () => void): () => void {
    return this.#announcements.listen(topic, wake);
  }

  /**
   * COPY sends rows as they are and does not wait to be asked for the next ones; a cursor's go through the
   * driver as text. A slow reader is waited for.
   */
  async *stream<T>(sql: string, parameters: readonly SqlParameter[], batchRows: number): AsyncIterable<T[]> {
    const leave = await this.#streams.enter();
    try {
      yield* this.#stream(sql, parameters, batchRows);
    } finally {
      leave();
    }
  }

  async *#stream<T>(sql: string, parameters: readonly SqlParameter[], batchRows: number): AsyncIterable<T[]> {
    const client = await reaching(() => this.#pool.connect());
    const session = new ClientSession(client);
    let whole = false;
    try {
      await session.execute(`${BEGIN}; ${AT_LEISURE}`);
      const { fields } = await reaching(() => client.query(shapeOf(sql), parameters as unknown[]));
      const copied = CopiedRows.of<T>(fields);
      if (copied === null) yield* cursorRows<T>(session, sql, parameters, batchRows);
      else yield* copiedRows(client, withLiterals(sql, parameters), copied, batchRows);
      await session.execute("COMMIT");
      whole = true;
    } finally {
      // A reader that stopped early leaves a transaction open: its connection is closed, not given back.
      client.release(!whole);
    }
  }

  lock(name: string): Promise<Lock> {
    return this.#locks.take(name);
  }

  async close(): Promise<void> {
    await this.#locks.close();
    if (!this.#pool.ended) await this.#pool.end();
  }

  async #withClient<T>(work: (session: ClientSession, client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await reaching(() => this.#pool.connect());
    let sound = false;
    try {
      const result = await work(new ClientSession(client), client);
      sound = true;
      return result;
    } catch (error) {
      sound = await client.query("ROLLBACK").then(
        () => true,
        () => false,
      );
      throw error;
    } finally {
      client.release(!sound);
    }
  }
}

async function* cursorRows<T>(
  session: Session,
  sql: string,
  parameters: readonly SqlParameter[],
  batchRows: number,
): AsyncIterable<T[]> {
  await session.query(`DECLARE stream NO SCROLL CURSOR FOR ${sql}`, parameters);
  for (;;) {
    const rows = await session.query<T>(`FETCH ${String(batchRows)} FROM stream`);
    if (rows.length > 0) yield rows;
    if (rows.length < batchRows) return;
  }
}

async function* copiedRows<T>(
  client: pg.PoolClient,
  sql: string,
  copied: CopiedRows<T>,
  batchRows: number,
): AsyncIterable<T[]> {
  const source = client.query(
    copyTo(`COPY (${sql}) TO STDOUT (FORMAT binary)`, { highWaterMark: COPY_AHEAD_BYTES }),
  );
  // The connection of a reader that stopped early is closed under it; nobody waits for that failure.
  source.on("error", () => undefined);
  const pieces = source[Symbol.asyncIterator]();
  let ready: T[] = [];
  try {
    for (;;) {
      const piece = await reaching(() => pieces.next());
      if (piece.done === true) break;
      ready.push(...copied.add(piece.value as Buffer));
      for (; ready.length >= batchRows; ready = ready.slice(batchRows)) yield ready.slice(0, batchRows);
    }
    if (ready.length > 0) yield ready;
  } finally {
    source.destroy();
  }
}

/** The driver answers a script of several statements with one result for each. */
function rowsOf(results: pg.QueryResult | pg.QueryResult[]): unknown[] {
  return [results].flat().flatMap(({ rows }) => rows as unknown[]);
}
