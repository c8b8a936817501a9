import { itemCount } from "./itemCount.ts";
import type { Kernel } from "./kernel.ts";
import { HASH_BYTES } from "./sizes.ts";

/** SHA-256's block; shorter keys end in zeros. */
const BLOCK = 64;
const KEY_BYTES = 32;

/**
 * HMAC-SHA-256 of each of several messages under a key of its own. `keys` holds 32 bytes for each, `messages`
 * `length` bytes for each (1 to 733,120); the HMACs come in the same order into `out`, 32 bytes each. Of keys
 * and HMACs nothing stays in the kernel's memory; messages stay until others take their place.
 * @throws RangeError where the lengths don't agree
 */
export function hmacEachKeyed(
  { wasm, window: { input, output } }: Kernel,
  keys: Uint8Array,
  messages: Uint8Array,
  length: number,
  out: Uint8Array,
): void {
  const count = itemCount(messages, length, "messages");
  if (keys.length !== count * KEY_BYTES) throw new RangeError(`There are ${String(count)} messages.`);
  if (out.length < count * HASH_BYTES) throw new RangeError(`${String(count)} HMACs have no room.`);
  const stride = BLOCK + length;
  if (stride > input.length) {
    throw new RangeError(`Messages have at most ${String(input.length - BLOCK)} bytes.`);
  }
  const most = Math.min(Math.floor(input.length / stride), Math.floor(output.length / HASH_BYTES));
  for (let first = 0; first < count; first += most) {
    const now = Math.min(most, count - first);
    for (let i = 0; i < now; i++) {
      const at = i * stride;
      input.set(keys.subarray((first + i) * KEY_BYTES, (first + i + 1) * KEY_BYTES), at);
      input.fill(0, at + KEY_BYTES, at + BLOCK);
      input.set(messages.subarray((first + i) * length, (first + i + 1) * length), at + BLOCK);
    }
    wasm.hmacEachKeyed(length, now);
    out.set(output.subarray(0, now * HASH_BYTES), first * HASH_BYTES);
    output.fill(0, 0, now * HASH_BYTES);
  }
}
