import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { readBounded } from "../../base/lib/files/readBounded.ts";
import { MIB } from "../../base/lib/sizes.ts";
import type { ClassList } from "../../format/batch/classes/classLists.ts";
import { parseProfile, withProvider, withRegion } from "../../stages/ingest/profile/profile.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import { shippedProfile } from "../../stages/ingest/profile/shippedProfiles.ts";

/** More than a profile may have in any encoding. */
const MAX_FILE_BYTES = MIB;

/**
 * A profile by the name of a shipped one or by the path of a YAML file (anything with a dot or a slash is a
 * path).
 * @param replace another provider or region than the profile's: how one canonical profile serves all who
 * write our format
 * @param classes the scenario classes that it may name; those that ship if not given
 * @throws UsageError `profile.unknown`, `file.unreadable`; InputError as `parseProfile`
 */
export async function resolveProfile(
  nameOrPath: string,
  replace: { provider?: string | undefined; region?: string | undefined } = {},
  classes?: ClassList,
): Promise<Profile> {
  const profile = /[./\\]/.test(nameOrPath)
    ? parseProfile(await readText(nameOrPath), classes)
    : shippedProfile(nameOrPath);
  const ofProvider = replace.provider === undefined ? profile : withProvider(profile, replace.provider);
  return replace.region === undefined ? ofProvider : withRegion(ofProvider, replace.region);
}

async function readText(path: string): Promise<string> {
  try {
    return (await readBounded(path, MAX_FILE_BYTES)).toString("utf8");
  } catch (cause) {
    throw fileUnreadable(`The profile ${path}`, cause);
  }
}
