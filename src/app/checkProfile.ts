import { join } from "node:path";
import { UsageError } from "../base/errors/errors.ts";
import { utcText } from "../base/lib/calendar.ts";
import { formatDecimal } from "../base/lib/decimal.ts";
import type { UnixSeconds } from "../base/types/quantities.ts";
import type { OpenLookup } from "../stages/ingest/joins.ts";
import { decideDates, judgeDates, type DateEvidence } from "../stages/ingest/judgeDates.ts";
import type { Profile } from "../stages/ingest/profileSchema.ts";
import { readActivities, type RowOutcome } from "../stages/ingest/readActivities.ts";
import type { Config } from "./config.ts";
import { openLookup } from "./openLookup.ts";
import { scratchIn } from "./openScratch.ts";
import { openSource, type Source } from "./openSource.ts";
import { resolveProfile } from "./resolveProfile.ts";
import { systemClock } from "./system.ts";

export interface ProfileCheck {
  readonly name: string;
  readonly description: string;
  readonly provider: string;
  readonly region: string;
  readonly format: string;
  /** What the dates of the whole file look like; null without a file, or where day and month can't be exchanged. */
  readonly dates: DateEvidence | null;
  /** The first rows as mapped; empty without a file. The subject itself is never shown. */
  readonly rows: readonly CheckedRow[];
}

/** `row` and `parts`: the rows of the file that the act was made of. */
export interface CheckedRow {
  readonly row: number;
  readonly parts?: readonly number[];
  readonly record?: Readonly<Record<string, string | number | null>>;
  readonly starts?: string;
  readonly hasSubject?: boolean;
  readonly notes?: readonly string[];
  readonly field?: string | null;
  readonly code?: string;
  readonly sentence?: string;
}

/**
 * @throws InputError as `parseProfile`, `decideDates` and `readActivities`; UsageError `profile.unknown`, `file.unreadable`, `profile.rows`
 */
export async function checkProfile(request: {
  profile: string;
  file: string | null;
  rows: number;
  lookupFolder: string | null;
  config: Config;
}): Promise<ProfileCheck> {
  const profile = await resolveProfile(request.profile);
  if (!Number.isInteger(request.rows) || request.rows < 1 || request.rows > 1000)
    throw new UsageError("profile.rows", "Between 1 and 1000 rows can be shown.");
  const { file, config, rows } = request;
  if (file === null) return { ...headOf(profile), dates: null, rows: [] };
  const openScratch = scratchIn(join(config.folder, "scratch"));
  const source = await openSource(file, { twice: true, openScratch, inputBytes: config.caps.inputBytes });
  try {
    return await checkSource(profile, source, {
      rows,
      openLookup: (name) => openLookup(name, { file, folder: request.lookupFolder }),
      config,
      now: systemClock.now(),
    });
  } finally {
    await source.close();
  }
}

/** Maps the first rows of a source and stores nothing. @throws InputError as `decideDates` and `readActivities` */
export async function checkSource(
  profile: Profile,
  source: Source,
  {
    rows,
    openLookup: open,
    config,
    now,
  }: { readonly rows: number; readonly openLookup: OpenLookup; readonly config: Config; readonly now: UnixSeconds },
): Promise<ProfileCheck> {
  const { inputBytes, rowBytes, inflationRatio } = config.caps;
  const caps = { inputBytes, rowCharacters: rowBytes, inflationRatio };
  const openScratch = scratchIn(join(config.folder, "scratch"));
  const dates = await judgeDates(profile, source, { openScratch, caps });
  const chunks = readActivities(profile, source.open(), {
    now,
    chunkRows: rows,
    openLookup: open,
    openScratch,
    exchangeDates: decideDates(profile, dates),
    caps,
  });
  for await (const { outcomes } of chunks) return { ...headOf(profile), dates, rows: outcomes.map(shown) };
  return { ...headOf(profile), dates, rows: [] };
}

function headOf({
  name,
  description,
  provider,
  region,
  format,
}: Profile): Pick<ProfileCheck, "name" | "description" | "provider" | "region" | "format"> {
  return { name, description, provider: provider.id, region, format: format.kind };
}

function shown(outcome: RowOutcome): CheckedRow {
  const { row } = outcome;
  if (outcome.kind === "rejected") return { row, field: outcome.field, code: outcome.code, sentence: outcome.sentence };
  const { record, parts, notes, subject } = outcome;
  return {
    row,
    ...(parts.length > 0 && { parts: parts.map((part) => part.row) }),
    hasSubject: subject !== null,
    starts: utcText(record.startedAt),
    notes,
    record: { ...record, quantity: formatDecimal(record.quantity, 6) },
  };
}
