import type { CopyColumns, CopyRow } from "./copyFormat.ts";

/**
 * A value bound to `$1`, `$2`, …; an array binds as one Postgres array. `Uint8Array` is bytea, `bigint` int8.
 */
export type SqlScalar = string | number | bigint | boolean | null | Uint8Array;
export type SqlParameter = SqlScalar | readonly (string | number | bigint)[];

/**
 * Where statements run: the database itself, or one transaction of it. Verbs that take a `Session` join the
 * transaction they are given.
 *
 * Rows come back with int8 as bigint, int2 and int4 as number, bytea as plain `Uint8Array`, text as string,
 * bool as boolean.
 */
export interface Session {
  /** One statement. `T` is the row as the caller's own column list makes it. */
  query<T>(sql: string, parameters?: readonly SqlParameter[]): Promise<T[]>;
  /** Several statements without parameters. Returns the rows of all of them, in their order. */
  execute(script: string): Promise<unknown[]>;
  /** Appends rows by binary COPY. Table and column names come from code, never from input. */
  copyIn(table: string, columns: CopyColumns, rows: readonly CopyRow[]): Promise<void>;
  /** The same for rows that are encoded already (`CopyLayout`). */
  copyBytes(table: string, columns: readonly string[], bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /**
   * All or nothing, isolation READ COMMITTED; inside a transaction it just joins. `work` may run more than
   * once (deadlocks are tried again), so it touches nothing but the session it is given.
   */
  transaction<T>(work: (tx: Session) => Promise<T>): Promise<T>;
  /**
   * Wakes those of this process who listen for `topic`: at once, or in a transaction when it is committed,
   * and never where it is not. A wake-up carries nothing, and other processes hear nothing of it: whoever
   * listens reads the tables, and reads them now and then without being woken.
   */
  announce(topic: string): void;
}

/** Work that others are kept out of, for as long as the database keeps the session that holds it. */
export interface Lock {
  /**
   * Asks the database. To be called before each step that two at once must never take.
   * @throws UnavailableError `storage.lock-lost` where it was lost, so that others may be at the work
   */
  confirm(): Promise<void>;
  /** Takes it again where it was lost: what was known of the work must be read anew. @throws as `lock` */
  renew(): Promise<void>;
  /** Idempotent. */
  release(): Promise<void>;
}

/**
 * One Postgres-compatible database: embedded (PGlite) or a server.
 * @throws UnavailableError `storage.unavailable` from every call while the database can't be reached. Whether
 * a transaction that was being committed at that moment took effect is then unknown; every verb here may be
 * called again.
 */
export interface Database extends Session {
  readonly engine: "pglite" | "postgres";
  /**
   * Rows of one consistent snapshot through a server-side cursor, in groups of at most `batchRows`. Other
   * calls may run in between.
   */
  stream<T>(sql: string, parameters: readonly SqlParameter[], batchRows: number): AsyncIterable<T[]>;
  /**
   * Keeps others out of the work that `name` stands for until `release`; waits for them at first. It goes
   * with the process. Those who wait and those who hold take no connection from those who work.
   * @throws UnavailableError `storage.busy` where another one keeps it for longer than half a minute
   */
  lock(name: string): Promise<Lock>;
  /**
   * Calls `wake` after each announcement of `topic` in this process. Returns the function that stops
   * listening.
   */
  listen(topic: string, wake: () => void): () => void;
  close(): Promise<void>;
}
