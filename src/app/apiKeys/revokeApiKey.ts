import { revokeApiKey as revoke } from "../../adapters/storage/service/apiKeys.ts";
import { UnknownError } from "../../base/errors/errors.ts";
import type { Context } from "../context.ts";
import { describeApiKey, type ApiKeyDescription } from "./describeApiKeys.ts";

/** Revokes one of the tenant's keys, for good. @throws UsageError `api-key.unknown` */
export async function revokeApiKey(
  { db, tenant, clock }: Pick<Context, "db" | "tenant" | "clock">,
  keyId: string,
): Promise<ApiKeyDescription> {
  const revoked = await revoke(db, tenant, keyId, clock.now());
  if (!revoked)
    throw new UnknownError("api-key.unknown", `There is no key ${JSON.stringify(keyId.slice(0, 40))} here.`);
  return describeApiKey(revoked);
}
