import { KeccakStream } from "./keccakStream.ts";
import type { Kernel } from "./kernel.ts";

/** keccak-256 of a message of any length: 32 bytes. */
export function keccak256(kernel: Kernel, message: Uint8Array): Uint8Array {
  const { input, output } = kernel.window;
  if (message.length > input.length) return new KeccakStream(kernel).update(message).digest();
  input.set(message);
  kernel.wasm.keccakEach(message.length, 1);
  return output.slice(0, 32);
}
