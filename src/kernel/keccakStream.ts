import type { Kernel } from "./kernel.ts";
import { RATE } from "./sizes.ts";

/**
 * keccak-256 of a message that comes in pieces. Any number of streams share a kernel; each has 336 bytes of
 * its own.
 */
export class KeccakStream {
  readonly #kernel: Kernel;
  readonly #state = new Uint8Array(200);
  /** What came after the last whole block. */
  readonly #rest = new Uint8Array(RATE);
  #restLength = 0;
  #ended = false;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Takes in the next bytes, of any number, and returns this. @throws Error after `digest` */
  update(bytes: Uint8Array): this {
    this.#checkOpen();
    const { wasm, window } = this.#kernel;
    const room = Math.floor(window.input.length / RATE) * RATE;
    let at = 0;
    if (this.#restLength + bytes.length >= RATE) window.streamState.set(this.#state);
    while (this.#restLength + bytes.length - at >= RATE) {
      const whole = Math.floor((this.#restLength + bytes.length - at) / RATE) * RATE;
      const taken = Math.min(room, whole) - this.#restLength;
      window.input.set(this.#rest.subarray(0, this.#restLength));
      window.input.set(bytes.subarray(at, at + taken), this.#restLength);
      wasm.streamBlocks((this.#restLength + taken) / RATE);
      this.#restLength = 0;
      at += taken;
    }
    if (at > 0) this.#state.set(window.streamState);
    this.#rest.set(bytes.subarray(at), this.#restLength);
    this.#restLength += bytes.length - at;
    return this;
  }

  /** The hash, 32 bytes. Ends the stream. @throws Error the second time */
  digest(): Uint8Array {
    this.#checkOpen();
    this.#ended = true;
    const { wasm, window } = this.#kernel;
    window.streamState.set(this.#state);
    window.input.set(this.#rest.subarray(0, this.#restLength));
    wasm.streamEnd(this.#restLength);
    return window.output.slice(0, 32);
  }

  #checkOpen(): void {
    if (this.#ended) throw new Error("This keccak-256 stream has ended.");
  }
}
