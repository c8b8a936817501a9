import { z } from "zod";
import { InputError } from "../../../base/errors/errors.ts";
import { toHex, utf8 } from "../../../base/lib/bytes.ts";
import { providerId, regionCode } from "../../../base/lib/ids.ts";
import { KIB } from "../../../base/lib/sizes.ts";
import type { Hex } from "../../../base/types/ids.ts";
import { SHIPPED_CLASS_LISTS, type ClassList } from "../../../format/batch/classes/classLists.ts";
import { canonicalJson } from "../../../format/canonicalJson.ts";
import { keccak } from "../../../format/keccak.ts";
import { checkMeaning } from "./checkMeaning.ts";
import { parseYaml } from "./parseYaml.ts";
import { profileSchema, type Profile } from "../schema/profileSchema.ts";

const MAX_PROFILE_BYTES = 256 * KIB;

/**
 * A profile out of its YAML text. YAML 1.2 core schema: no aliases, no tags, no repeated keys, one document.
 * @param classes the scenario classes that it may name; those that ship if not given
 * @throws InputError `profile.too-large`, `profile.yaml`, `profile.malformed` naming the fields,
 * `profile.time-format`, `profile.unit`,
 *   `profile.reference`, `scenario.unknown`, `zone.unknown`
 */
export function parseProfile(text: string, classes: ClassList = SHIPPED_CLASS_LISTS.newest): Profile {
  if (text.length > MAX_PROFILE_BYTES) {
    throw new InputError(
      "profile.too-large",
      `The profile is longer than ${String(MAX_PROFILE_BYTES)} characters. Put large tables into a ` +
        "lookup file.",
    );
  }
  const outcome = profileSchema.safeParse(parseYaml(text.normalize("NFC")));
  if (!outcome.success) {
    throw new InputError(
      "profile.malformed",
      `The profile breaks its schema. ${z.prettifyError(outcome.error)}`,
    );
  }
  checkMeaning(outcome.data, classes);
  return outcome.data;
}

/**
 * keccak-256 of the canonical JSON of the profile with its defaults: comments and order in the YAML don't
 * count.
 */
export function profileHash(profile: Profile): Hex {
  return toHex(keccak(utf8(canonicalJson(profile))));
}

/**
 * The same profile for another provider: how one canonical profile serves all who write our format.
 * @throws InputError `id.malformed`
 */
export function withProvider(profile: Profile, id: string, name: string = id): Profile {
  return { ...profile, provider: { id: providerId(id), name } };
}

/**
 * The same profile for another region: its methodologies quantify the records.
 * @throws InputError `id.malformed`
 */
export function withRegion(profile: Profile, region: string): Profile {
  return { ...profile, region: regionCode(region) };
}
