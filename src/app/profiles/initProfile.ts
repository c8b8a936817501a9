import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { UsageError } from "../../base/errors/errors.ts";
import { providerId, regionCode } from "../../base/lib/ids.ts";
import { zoneOf } from "../../base/lib/zone.ts";
import { scenarioClass } from "../../format/batch/classes/scenarioClasses.ts";
import { DEFAULT_CAPS, type IngestCaps } from "../../stages/ingest/caps.ts";
import { parseProfile } from "../../stages/ingest/profile/profile.ts";
import { proposeProfile } from "../../stages/ingest/propose/proposeProfile.ts";
import { capsOf } from "../sources/capsOf.ts";
import type { Config } from "../process/config.ts";
import { openSource, type Source } from "../sources/openSource.ts";
import { scratchOf } from "../sources/scratch.ts";
import { PROFILE_NAME } from "../../base/lib/textPatterns.ts";

export interface InitRequest {
  readonly file: string;
  readonly name: string | null;
  readonly provider: string | null;
  readonly region: string | null;
  readonly zone: string | null;
  readonly scenario: string | null;
  /** Where the profile is written; null: nowhere. */
  readonly out: string | null;
  readonly config: Config;
}

export interface ProposedProfile {
  readonly name: string;
  readonly doubts: readonly string[];
  readonly profile: string;
  readonly out: string | null;
}

/**
 * Proposes a profile for a file.
 * @throws UsageError `file.unreadable`, `file.exists`, `file.unwritable`; else as `proposeFor`
 */
export async function initProfile(request: InitRequest): Promise<ProposedProfile> {
  const { file, config, out } = request;
  const source = await openSource(config, file, { twice: true });
  try {
    const proposed = await proposeFor(source, {
      ...request,
      fileName: file === "-" ? "stdin" : basename(file),
    });
    if (out !== null) await write(out, proposed.profile);
    return { ...proposed, out };
  } finally {
    await source.close();
  }
}

/**
 * Proposes a profile for what a source holds.
 * @throws UsageError `profile.name`; InputError `id.malformed`, `zone.unknown`, `scenario.unknown`, as
 * `readRows`
 */
export async function proposeFor(
  source: Source,
  request: Omit<InitRequest, "file" | "out"> & { readonly fileName: string; readonly caps?: IngestCaps },
): Promise<Omit<ProposedProfile, "out">> {
  const { fileName, provider, region, zone, scenario, config } = request;
  if (provider !== null) providerId(provider);
  if (region !== null) regionCode(region);
  if (zone !== null) zoneOf(zone);
  if (scenario !== null) scenarioClass(scenario);
  const name = request.name ?? nameOf(fileName);
  if (!PROFILE_NAME.test(name))
    throw new UsageError("profile.name", "A profile's name has 2 to 64 small letters, digits and hyphens.");
  const caps = request.caps ?? { ...DEFAULT_CAPS, ...capsOf(config) };
  const { yaml, doubts } = await proposeProfile(
    source,
    { name, provider, region, zone, scenario, fileName },
    scratchOf(config),
    caps,
  );
  // What is proposed is a profile, whatever is doubted in it.
  parseProfile(yaml);
  return { name, doubts, profile: yaml };
}

/** A profile's name out of a file's: its first part, in small letters. */
function nameOf(fileName: string): string {
  const [stem = ""] = fileName.toLowerCase().split(".");
  const name = stem.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "");
  return name.length >= 2 ? name.slice(0, 64) : "my-provider";
}

async function write(path: string, yaml: string): Promise<void> {
  try {
    await writeFile(path, yaml, { flag: "wx" });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") {
      throw new UsageError("file.exists", `${path} exists already; nothing was written over it.`, { cause });
    }
    throw new UsageError("file.unwritable", `${path} can't be written.`, { cause });
  }
}
