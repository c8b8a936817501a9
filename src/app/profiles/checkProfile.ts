import type { ClassList } from "../../format/batch/classes/classLists.ts";
import { UsageError } from "../../base/errors/errors.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import { formatDecimal } from "../../base/lib/decimal.ts";
import type { Clock } from "../../base/lib/system.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { DateEvidence } from "../../stages/ingest/dates/checkDateOrder.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import { readActivities, type RecordOutcome, type RowOutcome } from "../../stages/ingest/readActivities.ts";
import type { Config } from "../process/config.ts";
import { openLookup } from "../sources/openLookup.ts";
import { openSource, type Source } from "../sources/openSource.ts";
import { resolveProfile } from "./resolveProfile.ts";
import { prepareReading, type Lookups } from "../sources/prepareReading.ts";

export interface ProfileCheck {
  readonly name: string;
  readonly description: string;
  readonly provider: string;
  readonly region: string;
  readonly format: string;
  /**
   * What the dates of the whole file look like; null without a file, or where day and month can't be
   * exchanged.
   */
  readonly dates: DateEvidence | null;
  /** What the rows of the whole file come to; null without a file. */
  readonly counts: RowCounts | null;
  /** The first rows as mapped; empty without a file. The subject itself is never shown. */
  readonly rows: readonly CheckedRow[];
}

/** Rows of a file by what `ingest` would do with them, before methodologies and duplicates are looked at. */
export interface RowCounts {
  readonly read: number;
  readonly acts: number;
  /** Sum of the acts' quantities by unit. */
  readonly quantities: Readonly<Record<string, string>>;
  /** The most frequent first. */
  readonly refused: readonly {
    readonly code: string;
    readonly field: string | null;
    readonly rows: number;
    readonly firstRow: number;
    readonly sentence: string;
  }[];
}

/** `row` and `parts`: the rows of the file that the act was made of. */
export interface CheckedRow {
  readonly row: number;
  readonly parts?: readonly number[];
  readonly record?: Readonly<Record<string, string | number | null>>;
  readonly starts?: string;
  readonly ends?: string | null;
  readonly hasSubject?: boolean;
  readonly notes?: readonly string[];
  readonly field?: string | null;
  readonly code?: string;
  readonly sentence?: string;
}

/**
 * @throws InputError as `parseProfile`, `decideDates` and `readActivities`; UsageError `profile.unknown`,
 * `file.unreadable`, `profile.rows`
 */
export async function checkProfile(request: {
  profile: string;
  file: string | null;
  rows: number;
  lookupFolder: string | null;
  config: Config;
  clock: Clock;
  /** Those that ship if not given. */
  classes?: ClassList | undefined;
}): Promise<ProfileCheck> {
  const profile = await resolveProfile(request.profile, {}, request.classes);
  if (!Number.isInteger(request.rows) || request.rows < 1 || request.rows > 1000)
    throw new UsageError("profile.rows", "Between 1 and 1000 rows can be shown.");
  const { file, config, rows } = request;
  if (file === null) return { ...headOf(profile), dates: null, counts: null, rows: [] };
  const source = await openSource(config, file, { twice: true });
  try {
    return await checkSource(profile, source, {
      rows,
      openLookup: (name) => openLookup(name, { file, folder: request.lookupFolder }),
      config,
      now: request.clock.now(),
      classes: request.classes,
    });
  } finally {
    await source.close();
  }
}

/**
 * Maps a whole source, shows the first rows and counts all; stores nothing. @throws InputError as
 * `decideDates` and `readActivities`
 */
export async function checkSource(
  profile: Profile,
  source: Source,
  {
    rows,
    openLookup: open,
    shelf,
    config,
    now,
    classes,
  }: Lookups & {
    readonly rows: number;
    readonly config: Config;
    readonly now: UnixSeconds;
    readonly classes?: ClassList | undefined;
  },
): Promise<ProfileCheck> {
  const { reading, dates } = await prepareReading(config, profile, source, { openLookup: open, shelf });
  const chunks = readActivities(profile, source.open(), { ...reading, now, ...(classes ? { classes } : {}) });
  const count = new OutcomeCount();
  const first: CheckedRow[] = [];
  for await (const { outcomes } of chunks) {
    for (const outcome of outcomes) {
      count.add(outcome);
      if (first.length < rows) first.push(shown(outcome));
    }
  }
  return { ...headOf(profile), dates, counts: count.counts(), rows: first };
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

class OutcomeCount {
  #read = 0;
  #acts = 0;
  readonly #quantities = new Map<string, bigint>();
  readonly #refused = new Map<
    string,
    { code: string; field: string | null; rows: number; firstRow: number; sentence: string }
  >();

  add(outcome: RowOutcome): void {
    if (outcome.kind === "record") {
      const { unit, quantity } = outcome.record;
      this.#read += 1 + outcome.parts.length;
      this.#acts++;
      this.#quantities.set(unit, (this.#quantities.get(unit) ?? 0n) + quantity);
      return;
    }
    const { code, field, row, sentence } = outcome;
    this.#read++;
    const key = `${code} ${field ?? ""}`;
    const known = this.#refused.get(key);
    if (known) {
      known.rows++;
      known.firstRow = Math.min(known.firstRow, row);
    } else this.#refused.set(key, { code, field, rows: 1, firstRow: row, sentence });
  }

  counts(): RowCounts {
    const quantities = Object.fromEntries(
      [...this.#quantities].map(([unit, micro]) => [unit, formatDecimal(micro, 6)]),
    );
    return {
      read: this.#read,
      acts: this.#acts,
      quantities,
      refused: [...this.#refused.values()].toSorted((a, b) => b.rows - a.rows),
    };
  }
}

function shown(outcome: RowOutcome): CheckedRow {
  const { row } = outcome;
  if (outcome.kind === "rejected")
    return { row, field: outcome.field, code: outcome.code, sentence: outcome.sentence };
  const { record, parts, notes, subject } = outcome;
  const { provider, recordId, scenario, startedAt, endedAt, quantity, unit } = record;
  return {
    row,
    ...(parts.length > 0 && { parts: parts.map((part) => part.row) }),
    hasSubject: subject !== null,
    starts: utcText(record.startedAt),
    ends: record.endedAt === null ? null : utcText(record.endedAt),
    notes,
    record: {
      provider,
      recordId,
      scenario,
      startedAt,
      endedAt,
      quantity: formatDecimal(quantity, 6),
      unit,
      ...shownAdditions(outcome),
    },
  };
}

/** Of an asset only its kind: its number is the key service's alone. */
function shownAdditions({ record, asset }: RecordOutcome): Record<string, string> {
  const { evidence, consentText, attributes = {} } = record;
  return {
    ...(evidence && { evidence }),
    ...(consentText && { consentText }),
    ...(asset && { asset: asset.kind }),
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`attributes.${name}`, value])),
  };
}
