import { toHex } from "../../../base/lib/bytes.ts";
import type { BatchId, ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";

/**
 * SQL that is true of a reduction (named `alias`; tenant `$1`) unless it arrived after its key was
 * compromised. Where the compromise was found later, such records are here, open; they stay so, and nothing
 * may become of them.
 */
export function notCompromised(alias: string): string {
  return `(${alias}.signing_key IS NULL OR NOT EXISTS (
    SELECT 1 FROM provider_keys pk WHERE pk.tenant = $1 AND pk.provider = ${alias}.provider
    AND pk.public_key = ${alias}.signing_key AND pk.revocation = 'compromised'
    AND ${alias}.arrived_at >= pk.revoked_at))`;
}

/** Records that arrived under a key after its compromise. */
export interface RevokedRecords {
  /** In no batch: `open` ones are left out of every closing. */
  readonly open: number;
  /** Redeemed or donated, or in a closing that is not sealed. */
  readonly elsewhere: number;
  readonly batches: readonly {
    readonly batchId: BatchId;
    readonly records: number;
    readonly milligrams: bigint;
  }[];
}

/**
 * Where the records are that a compromised key signed and that arrived after its revocation. Reads all of the
 * tenant's facts once: the key's end is looked up for all of them together.
 */
export async function revokedRecords(
  db: Session,
  tenant: TenantId,
  provider: ProviderId,
  publicKey: Uint8Array,
): Promise<RevokedRecords> {
  const rows = await db.query<{
    batch_id: Uint8Array | null;
    open: boolean;
    records: bigint;
    milligrams: bigint;
  }>(
    `SELECT b.batch_id, f.disposition = 'open' AS open, count(*) AS records, sum(f.milligrams)::bigint AS
     milligrams
     FROM reductions f LEFT JOIN batches b ON b.tenant = f.tenant AND b.closing = f.closing
     WHERE f.tenant = $1 AND f.provider = $2 AND f.signing_key = $3 AND f.arrived_at >= (
       SELECT pk.revoked_at FROM provider_keys pk WHERE pk.tenant = $1 AND pk.provider = $2
       AND pk.public_key = $3 AND pk.revocation = 'compromised')
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [tenant, provider, publicKey],
  );
  const count = (some: typeof rows): number => some.reduce((sum, row) => sum + Number(row.records), 0);
  return {
    open: count(rows.filter((row) => row.open)),
    elsewhere: count(rows.filter((row) => !row.open && row.batch_id === null)),
    batches: rows.flatMap(({ batch_id: id, records, milligrams }) =>
      id === null ? [] : [{ batchId: toHex(id) as BatchId, records: Number(records), milligrams }],
    ),
  };
}
