import { eachByWindow } from "./eachByWindow.ts";
import type { Kernel } from "./kernel.ts";
import { HASH_BYTES } from "./sizes.ts";

/** SHA-256's block; longer keys would have to be hashed first. */
const MAX_KEY_BYTES = 64;

/**
 * HMAC-SHA-256 under one key. The key's two blocks are compressed once and kept here, in 64 bytes that are as
 * secret as the key. Of the key, these bytes and the HMACs, which may be keys themselves, nothing stays in
 * the kernel's memory; messages stay until others take their place.
 */
export class HmacSha256 {
  readonly #kernel: Kernel;
  readonly #keyed: Uint8Array;

  /** @throws RangeError for a key of more than 64 bytes */
  constructor(kernel: Kernel, key: Uint8Array) {
    if (key.length > MAX_KEY_BYTES) throw new RangeError("An HMAC key has at most 64 bytes.");
    const { wasm, window } = kernel;
    window.input.fill(0, 0, MAX_KEY_BYTES).set(key);
    wasm.hmacKey();
    this.#kernel = kernel;
    this.#keyed = window.keyState.slice();
    window.keyState.fill(0);
  }

  /**
   * The HMAC of each of the messages of `length` bytes (1 to 733,184) that stand one after the other in
   * `messages`, into `out` in the same order, 32 bytes each.
   * @throws RangeError where the lengths don't agree
   */
  each(messages: Uint8Array, length: number, out: Uint8Array): void {
    const { wasm, window } = this.#kernel;
    window.keyState.set(this.#keyed);
    eachByWindow(this.#kernel, messages, length, out, (count) => {
      wasm.hmacEach(length, count);
    });
    window.keyState.fill(0);
    // Where there were several windows full of them, the last one may be shorter.
    window.output.fill(0, 0, (messages.length / length) * HASH_BYTES);
  }
}
