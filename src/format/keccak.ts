import { keccak256 } from "../kernel/keccak256.ts";
import { keccakEach } from "../kernel/keccakEach.ts";
import { keccakRagged } from "../kernel/keccakRagged.ts";
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

/**
 * keccak-256 of each of the messages of `length` bytes that stand one after the other; 32 bytes each, in the
 * same order.
 */
export function keccakOfEach(messages: Uint8Array, length: number): Uint8Array {
  const hashes = new Uint8Array((messages.length / length) * 32);
  keccakEach(sharedKernel(), messages, length, hashes);
  return hashes;
}

/** The same of messages of any lengths: message `i` ends before `ends[i]`. */
export function keccakOfRagged(messages: Uint8Array, ends: readonly number[]): Uint8Array {
  const hashes = new Uint8Array(ends.length * 32);
  keccakRagged(sharedKernel(), messages, ends, hashes);
  return hashes;
}
