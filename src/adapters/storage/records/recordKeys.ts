import { HMAC_BYTES, HmacBatch } from "../../../format/hmacBatch.ts";
import type { RecordReference } from "../../../stages/dedupe/ports.ts";

/** Bytes of a record key that are of its hash; the two behind them count strangers of the same hash. */
export const HASH_BYTES = 14;
const MAX_ATTEMPTS = 0x1_0000;

/**
 * Tags of records, 28 hex digits each: HMAC-SHA-256 under the tenant's secret over the provider's id, 00
 * and the record id, cut to its first `width` bytes and filled up with zeros. A record key is such a tag and
 * the number of the attempt: the first whose key was free when the record came. So whoever looks for a record
 * asks attempt after attempt, compares what is there with the record id, and ends at the first that is free.
 */
export function recordTags(
  secret: Uint8Array,
  records: readonly RecordReference[],
  width: number = HASH_BYTES,
): string[] {
  const room = records.reduce(
    (sum, { provider, recordId }) => sum + provider.length + 1 + 3 * recordId.length,
    0,
  );
  const messages = Buffer.allocUnsafe(room);
  const ends: number[] = [];
  let end = 0;
  for (const { provider, recordId } of records) {
    end += messages.write(provider, end, "latin1");
    messages[end++] = 0;
    end += messages.write(recordId, end, "utf8");
    ends.push(end);
  }
  const hmacs = new HmacBatch(secret).each(messages.subarray(0, end), ends);
  const hex = Buffer.from(hmacs.buffer, hmacs.byteOffset, hmacs.length).toString("hex");
  return Array.from(records, (_, i) =>
    hex.slice(2 * HMAC_BYTES * i, 2 * HMAC_BYTES * i + 2 * width).padEnd(2 * HASH_BYTES, "0"),
  );
}

/** 32 hex digits. `attempt` counts from 0. */
export function recordKey(recordHash: string, attempt: number): string {
  if (attempt >= MAX_ATTEMPTS) throw new RangeError("65,536 records share a hash.");
  return attempt === 0 ? `${recordHash}0000` : recordHash + attempt.toString(16).padStart(4, "0");
}
