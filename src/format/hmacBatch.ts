import { HmacSha256 } from "../kernel/hmacSha256.ts";
import { sharedKernel } from "../kernel/sharedKernel.ts";

export const HMAC_BYTES = 32;

/** HMAC-SHA-256 of many messages under one key. */
export class HmacBatch {
  readonly #hmac: HmacSha256;

  /** @throws RangeError for a key of more than 64 bytes */
  constructor(key: Uint8Array) {
    this.#hmac = new HmacSha256(sharedKernel(), key);
  }

  /** The HMACs of messages, 32 bytes each, in the order given; no message is empty. */
  of(messages: readonly Uint8Array[]): Uint8Array[] {
    let end = 0;
    const ends = messages.map(({ length }) => (end += length));
    const all = new Uint8Array(end);
    for (const [i, message] of messages.entries()) all.set(message, (ends[i] as number) - message.length);
    const hmacs = this.each(all, ends);
    return messages.map((_, i) => hmacs.subarray(i * HMAC_BYTES, (i + 1) * HMAC_BYTES));
  }

  /**
   * The HMACs of messages that stand one after the other in `messages`, 32 bytes each in the same order.
   * `ends[i]` is where the i-th ends; none is empty. The kernel takes messages of one length at a time.
   */
  each(messages: Uint8Array, ends: readonly number[]): Uint8Array {
    const out = new Uint8Array(HMAC_BYTES * ends.length);
    const byLength = Map.groupBy(ends.keys(), (i) => lengthOf(ends, i));
    for (const [length, group] of byLength) {
      if (group.length === ends.length) {
        this.#hmac.each(messages.subarray(0, length * group.length), length, out);
        continue;
      }
      const gathered = new Uint8Array(length * group.length);
      for (const [at, i] of group.entries())
        gathered.set(messages.subarray((ends[i] as number) - length, ends[i]), at * length);
      const some = new Uint8Array(HMAC_BYTES * group.length);
      this.#hmac.each(gathered, length, some);
      for (const [at, i] of group.entries())
        out.set(some.subarray(at * HMAC_BYTES, (at + 1) * HMAC_BYTES), i * HMAC_BYTES);
    }
    return out;
  }
}

function lengthOf(ends: readonly number[], i: number): number {
  return (ends[i] as number) - (i === 0 ? 0 : (ends[i - 1] as number));
}
