import { eachByWindow } from "./eachByWindow.ts";
import type { Kernel } from "./kernel.ts";

/**
 * keccak-256 of each of the messages of `length` bytes (1 to 733,184) that stand one after the other in
 * `messages`. Their hashes come in the same order into `out`, 32 bytes each; `out` may be `messages` itself
 * where `length` is 32 or more.
 * @throws RangeError where the lengths don't agree
 */
export function keccakEach(kernel: Kernel, messages: Uint8Array, length: number, out: Uint8Array): void {
  eachByWindow(kernel, messages, length, out, (count) => {
    kernel.wasm.keccakEach(length, count);
  });
}
