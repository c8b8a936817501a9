import { parseDocument } from "yaml";
import { z } from "zod";
import { InputError } from "../../base/errors/errors.ts";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { providerId, regionCode } from "../../base/lib/ids.ts";
import { zoneOf } from "../../base/lib/zone.ts";
import type { Hex } from "../../base/types/ids.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { keccak } from "../../format/keccak.ts";
import { scenarioClass } from "../../format/scenarioClasses.ts";
import { profileSchema, type FieldRef, type Profile } from "./profileSchema.ts";
import { timeParser } from "./timeFormat.ts";
import { quantityReader } from "./units.ts";

const LARGEST_PROFILE = 256 * 1024;

/**
 * A profile out of its YAML text. YAML 1.2 core schema: no aliases, no tags, no repeated keys, one document.
 * @throws InputError `profile.too-large`, `profile.yaml`, `profile.malformed` naming the fields, `profile.time-format`, `profile.unit`,
 *   `profile.reference`, `scenario.unknown`, `zone.unknown`
 */
export function parseProfile(text: string): Profile {
  if (text.length > LARGEST_PROFILE) {
    throw new InputError(
      "profile.too-large",
      `The profile is longer than ${String(LARGEST_PROFILE)} characters. Put large tables into a lookup file.`,
    );
  }
  const outcome = profileSchema.safeParse(parseYaml(text.normalize("NFC")));
  if (!outcome.success) {
    throw new InputError("profile.malformed", `The profile breaks its schema. ${z.prettifyError(outcome.error)}`);
  }
  checkMeaning(outcome.data);
  return outcome.data;
}

/** keccak-256 of the canonical JSON of the profile with its defaults: comments and order in the YAML don't count. */
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

function parseYaml(text: string): unknown {
  const document = parseDocument(text, { version: "1.2", schema: "core", uniqueKeys: true, merge: false, logLevel: "error" });
  // A tag that YAML does not know is only a warning to the library.
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) throw new InputError("profile.yaml", `The profile is no plain YAML: ${problem.message}`);
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw new InputError("profile.yaml", "The profile uses YAML aliases, which are not allowed; write the value out.", { cause });
  }
}

/** What the schema can't see: names that must exist and settings that must fit together. */
function checkMeaning(profile: Profile): void {
  const { format, scenario, quantity, time } = profile;
  timeParser(time.format);
  if (time.zone !== null) zoneOf(time.zone);
  if (format.kind === "csv" && format.header !== (format.columns === null)) {
    throw new InputError("profile.reference", "A CSV format needs either header: true, or header: false and the list of its columns.");
  }
  const scenarios = "constant" in scenario ? [scenario.constant] : Object.values(scenario.map ?? {});
  for (const name of scenarios) {
    const { unit } = scenarioClass(name);
    if ("as" in quantity && unit !== quantity.as) {
      throw new InputError("profile.unit", `The scenario ${name} is counted in ${unit}, the profile's quantity in ${quantity.as}.`);
    }
  }
  if ("unit" in quantity) quantityReader(quantity.unit, quantity.as);
  if (profile.rules.maxSpeedKmh !== null && "as" in quantity && !["km", "passenger-km"].includes(quantity.as)) {
    throw new InputError("profile.unit", "rules.maxSpeedKmh needs a quantity that is a distance.");
  }
  checkReferences(profile);
}

function checkReferences(profile: Profile): void {
  const joined = new Map(
    profile.joins.map(({ name, fields, inline }) => [
      name,
      new Set(fields ? Object.keys(fields) : Object.values(inline ?? {}).flatMap(Object.keys)),
    ]),
  );
  if (joined.size !== profile.joins.length) throw new InputError("profile.reference", "Two joins have the same name.");
  for (const ref of fieldRefs(profile)) {
    if (typeof ref === "object" && joined.get(ref.join)?.has(ref.field) !== true) {
      throw new InputError("profile.reference", `No join ${ref.join} with a field ${ref.field} is in the profile.`);
    }
    if (typeof ref === "number" && profile.format.kind !== "csv") {
      throw new InputError("profile.reference", "JSON members have no position; name them.");
    }
  }
}

/** Every field that a profile reads, joins' keys included. */
function fieldRefs(profile: Profile): FieldRef[] {
  const { recordId, subject, scenario, start, end, quantity, filters, joins, rules } = profile;
  const refs: FieldRef[] = [...recordId.columns, ...start.columns, ...filters.map(({ column }) => column)];
  refs.push(...joins.map(({ column }) => column), ...rules.columns.map(({ column }) => column));
  if (subject) refs.push(subject.column);
  if ("column" in scenario) refs.push(scenario.column);
  if (end) refs.push(...("columns" in end ? end.columns : [end.duration.column]));
  if ("column" in quantity) refs.push(quantity.column);
  if ("unitColumn" in quantity) refs.push(quantity.unitColumn);
  if ("greatCircle" in quantity) {
    const { from, to } = quantity.greatCircle;
    refs.push(from.latitude, from.longitude, to.latitude, to.longitude);
  }
  return refs;
}
