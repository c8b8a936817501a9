import { listApiKeys, type StoredApiKey } from "../../adapters/storage/service/apiKeys.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { Context } from "../context.ts";
import { knownRoles, type Role } from "./roles.ts";

/** A key for people and programs; times ISO 8601, UTC. */
export interface ApiKeyDescription {
  readonly keyId: string;
  readonly label: string;
  readonly roles: readonly Role[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

/** The tenant's keys, oldest first. */
export async function describeApiKeys({
  db,
  tenant,
}: Pick<Context, "db" | "tenant">): Promise<ApiKeyDescription[]> {
  return (await listApiKeys(db, tenant)).map(describeApiKey);
}

export function describeApiKey({
  keyId,
  label,
  roles,
  createdAt,
  expiresAt,
  revokedAt,
}: StoredApiKey): ApiKeyDescription {
  const text = (at: UnixSeconds | null): string | null => (at === null ? null : utcText(at));
  return {
    keyId,
    label,
    roles: knownRoles(roles),
    createdAt: utcText(createdAt),
    expiresAt: text(expiresAt),
    revokedAt: text(revokedAt),
  };
}
