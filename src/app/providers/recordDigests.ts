import { equalBytes } from "../../base/lib/bytes.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { recordNonce, signedRecordDigest, subjectDigest } from "../../format/signing/signedRecord.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import { readActivities, type RecordOutcome, type RowOutcome } from "../../stages/ingest/readActivities.ts";
import type { Reading } from "../sources/prepareReading.ts";

/** A record's digest in a signed file, with the word for its subject. */
export function digestOf(
  { record, subject }: RecordOutcome,
  fileSalt: Uint8Array,
): { digest: Uint8Array; subjectDigest: Uint8Array } {
  const blinded = subjectDigest(recordNonce(fileSalt, record.recordId), subject?.identifier ?? null);
  return { digest: signedRecordDigest(record, blinded), subjectDigest: blinded };
}

/**
 * The digests of all records that a profile makes of a file, in the order in which it makes them: what a
 * file's signature covers. Rows that it refuses are none, and counted.
 * @param now the time of the signature: provider and operator judge the future by the same clock
 * @param keyed puts the keys of assets in place (`keyAssets`); for profiles that name assets
 * @throws InputError as `readActivities`
 */
export async function* recordDigests(
  profile: Profile,
  source: { open(): AsyncIterable<Uint8Array> },
  reading: Reading,
  {
    now,
    fileSalt,
    keyed = (outcomes) => Promise.resolve(outcomes),
  }: {
    readonly now: UnixSeconds;
    readonly fileSalt: Uint8Array;
    readonly keyed?: (outcomes: readonly RowOutcome[]) => Promise<readonly RowOutcome[]>;
  },
): AsyncIterable<{ readonly digests: Uint8Array[]; readonly refused: number }> {
  for await (const chunk of readActivities(profile, source.open(), { ...reading, now })) {
    const outcomes = await keyed(chunk.outcomes);
    const digests = outcomes.flatMap((outcome) =>
      outcome.kind === "record" ? [digestOf(outcome, fileSalt).digest] : [],
    );
    yield { digests, refused: outcomes.length - digests.length };
  }
}

/** Whether digest number `at` of those that `kept` holds one after another is this one. */
export function sameDigest(kept: Uint8Array, at: number, digest: Uint8Array): boolean {
  return equalBytes(kept.subarray(32 * at, 32 * at + 32), digest);
}
