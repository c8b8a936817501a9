import { readdirSync, readFileSync } from "node:fs";
import { UnknownError } from "../../../base/errors/errors.ts";
import { parseProfile } from "./profile.ts";
import type { Profile } from "../schema/profileSchema.ts";

const FOLDER = new URL("shipped/", import.meta.url);
const SUFFIX = ".yaml";

/** Names of the profiles that ship with Microtonne, in alphabetical order. */
export function shippedProfileNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .toSorted();
}

/** The YAML text of a shipped profile, comments included. @throws UsageError `profile.unknown` */
export function shippedProfileText(name: string): string {
  const names = shippedProfileNames();
  // Only listed names become paths.
  if (!names.includes(name)) {
    throw new UnknownError(
      "profile.unknown",
      `No profile ${JSON.stringify(name.slice(0, 80))} ships with Microtonne; there are ${names.join(", ")}.`,
    );
  }
  return readFileSync(new URL(`${name}${SUFFIX}`, FOLDER), "utf8");
}

/** A shipped profile, checked. @throws UsageError `profile.unknown` */
export function shippedProfile(name: string): Profile {
  return parseProfile(shippedProfileText(name));
}
