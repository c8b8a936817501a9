import { readFile } from "node:fs/promises";
import { UsageError } from "../base/errors/errors.ts";
import { parseProfile, withProvider } from "../stages/ingest/profile.ts";
import type { Profile } from "../stages/ingest/profileSchema.ts";
import { shippedProfile } from "../stages/ingest/shippedProfiles.ts";

/**
 * A profile by the name of a shipped one or by the path of a YAML file (anything with a dot or a slash is a path).
 * @throws UsageError `profile.unknown`, `file.unreadable`; InputError as `parseProfile`
 */
export async function resolveProfile(nameOrPath: string, provider: string | null): Promise<Profile> {
  const profile = /[./\\]/.test(nameOrPath) ? parseProfile(await readText(nameOrPath)) : shippedProfile(nameOrPath);
  return provider === null ? profile : withProvider(profile, provider);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new UsageError("file.unreadable", `The profile ${path} can't be read.`, { cause });
  }
}
