import { open, type FileHandle } from "node:fs/promises";
import type { Database, Session } from "../../../src/adapters/storage/engine/database.ts";

interface Copied {
  readonly table: string;
  readonly columns: readonly string[];
  readonly at: number;
  readonly length: number;
}

/** What an ingest copied into its tables, transaction by transaction, kept in a file. */
export class CopiedRows {
  readonly #file: FileHandle;
  readonly #transactions: Copied[][] = [];
  #end = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<CopiedRows> {
    return new CopiedRows(await open(path, "w+"));
  }

  /** The same database, whose copying of facts is kept as well. */
  watch(db: Database): Database {
    const kept = (session: Session, of: Copied[]): Session => ({
      query: (sql, parameters) => session.query(sql, parameters),
      execute: (script) => session.execute(script),
      copyIn: (table, columns, rows) => session.copyIn(table, columns, rows),
      copyBytes: async (table, columns, bytes) => {
        await session.copyBytes(table, columns, bytes);
        of.push({ table, columns, at: this.#end, length: bytes.length });
        this.#end += bytes.length;
        await this.#file.write(bytes, 0, bytes.length, this.#end - bytes.length);
      },
      transaction: (work) => work(kept(session, of)),
      announce: (topic) => session.announce(topic),
    });
    return new Proxy(db, {
      get: (target, property) => {
        if (property === "transaction") {
          return async <T>(work: (tx: Session) => Promise<T>): Promise<T> => {
            const copied: Copied[] = [];
            const result = await target.transaction((tx) => {
              copied.length = 0;
              return work(kept(tx, copied));
            });
            if (copied.length > 0) this.#transactions.push(copied);
            return result;
          };
        }
        const value: unknown = Reflect.get(target, property);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  }

  /**
   * Copies all of it into emptied tables; reading the file is not counted.
   * @param spentOn measures a transaction
   */
  async replay(
    db: Database,
    spentOn: (db: Database, work: () => Promise<void>) => Promise<{ wall: number; cpu: number }>,
  ): Promise<{ wall: number; cpu: number }> {
    await db.execute("TRUNCATE facts, records, subject_days");
    let [wall, cpu] = [0, 0];
    for (const transaction of this.#transactions) {
      const pieces = await Promise.all(
        transaction.map(async (one) => {
          const bytes = new Uint8Array(one.length);
          await this.#file.read(bytes, 0, one.length, one.at);
          return { ...one, bytes };
        }),
      );
      const spent = await spentOn(db, () =>
        db.transaction(async (tx) => {
          for (const { table, columns, bytes } of pieces) await tx.copyBytes(table, columns, bytes);
        }),
      );
      wall += spent.wall;
      cpu += spent.cpu;
    }
    return { wall, cpu };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
