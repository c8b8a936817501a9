import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { UsageError } from "../../base/errors/errors.ts";
import { providerId, regionCode } from "../../base/lib/ids.ts";
import { zoneOf } from "../../base/lib/time/zone.ts";
import { knownClass, SHIPPED_CLASS_LISTS, type ClassList } from "../../format/batch/classes/classLists.ts";
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
  /** The scenario classes that it may name; those that ship if not given. */
  readonly classes?: ClassList | undefined;
}

export interface ProposedProfile {
  readonly name: string;
  readonly doubts: readonly string[];
  readonly profile: string;
  readonly out: string | null;
}

/**
 * Proposes a profile for a file.
 * @throws UsageError `file.unreadable`, `file.exists`, `file.unwritable`; InputError `scenario.unknown`
 * before anything is read; else as `proposeFor`
 */
export async function initProfile(request: InitRequest): Promise<ProposedProfile> {
  const { file, config, out, scenario, classes = SHIPPED_CLASS_LISTS.newest } = request;
  // Standard input can be read once, and who asks may come again with other classes.
  if (scenario !== null) knownClass(scenario, classes);
  const source = await openSource(config, file, { twice: true });
  try {
    const proposed = await proposeFor(source, {
      ...request,
      fileName: file === "-" ? "stdin" : basename(file),
      path: out,
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
  request: Omit<InitRequest, "file" | "out"> & {
    readonly fileName: string;
    /** Where the profile will stand; if not given, or null, in a file of its name. */
    readonly path?: string | null;
    readonly caps?: IngestCaps;
  },
): Promise<Omit<ProposedProfile, "out">> {
  const { fileName, provider, region, zone, scenario, config } = request;
  const { classes = SHIPPED_CLASS_LISTS.newest } = request;
  if (provider !== null) providerId(provider);
  if (region !== null) regionCode(region);
  if (zone !== null) zoneOf(zone);
  if (scenario !== null) knownClass(scenario, classes);
  const name = request.name ?? nameOf(fileName);
  if (!PROFILE_NAME.test(name))
    throw new UsageError("profile.name", "A profile's name has 2 to 64 small letters, digits and hyphens.");
  const caps = request.caps ?? { ...DEFAULT_CAPS, ...capsOf(config) };
  const { yaml, doubts } = await proposeProfile(
    source,
    { name, path: request.path ?? `${name}.yaml`, provider, region, zone, scenario, fileName, classes },
    scratchOf(config),
    caps,
  );
  // What is proposed is a profile, whatever is doubted in it.
  parseProfile(yaml, classes);
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
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") {
      throw new UsageError("file.exists", `${path} exists already; nothing was written over it.`, { cause });
    }
    throw new UsageError("file.unwritable", `${path} can't be written.`, { cause });
  }
}
