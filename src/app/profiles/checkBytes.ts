import type { Context } from "../context.ts";
import { checkSource, type ProfileCheck } from "./checkProfile.ts";
import { bytesSource } from "../sources/bytesSource.ts";
import type { LookupTables } from "../sources/lookupTables.ts";
import { checkBodyRows } from "../sources/checkBodyRows.ts";
import { tenantLookups } from "../sources/tenantLookups.ts";
import { resolveTenantProfile } from "./resolveTenantProfile.ts";

/**
 * How a profile maps the first rows of what came in a request.
 * @throws as `resolveTenantProfile`, `checkBodyRows` and `checkSource`
 */
export async function checkBytes(
  context: Context,
  lookupTables: LookupTables,
  {
    profile: name,
    rows,
    bytes,
  }: { readonly profile: string; readonly rows: number; readonly bytes: Uint8Array },
): Promise<ProfileCheck> {
  const profile = await resolveTenantProfile(context, { profile: name });
  await checkBodyRows(context.config, profile.format, bytes);
  return checkSource(profile, bytesSource(bytes), {
    rows,
    ...tenantLookups(context, lookupTables),
    config: context.config,
    now: context.clock.now(),
    classes: context.classLists.newest,
  });
}
