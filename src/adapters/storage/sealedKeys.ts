import { toHex } from "../../base/lib/bytes.ts";
import type { Hex, TenantId } from "../../base/types/ids.ts";
import type { Session } from "./database.ts";
import { preferIndexes } from "./planner.ts";

/** A salt key as it is stored. */
export interface StoredSaltKey {
  /** Null once erased. */
  readonly sealedKey: Uint8Array | null;
  /** Number of the closing that it was made for. */
  readonly sinceClosing: number;
}

/**
 * The salt keys that a closing uses for these holders (`salt_holder` of the schema), by the holder's hex: the newest that is not younger than
 * the closing. Holders without one are absent.
 */
export async function sealedKeysOf(
  db: Session,
  tenant: TenantId,
  closing: number,
  holders: readonly Uint8Array[],
): Promise<Map<Hex, StoredSaltKey>> {
  const distinct = [...new Set(holders.map((holder) => toHex(holder)))];
  return db.transaction(async (tx) => {
    await preferIndexes(tx);
    const rows = await tx.query<{ holder: Hex; since_closing: number; sealed_key: Uint8Array | null }>(
      `SELECT s.holder, newest.since_closing, newest.sealed_key FROM unnest($3::text[]) AS s (holder) CROSS JOIN LATERAL (
         SELECT since_closing, sealed_key FROM subject_salt_keys
         WHERE tenant = $1 AND subject_salt_keys.holder = decode(substr(s.holder, 3), 'hex') AND since_closing <= $2
         ORDER BY since_closing DESC LIMIT 1) newest`,
      [tenant, closing, distinct],
    );
    return new Map(rows.map((row) => [row.holder, { sealedKey: row.sealed_key, sinceClosing: row.since_closing }]));
  });
}
