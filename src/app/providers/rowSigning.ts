import { providerKeys } from "../../adapters/storage/providers/providerKeys.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import type { StoredEvidence } from "../../base/types/storedEvidence.ts";
import { decideRowSignature } from "../../stages/ingest/providerKeys/decideRowSignature.ts";
import type { RecordOutcome, RowOutcome } from "../../stages/ingest/readActivities.ts";
import { SIGNATURE_SENTENCES, type SignatureCode } from "../../stages/ingest/signatureCodes.ts";
import type { RefusedRow } from "../../stages/ingest/rejectsCsv.ts";
import type { SignatureContext } from "./checkFileSignature.ts";
import type { Signing } from "./openSigning.ts";

/**
 * Rows that carry their signatures: each is judged by itself (`decideRowSignature`).
 */
export async function rowSigning(
  { db, tenant, clock }: SignatureContext,
  provider: ProviderId,
): Promise<Signing> {
  const keys = await providerKeys(db, tenant, provider);
  const now = clock.now();
  return {
    now,
    judge(outcomes) {
      const evidence = new Map<number, StoredEvidence>();
      const refused: RefusedRow[] = [];
      const left: RowOutcome[] = [];
      for (const outcome of outcomes) {
        const judged = outcome.kind === "record" ? decideRowSignature(outcome, keys, now) : null;
        if (typeof judged === "string") refused.push(...refusalsOf(outcome as RecordOutcome, judged));
        else {
          left.push(outcome);
          if (judged) evidence.set(outcome.row, judged);
        }
      }
      return Promise.resolve({ outcomes: left, refused, evidence });
    },
    finish: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** All rows of the act share its fate. */
function refusalsOf({ row, raw, record, parts }: RecordOutcome, code: SignatureCode): RefusedRow[] {
  const why = { field: null, code, sentence: SIGNATURE_SENTENCES[code] };
  return [...parts, { row, raw, rowId: record.recordId }].map((part) => ({ ...part, ...why }));
}
