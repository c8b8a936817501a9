import { providerKeys } from "../../adapters/storage/providers/providerKeys.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import type { Context } from "../context.ts";
import { describeKey, type KeyDescription } from "./describeKey.ts";

/** The keys of a provider, or of all, by provider and beginning. */
export async function listKeys(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  provider: ProviderId | null,
): Promise<KeyDescription[]> {
  return (await providerKeys(db, tenant, provider)).map((key) => describeKey(key));
}
