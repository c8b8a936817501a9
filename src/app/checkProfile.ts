import { createReadStream, existsSync } from "node:fs";
import { UsageError } from "../base/errors/errors.ts";
import { formatDecimal } from "../base/lib/decimal.ts";
import { readActivities } from "../stages/ingest/readActivities.ts";
import type { Config } from "./config.ts";
import { openLookup } from "./openLookup.ts";
import { resolveProfile } from "./resolveProfile.ts";
import { systemClock } from "./system.ts";

export interface ProfileCheck {
  readonly name: string;
  readonly description: string;
  readonly provider: string;
  readonly region: string;
  readonly format: string;
  /** The first rows as mapped; empty without a file. The subject itself is never shown. */
  readonly rows: readonly {
    readonly row: number;
    readonly record?: Readonly<Record<string, string | number | null>>;
    readonly hasSubject?: boolean;
    readonly field?: string | null;
    readonly code?: string;
    readonly sentence?: string;
  }[];
}

/** @throws InputError as `parseProfile` and `readActivities`; UsageError `profile.unknown`, `file.unreadable`, `profile.rows` */
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
  const { file } = request;
  if (file === null) return { ...head, rows: [] };
  if (!existsSync(file)) throw new UsageError("file.unreadable", `${file} is no file that can be read.`);
  const chunks = readActivities(profile, createReadStream(file), {
    now: systemClock.now(),
    chunkRows: request.rows,
    openLookup: (name) => openLookup(name, { file, folder: request.lookupFolder }),
  });
  for await (const { outcomes } of chunks) {
    return {
      ...head,
      rows: outcomes.map((outcome) =>
        outcome.kind === "record"
          ? {
              row: outcome.row,
              hasSubject: outcome.subject !== null,
              record: { ...outcome.record, quantity: formatDecimal(outcome.record.quantity, 6) },
            }
          : { row: outcome.row, field: outcome.field, code: outcome.code, sentence: outcome.sentence },
      ),
    };
  }
  return { ...head, rows: [] };
}
