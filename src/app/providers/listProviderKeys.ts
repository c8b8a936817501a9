import { providerKeys } from "../../adapters/storage/providers/providerKeys.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import type { Context } from "../context.ts";
import { describeProviderKey, type ProviderKeyDescription } from "./describeProviderKey.ts";

/** The keys of a provider, or of all, by provider and beginning. */
export async function listProviderKeys(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  provider: ProviderId | null,
): Promise<ProviderKeyDescription[]> {
  return (await providerKeys(db, tenant, provider)).map((key) => describeProviderKey(key));
}
