import { basename } from "node:path";
import { yearOfDay } from "../../base/lib/time/calendar.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import type { Context } from "../context.ts";
import { datesOf } from "../../stages/ingest/dates/checkDateOrder.ts";
import { NOTE_SENTENCES } from "../../stages/ingest/notes.ts";
import { duplicateRows } from "./duplicateRows.ts";
import { ingestSource, type IngestSourceRequest } from "./ingestSource.ts";
import type { IngestReport } from "./ingestTotals.ts";
import { openLookup } from "../sources/openLookup.ts";
import { openSource } from "../sources/openSource.ts";
import { rejectedRows } from "./rejectedRows.ts";
import { RowReport } from "./rowReport.ts";

export type { IngestReport } from "./ingestTotals.ts";

export interface IngestRequest extends Pick<IngestSourceRequest, "onProgress"> {
  /** Path, or `-` for standard input. */
  readonly file: string;
  readonly profile: Profile;
  /** Where rejected rows, and duplicates, are written as CSV. */
  readonly rejectsFile: string | null;
  readonly duplicatesFile: string | null;
  /**
   * Where the profile's lookup files lie; by default beside the file, or in the working folder for standard
   * input.
   */
  readonly lookupFolder: string | null;
  /** Told of each reason and note with its sentence, at least once. */
  readonly onReason?: (code: string, sentence: string) => void;
  /** Told of each region and year that something was accepted for, at least once. */
  readonly onAccepted?: (region: RegionCode, year: number) => void;
  /** Bytes of the `.sig.json` with which the provider signed the file (`readSidecar`). */
  readonly signature?: Uint8Array | null;
}

/**
 * Reads a provider's file into the store, and writes the rows that were not taken to files of their own.
 * @throws UsageError `file.unreadable`, `file.unwritable`; InputError and CheckFailedError as `ingestSource`
 */
export async function ingestFile(context: Context, request: IngestRequest): Promise<IngestReport> {
  const { profile, file, onProgress, signature = null } = request;
  const source = await openSource(context.config, file, {
    // Dates of such profiles are judged before any row is stored.
    twice: datesOf(profile) !== null || signature !== null,
  });
  let rejects: RowReport | null = null;
  let duplicates: RowReport | null = null;
  try {
    rejects = await RowReport.open(request.rejectsFile);
    duplicates = await RowReport.open(request.duplicatesFile);
    const [refused, known] = [rejects, duplicates];
    const report = await ingestSource(context, {
      source,
      name: file === "-" ? "stdin" : basename(file),
      profile,
      signature,
      openLookup: (name) => openLookup(name, { file, folder: request.lookupFolder }),
      async onAdmitted(rows) {
        for (const [kept, taken] of [
          [refused, rejectedRows(rows)],
          [known, duplicateRows(rows)],
        ] as const) {
          for (const { code, sentence } of taken) request.onReason?.(code, sentence);
          await kept.write(taken);
        }
        for (const [at, { notes, reduction }] of rows.keyed.entries()) {
          for (const note of notes) request.onReason?.(note, NOTE_SENTENCES[note]);
          if (rows.outcomes[at] === "accepted")
            request.onAccepted?.(reduction.region, yearOfDay(reduction.day));
        }
      },
      ...(onProgress ? { onProgress } : {}),
    });
    await rejects.publish();
    await duplicates.publish();
    return report;
  } finally {
    await rejects?.close();
    await duplicates?.close();
    await source.close();
  }
}
