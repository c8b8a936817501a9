import { timingSafeEqual } from "node:crypto";
import { findApiKey, type StoredApiKey } from "../../adapters/storage/service/apiKeys.ts";
import type { TenantId } from "../../base/types/ids.ts";
import type { Context } from "../context.ts";
import { secretHashOf } from "./createApiKey.ts";
import { knownRoles, type Role } from "./roles.ts";

/** Who calls the HTTP service. */
export interface Caller {
  readonly tenant: TenantId;
  readonly keyId: string;
  readonly roles: readonly Role[];
}

const TOKEN = /^mt_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;
/**
 * A key that was found is not looked up again for so long; so long may a revoked one live in another process.
 */
const REMEMBER_SECONDS = 5;
const MAX_REMEMBERED = 10_000;

/**
 * Finds out who a token belongs to, or null: malformed, unknown, wrong, expired and revoked look the same
 * from outside.
 */
export type Authenticate = (token: string) => Promise<Caller | null>;

/** @returns the check, and how to forget a key that was just revoked here */
export function authenticator({ db, clock }: Pick<Context, "db" | "clock">): {
  authenticate: Authenticate;
  forget: (keyId: string) => void;
} {
  const remembered = new Map<string, { key: StoredApiKey; until: number }>();
  const lookUp = async (keyId: string): Promise<StoredApiKey | null> => {
    const now = clock.now();
    const known = remembered.get(keyId);
    if (known && known.until > now) return known.key;
    const key = await findApiKey(db, keyId);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    if (key) remembered.set(keyId, { key, until: now + REMEMBER_SECONDS });
    else remembered.delete(keyId);
    return key;
  };
  return {
    async authenticate(token) {
      const [, keyId, secret] = TOKEN.exec(token) ?? [];
      if (keyId === undefined || secret === undefined) return null;
      const key = await lookUp(keyId);
      if (!key || !timingSafeEqual(key.secretHash, secretHashOf(secret))) return null;
      const now = clock.now();
      if (key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt <= now)) return null;
      return { tenant: key.tenant, keyId, roles: knownRoles(key.roles) };
    },
    forget: (keyId) => void remembered.delete(keyId),
  };
}
