import type { Database, Session } from "../../../../src/adapters/storage/engine/database.ts";

/** As another process has it: the same database, of which nothing is remembered yet. */
export function otherProcess(db: Database): Database {
  return new Proxy(db, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

/** One of which every transaction is undone at its end where `fails` says so. */
export function failing(db: Database, fails: () => boolean): Database {
  return new Proxy(db, {
    get(target, property) {
      if (property === "transaction") {
        return <T>(work: (tx: Session) => Promise<T>): Promise<T> =>
          target.transaction(async (tx) => {
            const result = await work(tx);
            if (fails()) throw new Error("undone");
            return result;
          });
      }
      const value: unknown = Reflect.get(target, property);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
