import { join } from "node:path";
import { UsageError } from "../base/errors/errors.ts";
import { utcText } from "../base/lib/calendar.ts";
import { formatDecimal } from "../base/lib/decimal.ts";
import { decideDates, judgeDates, type DateEvidence } from "../stages/ingest/judgeDates.ts";
import { readActivities, type RowOutcome } from "../stages/ingest/readActivities.ts";
import type { Config } from "./config.ts";
import { openLookup } from "./openLookup.ts";
import { scratchIn } from "./openScratch.ts";
import { openSource } from "./openSource.ts";
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
  const head = {
    name: profile.name,
    description: profile.description,
    provider: profile.provider.id,
    region: profile.region,
    format: profile.format.kind,
  };
  const { file, config } = request;
  if (file === null) return { ...head, dates: null, rows: [] };
  const { inputBytes, rowBytes, inflationRatio } = config.caps;
  const caps = { inputBytes, rowCharacters: rowBytes, inflationRatio };
  const openScratch = scratchIn(join(config.folder, "scratch"));
  const source = await openSource(file, { twice: true, openScratch, inputBytes });
  try {
    const dates = await judgeDates(profile, source, { openScratch, caps });
    const chunks = readActivities(profile, source.open(), {
      now: systemClock.now(),
      chunkRows: request.rows,
      openLookup: (name) => openLookup(name, { file, folder: request.lookupFolder }),
      openScratch,
      exchangeDates: decideDates(profile, dates),
      caps,
    });
    for await (const { outcomes } of chunks) return { ...head, dates, rows: outcomes.map(shown) };
    return { ...head, dates, rows: [] };
  } finally {
    await source.close();
  }
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
