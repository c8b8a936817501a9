import { hash } from "./sponge";
import { INPUT, OUTPUT } from "./window";

/**
 * Hashes `count` messages of `length` bytes at INPUT into 32 bytes each, `stride` bytes apart, from `out` on.
 */
@inline
export function hashEach(input: usize, length: usize, count: i32, out: usize, stride: usize): void {
  let i: i32 = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 1 < count; i += 2) {
      const left = input + (i as usize) * length;
      const to = out + (i as usize) * stride;
      hash<v128>(left, left + length, length, to, to + stride);
    }
  }
  for (; i < count; i++) {
    const left = input + (i as usize) * length;
    const to = out + (i as usize) * stride;
    hash<u64>(left, left, length, to, to);
  }
}

/** keccak-256 of each of `count` messages of `length` bytes at INPUT, 32 bytes each at OUTPUT. */
export function keccakEach(length: i32, count: i32): void {
  hashEach(INPUT, length as usize, count, OUTPUT, 32);
}
