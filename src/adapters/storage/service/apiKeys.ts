import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Session } from "../engine/database.ts";

/** A key to the HTTP service as it is kept: the secret half as its SHA-256 only. */
export interface StoredApiKey {
  readonly tenant: TenantId;
  /** The public half. */
  readonly keyId: string;
  /** 32 bytes. */
  readonly secretHash: Uint8Array;
  readonly label: string;
  readonly roles: readonly string[];
  readonly createdAt: UnixSeconds;
  readonly expiresAt: UnixSeconds | null;
  readonly revokedAt: UnixSeconds | null;
}

interface Row {
  readonly tenant: TenantId;
  readonly key_id: string;
  readonly secret_hash: Uint8Array;
  readonly label: string;
  readonly roles: string;
  readonly created_at: bigint;
  readonly expires_at: bigint | null;
  readonly revoked_at: bigint | null;
}
const COLUMNS = "tenant, key_id, secret_hash, label, roles, created_at, expires_at, revoked_at";

export async function saveApiKey(db: Session, apiKey: StoredApiKey): Promise<void> {
  const { tenant, keyId, secretHash, label, roles, createdAt, expiresAt, revokedAt } = apiKey;
  await db.query(`INSERT INTO api_keys (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, [
    tenant,
    keyId,
    secretHash,
    label,
    roles.join(","),
    createdAt,
    expiresAt,
    revokedAt,
  ]);
}

/**
 * The key with a public half, of whichever tenant: this is how a caller's tenant is found out. Null where
 * there is none.
 */
export async function findApiKey(db: Session, keyId: string): Promise<StoredApiKey | null> {
  const [row] = await db.query<Row>(`SELECT ${COLUMNS} FROM api_keys WHERE key_id = $1`, [keyId]);
  return row === undefined ? null : apiKeyOf(row);
}

/** A tenant's keys, oldest first, revoked ones included. */
export async function listApiKeys(db: Session, tenant: TenantId): Promise<StoredApiKey[]> {
  const rows = await db.query<Row>(
    `SELECT ${COLUMNS} FROM api_keys WHERE tenant = $1 ORDER BY created_at, key_id`,
    [tenant],
  );
  return rows.map(apiKeyOf);
}

/**
 * Revokes a key; one that is revoked already keeps its time. Returns null where the tenant has no such key.
 */
export async function revokeApiKey(
  db: Session,
  tenant: TenantId,
  keyId: string,
  at: UnixSeconds,
): Promise<StoredApiKey | null> {
  const [row] = await db.query<Row>(
    `UPDATE api_keys SET revoked_at = coalesce(revoked_at, $3) WHERE tenant = $1 AND key_id = $2
     RETURNING ${COLUMNS}`,
    [tenant, keyId, at],
  );
  return row === undefined ? null : apiKeyOf(row);
}

function apiKeyOf(row: Row): StoredApiKey {
  const seconds = (value: bigint | null): UnixSeconds | null =>
    value === null ? null : (Number(value) as UnixSeconds);
  return {
    tenant: row.tenant,
    keyId: row.key_id,
    secretHash: row.secret_hash,
    label: row.label,
    roles: row.roles.split(","),
    createdAt: Number(row.created_at) as UnixSeconds,
    expiresAt: seconds(row.expires_at),
    revokedAt: seconds(row.revoked_at),
  };
}
