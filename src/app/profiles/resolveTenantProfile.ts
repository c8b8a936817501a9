import { findProfile } from "../../adapters/storage/providers/profiles.ts";
import { parseProfile, withProvider, withRegion } from "../../stages/ingest/profile/profile.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import { shippedProfile } from "../../stages/ingest/profile/shippedProfiles.ts";
import type { Context } from "../context.ts";

/** How a request names its profile. */
export interface ProfileChoice {
  /** Name of one of the tenant's own profiles, else of a shipped one. */
  readonly profile: string;
  readonly provider?: string | undefined;
  readonly region?: string | undefined;
}

/** @throws UsageError `profile.unknown`; InputError `id.malformed` */
export async function resolveTenantProfile(
  context: Pick<Context, "db" | "tenant" | "classLists" | "refreshRules">,
  choice: ProfileChoice,
): Promise<Profile> {
  const own = await findProfile(context.db, context.tenant, choice.profile);
  await context.refreshRules();
  const profile = own ? parseProfile(own.yaml, context.classLists.newest) : shippedProfile(choice.profile);
  const ofProvider = choice.provider === undefined ? profile : withProvider(profile, choice.provider);
  return choice.region === undefined ? ofProvider : withRegion(ofProvider, choice.region);
}
