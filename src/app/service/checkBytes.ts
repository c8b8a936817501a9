import type { Context } from "../context.ts";
import { checkSource, type ProfileCheck } from "../checkProfile.ts";
import { openTenantLookup } from "./openTenantLookup.ts";
import { tenantProfile } from "./tenantProfile.ts";

/** How a profile maps the first rows of what came in a request. @throws as `tenantProfile` and `checkSource` */
export async function checkBytes(
  context: Context,
  { profile: name, rows, bytes }: { readonly profile: string; readonly rows: number; readonly bytes: Uint8Array },
): Promise<ProfileCheck> {
  const profile = await tenantProfile(context, { profile: name });
  const source = {
    size: bytes.length,
    async *open() {
      yield bytes;
    },
    close: () => Promise.resolve(),
  };
  return checkSource(profile, source, { rows, openLookup: openTenantLookup(context), config: context.config, now: context.clock.now() });
}
