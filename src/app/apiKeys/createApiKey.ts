import { createHash } from "node:crypto";
import { saveApiKey } from "../../adapters/storage/service/apiKeys.ts";
import { ensureTenant } from "../../adapters/storage/service/ensureTenant.ts";
import { UsageError } from "../../base/errors/errors.ts";
import { toHex } from "../../base/lib/bytes.ts";
import type { TenantId } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { Context } from "../context.ts";
import { describeApiKey, type ApiKeyDescription } from "./describeApiKeys.ts";
import type { Role } from "./roles.ts";

export interface ApiKeyRequest {
  readonly tenant: TenantId;
  /** What the key is for, in words: 1 to 100 characters. */
  readonly label: string;
  readonly roles: readonly Role[];
  /** Null: until it is revoked. */
  readonly expiresAt: UnixSeconds | null;
}

/**
 * Makes a key to the HTTP service. The token is answered here and nowhere else: only its hash is kept.
 * @throws UsageError `api-key.terms`
 */
export async function createApiKey(
  { db, clock, randomness }: Pick<Context, "db" | "clock" | "randomness">,
  { tenant, label, roles, expiresAt }: ApiKeyRequest,
): Promise<ApiKeyDescription & { readonly token: string }> {
  const now = clock.now();
  if (label.trim() === "" || label.length > 100)
    throw new UsageError("api-key.terms", "A key's label has 1 to 100 characters.");
  if (roles.length === 0) throw new UsageError("api-key.terms", "A key needs at least one role.");
  if (expiresAt !== null && expiresAt <= now)
    throw new UsageError("api-key.terms", "A key must not expire before it is made.");
  const keyId = toHex(randomness.bytes(8)).slice(2);
  const secret = Buffer.from(randomness.bytes(32)).toString("base64url");
  const key = {
    tenant,
    keyId,
    secretHash: secretHashOf(secret),
    label: label.normalize("NFC"),
    roles: [...new Set(roles)],
    createdAt: now,
    expiresAt,
    revokedAt: null,
  };
  await ensureTenant(db, tenant);
  await saveApiKey(db, key);
  return { ...describeApiKey(key), token: `mt_${keyId}_${secret}` };
}

/** SHA-256 of the secret half. */
export function secretHashOf(secret: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(secret).digest());
}
