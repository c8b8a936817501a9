import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { toHex } from "../../../base/lib/bytes.ts";
import { StateError, UsageError } from "../../../base/errors/errors.ts";
import type { Database, Session } from "./database.ts";
import { EARLIER_WORDINGS } from "./earlierWordings.ts";
import { USUAL_SEARCH_PATH } from "./pinnedSettings.ts";
import { isUndefinedTable } from "./sqlState.ts";

/**
 * One step of the schema: `NNNN_name.sql`, numbered from 1 without gaps, never changed once released. One
 * that is called `NNNN_name.repeat.sql` moves a part of what it has to move and ends with a row that says
 * `again`: it is run until that is false. Where the row names a table to `vacuum` besides, its room is given
 * back between two runs.
 */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

const REPEATED = ".repeat.sql";

const SHIPPED = new URL("../migrations/", import.meta.url);

/** The migrations in a folder, by number. */
export function readMigrations(folder: URL = SHIPPED): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^[0-9]{4}_[a-z_]+(?:\.repeat)?\.sql$/.test(name))
    .toSorted()
    .map((name) => ({
      number: Number(name.slice(0, 4)),
      name,
      sql: readFileSync(new URL(name, folder), "utf8"),
    }));
}

/**
 * Brings the database up to the newest migration, each in one transaction (a repeated one in one for each of
 * its runs); processes that start together take turns. Returns the numbers that were applied by this call.
 * @throws StateError `storage.newer` for a database that a newer program has migrated, `storage.altered`
 * where an applied migration is not the one shipped
 * @throws UsageError `storage.encoding` for a database that does not hold UTF-8, `storage.schema` for one
 * whose tables are in a schema that the connection does not look in
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = readMigrations(),
): Promise<number[]> {
  const [encoding] = await database.query<{ server_encoding: string }>("SHOW server_encoding");
  if (encoding?.server_encoding !== "UTF8") {
    throw new UsageError("storage.encoding", "The database must be created with the encoding UTF8.");
  }
  await refuseOtherSchema(database);
  const applied: number[] = [];
  for (;;) {
    const next = await database.transaction((tx) => applyNext(tx, migrations));
    if (next === null) return applied;
    if (typeof next === "number") applied.push(next);
    else if (next.vacuum) await vacuum(database, next.vacuum);
  }
}

/**
 * Where nobody chose a schema and our tables are in another one than we look in, the database would seem
 * empty, and be filled a second time.
 */
async function refuseOtherSchema(database: Database): Promise<void> {
  const [other] = await database.query<{ schema: string }>(
    `SELECT n.nspname AS schema FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE to_regclass('migrations') IS NULL AND current_setting('search_path') = $1
       AND c.relname = 'migrations' AND EXISTS (SELECT FROM pg_class r
         WHERE r.relnamespace = c.relnamespace AND r.relname = 'reductions')
     ORDER BY n.nspname LIMIT 1`,
    [USUAL_SEARCH_PATH],
  );
  if (other === undefined) return;
  throw new UsageError(
    "storage.schema",
    `The database has this program's tables in the schema ${other.schema}, and DATABASE_URL does not ` +
      `say so. Add ?options=-c%20search_path%3D${encodeURIComponent(other.schema)} to it.`,
  );
}

/** The last row of a repeated migration. */
interface Repeat {
  readonly again: boolean;
  /** A table that only the migrations know. */
  readonly vacuum?: string;
}

/** Outside of any transaction, so a process that takes turns with this one may have dropped the table. */
async function vacuum(database: Database, table: string): Promise<void> {
  try {
    await database.execute(`VACUUM ${table}`);
  } catch (error) {
    if (!isUndefinedTable(error)) throw error;
  }
}

/** The number of what was applied, a `Repeat` where one is not through, null where none is left. */
async function applyNext(tx: Session, migrations: readonly Migration[]): Promise<number | Repeat | null> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('microtonne/migrate', 0))");
  await tx.execute(`CREATE TABLE IF NOT EXISTS migrations (
    number integer PRIMARY KEY, name text NOT NULL, checksum bytea NOT NULL, applied_at timestamptz NOT NULL
    DEFAULT now())`);
  const known = await tx.query<{ number: number; name: string; checksum: Uint8Array }>(
    "SELECT number, name, checksum FROM migrations ORDER BY number",
  );
  for (const row of known)
    checkApplied(
      row,
      migrations.find(({ number }) => number === row.number),
    );
  const next = migrations[known.length];
  if (next === undefined) return null;
  const rows = await tx.execute(next.sql);
  if (next.name.endsWith(REPEATED)) {
    const repeat = rows.at(-1) as Repeat;
    if (repeat.again) return repeat;
  }
  await tx.query("INSERT INTO migrations (number, name, checksum) VALUES ($1, $2, $3)", [
    next.number,
    next.name,
    checksum(next),
  ]);
  return next.number;
}

function checkApplied(
  row: { number: number; name: string; checksum: Uint8Array },
  shipped: Migration | undefined,
): void {
  if (shipped === undefined) {
    throw new StateError(
      "storage.newer",
      `The database has migration ${row.name}, which this version does not know. Run the newer version ` +
        "that made it.",
    );
  }
  const applied = toHex(row.checksum);
  const isEarlier = EARLIER_WORDINGS.get(row.number)?.includes(applied) === true;
  if (applied !== toHex(checksum(shipped)) && !isEarlier) {
    throw new StateError(
      "storage.altered",
      `Migration ${shipped.name} is not the one that was applied to the database. Restore the file as ` +
        "released; changes go into a new one.",
    );
  }
}

function checksum(migration: Migration): Uint8Array {
  return new Uint8Array(createHash("sha256").update(migration.sql).digest());
}
