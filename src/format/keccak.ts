import { keccak256 } from "../kernel/keccak256.ts";
import { KeccakStream } from "../kernel/keccakStream.ts";
import { sharedKernel } from "../kernel/sharedKernel.ts";

/** keccak-256. Every hash of the format goes through this file, and so through the kernel. */
export function keccak(bytes: Uint8Array): Uint8Array {
  return keccak256(sharedKernel(), bytes);
}

/** keccak-256 over bytes that don't fit into memory at once. */
export function keccakStream(): KeccakStream {
  return new KeccakStream(sharedKernel());
}
