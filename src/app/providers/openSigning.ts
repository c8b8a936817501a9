import { providerKeys } from "../../adapters/storage/providers/providerKeys.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { StoredEvidence } from "../../base/types/storedEvidence.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import type { RowOutcome } from "../../stages/ingest/readActivities.ts";
import type { RefusedRow } from "../../stages/ingest/rejectsCsv.ts";
import { checkFileSignature, type SignatureContext } from "./checkFileSignature.ts";
import { fileSigning } from "./fileSigning.ts";
import type { Reading } from "../sources/prepareReading.ts";
import { rowSigning } from "./rowSigning.ts";

/** Rows after their signatures were looked at. */
export interface JudgedRows {
  /** Those that go on. */
  readonly outcomes: readonly RowOutcome[];
  readonly refused: readonly RefusedRow[];
  /** By row; those that nobody signed have none. */
  readonly evidence: ReadonlyMap<number, StoredEvidence>;
}

/** How the rows of one ingest are held against their provider's signatures. */
export interface Signing {
  /** The time by which the file is mapped. */
  readonly now: UnixSeconds;
  /**
   * To be called with all rows, in the order in which they are read. @throws CheckFailedError
   * `signature.changed`
   */
  judge(outcomes: readonly RowOutcome[]): Promise<JudgedRows>;
  /** To be called behind the last row. @throws CheckFailedError `signature.changed` */
  finish(): void;
  close(): Promise<void>;
}

/**
 * What the provider's keys and the file ask for: a signature over the whole file is checked here and now,
 * those of single rows as they come; unsigned files of a provider that must sign are refused.
 * @param request `sidecar`: bytes of the file's `.sig.json`, or null where it has none
 * @throws CheckFailedError `signature.missing`, or as `checkFileSignature`
 */
export async function openSigning(
  context: SignatureContext,
  request: {
    readonly profile: Profile;
    readonly source: { open(): AsyncIterable<Uint8Array> };
    readonly sidecar: Uint8Array | null;
    readonly reading: Reading;
  },
): Promise<Signing> {
  const { profile, sidecar } = request;
  if (sidecar) return fileSigning(context, await checkFileSignature(context, { ...request, sidecar }));
  const { id } = profile.provider;
  if (profile.signature) return rowSigning(context, id);
  if ((await providerKeys(context.db, context.tenant, id)).some(({ required }) => required)) {
    throw new CheckFailedError(
      "signature.missing",
      `Nothing of the file was taken: ${id} signs what it sends, and the file has no signature.`,
      { remedy: { act: "send-signature" } },
    );
  }
  return {
    now: context.clock.now(),
    judge: (outcomes) => Promise.resolve({ outcomes, refused: [], evidence: new Map() }),
    finish: () => undefined,
    close: () => Promise.resolve(),
  };
}
