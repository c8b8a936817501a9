import { itemCount } from "./itemCount.ts";
import type { Kernel } from "./kernel.ts";
import { HASH_BYTES } from "./sizes.ts";

/**
 * Brings messages of one length into the window, as many at a time as it holds, lets `hash` make 32 bytes of
 * each, and takes those out.
 * @throws RangeError where the lengths don't agree
 */
export function eachByWindow(
  { window: { input, output } }: Kernel,
  messages: Uint8Array,
  length: number,
  out: Uint8Array,
  hash: (count: number) => void,
): void {
  const count = itemCount(messages, length, "messages");
  if (length > input.length) throw new RangeError(`Messages have at most ${String(input.length)} bytes.`);
  if (out.length < count * HASH_BYTES) throw new RangeError(`${String(count)} hashes have no room.`);
  const most = Math.min(Math.floor(input.length / length), Math.floor(output.length / HASH_BYTES));
  for (let first = 0; first < count; first += most) {
    const now = Math.min(most, count - first);
    input.set(messages.subarray(first * length, (first + now) * length));
    hash(now);
    out.set(output.subarray(0, now * HASH_BYTES), first * HASH_BYTES);
  }
}
