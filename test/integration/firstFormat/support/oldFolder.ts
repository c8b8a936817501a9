import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { migrate, readMigrations } from "../../../../src/adapters/storage/engine/migrate.ts";
import { openPglite } from "../../../../src/adapters/storage/engine/openPglite.ts";

export const OLD_FILES = fileURLToPath(new URL("../../../fixtures/v1/", import.meta.url));
/** What the database was migrated to when it was left. */
const OLD_MIGRATIONS = 14;

/** Tables in ranges of days, with the column of the day; and the day on which the fixture was made. */
const DAY_RANGES = { facts: "utc_day", subject_days: "day" };
const MADE_ON = 20_787;

interface Dump {
  /** Rows are the text of a JSON array: some of their numbers are beyond 2^53. */
  readonly tables: Readonly<Record<string, { columns: readonly string[]; rows: string }>>;
  readonly sequences: Readonly<Record<string, string>>;
}

/** Lays the data folder of the fixture out as its program left it. */
export async function layOutOldFolder(folder: string): Promise<void> {
  for (const part of ["chain", "keys"]) mkdirSync(join(folder, part), { recursive: true });
  cpSync(join(OLD_FILES, "archive"), join(folder, "archive"), { recursive: true });
  copyFileSync(join(OLD_FILES, "deployment.json"), join(folder, "deployment.json"));
  copyFileSync(join(OLD_FILES, "sealing.key"), join(folder, "keys", "sealing.key"));
  writeFileSync(join(folder, "chain", "state.json"), unpacked("chain-state.json.br"));
  await restore(join(folder, "db"), JSON.parse(unpacked("database.json.br").toString("utf8")) as Dump);
}

async function restore(folder: string, { tables, sequences }: Dump): Promise<void> {
  const db = await openPglite(folder);
  try {
    await migrate(
      db,
      readMigrations().filter(({ number }) => number <= OLD_MIGRATIONS),
    );
    await db.transaction(async (tx) => {
      for (const [name, day] of Object.entries(DAY_RANGES)) {
        const rows = JSON.parse(tables[`public.${name}`]?.rows ?? "[]") as Record<string, number>[];
        await tx.query("SELECT ensure_day_ranges($1::text, $2::text::int[], $3::int)", [
          name,
          `{${rows.map((row) => row[day]).join(",")}}`,
          MADE_ON,
        ]);
      }
      // Rows come table by table, whatever refers to what.
      await tx.execute("SET LOCAL session_replication_role = replica");
      for (const [name, { columns, rows }] of Object.entries(tables)) {
        const list = columns.join(", ");
        await tx.query(
          `INSERT INTO ${name} (${list}) OVERRIDING SYSTEM VALUE
           SELECT ${list} FROM jsonb_populate_recordset(NULL::${name}, $1::text::jsonb)`,
          [rows],
        );
      }
      for (const [name, last] of Object.entries(sequences))
        await tx.query("SELECT setval($1::text::regclass, $2::text::bigint)", [name, last]);
    });
  } finally {
    await db.close();
  }
}

function unpacked(name: string): Buffer {
  return brotliDecompressSync(readFileSync(join(OLD_FILES, name)));
}
