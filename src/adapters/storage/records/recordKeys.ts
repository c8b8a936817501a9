import { HMAC_BYTES, HmacBatch } from "../../../format/hmacBatch.ts";
import type { RecordReference } from "../../../stages/dedupe/ports.ts";

/** Bytes of a record key that are of its hash; the two behind them count strangers of the same hash. */
export const HASH_BYTES = 14;
export const ATTEMPT_BYTES = 2;
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
  const tags = tagRecords(secret, records, width);
  return Array.from(records, (_, i) => tags.text(i));
}

/** The same tags, as bytes. */
export function tagRecords(
  secret: Uint8Array,
  records: readonly RecordReference[],
  width: number = HASH_BYTES,
): RecordTags {
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
  if (width < HASH_BYTES)
    for (let at = 0; at < hmacs.length; at += HMAC_BYTES) hmacs.fill(0, at + width, at + HASH_BYTES);
  return new RecordTags(hmacs);
}

/** Tags of records, by their places among them. */
export class RecordTags {
  /** Of each, `HASH_BYTES` at a multiple of `HMAC_BYTES`. */
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** 28 hex digits. */
  text(place: number): string {
    const at = place * HMAC_BYTES;
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at, HASH_BYTES).toString("hex");
  }

  /** The first four bytes, or those behind them, as a number. */
  word(place: number, index: 0 | 1): number {
    return this.#view.getUint32(place * HMAC_BYTES + 4 * index);
  }
}

/** 32 hex digits. `attempt` counts from 0. */
export function recordKey(recordHash: string, attempt: number): string {
  return attempt === 0
    ? `${recordHash}0000`
    : recordHash + Buffer.from(attemptBytes(attempt)).toString("hex");
}

/** What stands behind a hash in a record key. */
export function attemptBytes(attempt: number): Uint8Array {
  if (attempt >= MAX_ATTEMPTS) throw new RangeError("65,536 records share a hash.");
  return Uint8Array.of(attempt >> 8, attempt & 0xff);
}
