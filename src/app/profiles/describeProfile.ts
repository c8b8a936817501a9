import { profileHash } from "../../stages/ingest/profile/profile.ts";
import {
  shippedProfile,
  shippedProfileNames,
  shippedProfileText,
} from "../../stages/ingest/profile/shippedProfiles.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import type { Hex } from "../../base/types/ids.ts";

/** A shipped profile in a few words. */
export interface ProfileDescription {
  readonly name: string;
  readonly description: string;
  readonly provider: string;
  readonly region: string;
  readonly format: string;
  /** Hash of the profile with its defaults. */
  readonly hash: Hex;
  /** Names of the lookup files that it needs. */
  readonly lookups: readonly string[];
}

/** All shipped profiles, by name. */
export function describeProfiles(): ProfileDescription[] {
  return shippedProfileNames().map((name) => describe(name));
}

/** One shipped profile, with its YAML text. @throws UsageError `profile.unknown` */
export function describeProfile(name: string): ProfileDescription & { readonly text: string } {
  return { ...describe(name), text: shippedProfileText(name) };
}

function describe(name: string): ProfileDescription {
  return profileDescription(name, shippedProfile(name));
}

/** A profile in a few words. */
export function profileDescription(name: string, profile: Profile): ProfileDescription {
  const lookups = [...new Set(profile.joins.flatMap(({ file }) => (file === null ? [] : [file])))];
  const { description, provider, region, format } = profile;
  return {
    name,
    description,
    provider: provider.id,
    region,
    format: format.kind,
    hash: profileHash(profile),
    lookups,
  };
}
