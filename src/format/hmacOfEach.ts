import { hmacEachKeyed } from "../kernel/hmacEachKeyed.ts";
import { sharedKernel } from "../kernel/sharedKernel.ts";

/**
 * HMAC-SHA-256 of each of the messages of `length` bytes that stand one after the other, under a key of 32
 * bytes of its own; 32 bytes each, in the same order.
 */
export function hmacOfEach(keys: Uint8Array, messages: Uint8Array, length: number): Uint8Array {
  const hmacs = new Uint8Array(keys.length);
  hmacEachKeyed(sharedKernel(), keys, messages, length, hmacs);
  return hmacs;
}
