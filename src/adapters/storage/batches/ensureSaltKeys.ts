import type { TenantId } from "../../../base/types/ids.ts";
import type { Database } from "../engine/database.ts";
import { closingFacts } from "./closingFacts.ts";
import { HOLDER } from "./pooledRows.ts";
import { knownClosing } from "./knownClosing.ts";

/** Each is sealed on its own: this many take some ten milliseconds. */
const KEYS_PER_BATCH = 500;
const COLUMNS = { tenant: "text", holder: "bytea", since_closing: "int4", sealed_key: "bytea" } as const;

/**
 * Gives every subject of a closing (and every provider with acts that name nobody) a salt key where it has
 * none or its last one was erased before this closing. Returns how many were made. Idempotent;
 * resumes where it was cut.
 * @param newSaltKeys makes that many sealed keys
 * @throws StateError `closing.unknown`
 */
export async function ensureSaltKeys(
  db: Database,
  tenant: TenantId,
  closingId: Uint8Array,
  newSaltKeys: (count: number) => Promise<readonly Uint8Array[]>,
): Promise<number> {
  const closing = await knownClosing(db, tenant, closingId);
  const { facts, parameters } = await closingFacts(db, tenant, closing);
  const missing = `SELECT h.holder FROM (SELECT DISTINCT ${HOLDER} AS holder FROM ${facts}) h
    WHERE coalesce(
      (SELECT k.sealed_key IS NULL AND k.since_closing < $2 FROM subject_salt_keys k
       WHERE k.tenant = $1 AND k.holder = h.holder AND k.since_closing <= $2 ORDER BY k.since_closing DESC
       LIMIT 1), true)`;
  let made = 0;
  for await (const rows of db.stream<{ holder: Uint8Array }>(missing, parameters, KEYS_PER_BATCH)) {
    const sealed = await newSaltKeys(rows.length);
    await db.copyIn(
      "subject_salt_keys",
      COLUMNS,
      rows.map(({ holder }, index) => [tenant, holder, closing.number, sealed[index] as Uint8Array]),
    );
    made += rows.length;
  }
  return made;
}
