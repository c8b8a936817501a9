import { knownRecord } from "../../adapters/storage/reductions/knownRecord.ts";
import { toHex } from "../../base/lib/bytes.ts";
import type { BatchId, Hex, MethodologyId, ProviderId } from "../../base/types/ids.ts";
import type { Disposition } from "../../base/types/reduction.ts";
import type { Context } from "../context.ts";

/** Where a record stands; the mass as a decimal string of whole milligrams. */
export interface RecordDescription {
  readonly provider: ProviderId;
  readonly recordId: string;
  readonly disposition: Disposition;
  readonly milligrams: string;
  readonly methodologyId: MethodologyId;
  readonly activityKey: Hex;
  /** Null while it is in no sealed batch. */
  readonly batchId: BatchId | null;
}

/** @throws UsageError `record.unknown` */
export async function describeRecord(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  provider: ProviderId,
  recordId: string,
): Promise<RecordDescription> {
  const found = await knownRecord(db, tenant, provider, recordId);
  const { disposition, milligrams, methodologyId, activityKey, batchId } = found;
  return {
    provider,
    recordId,
    disposition,
    milligrams: milligrams.toString(),
    methodologyId,
    activityKey: toHex(activityKey),
    batchId,
  };
}
