import { hashOne, hashThree } from "./sponge";
import { INPUT, OUTPUT } from "./window";

/**
 * Hashes `count` messages of `length` bytes, one after the other, into hashes that are `stride` bytes apart.
 * Messages may lie where hashes come to lie, as long as no hash comes before its own message.
 */
export function hashEach(input: usize, length: usize, count: i32, out: usize, stride: usize): void {
  let left = count;
  if (ASC_FEATURE_SIMD) {
    for (; left >= 3; left -= 3, input += 3 * length, out += 3 * stride) {
      hashThree(input, length, out, stride);
    }
  }
  for (; left > 0; left--, input += length, out += stride) hashOne(input, length, out);
}

/** keccak-256 of each of `count` messages of `length` bytes at INPUT, 32 bytes each at OUTPUT. */
export function keccakEach(length: i32, count: i32): void {
  hashEach(INPUT, length as usize, count, OUTPUT, 32);
}
