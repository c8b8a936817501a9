import { hmacEachKeyed } from "../kernel/hmacEachKeyed.ts";
import { HmacSha256 } from "../kernel/hmacSha256.ts";
import { sharedKernel } from "../kernel/sharedKernel.ts";

/**
 * HMAC-SHA-256 under one key, ready for many messages. It holds 64 bytes that are as secret as the key.
 * @param key at most 64 bytes
 */
export function hmacUnder(key: Uint8Array): (messages: Uint8Array, length: number) => Uint8Array {
  const keyed = new HmacSha256(sharedKernel(), key);
  return (messages, length) => {
    const hmacs = new Uint8Array((messages.length / length) * 32);
    keyed.each(messages, length, hmacs);
    return hmacs;
  };
}

/**
 * HMAC-SHA-256 of each of the messages of `length` bytes that stand one after the other, under a key of 32
 * bytes of its own; 32 bytes each, in the same order.
 */
export function hmacOfEach(keys: Uint8Array, messages: Uint8Array, length: number): Uint8Array {
  const hmacs = new Uint8Array(keys.length);
  hmacEachKeyed(sharedKernel(), keys, messages, length, hmacs);
  return hmacs;
}
