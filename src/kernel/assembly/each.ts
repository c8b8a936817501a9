import { hashOne, hashOnePadded, hashThree, hashThreePadded, RATE } from "./sponge";
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

/**
 * The hash of each of `count` messages at INPUT that are `blocks` whole blocks of 136 bytes long, padding
 * included; 32 bytes each at OUTPUT.
 */
export function keccakPadded(blocks: i32, count: i32): void {
  const length = (blocks as usize) * RATE;
  let message = INPUT;
  let out = OUTPUT;
  let left = count;
  if (ASC_FEATURE_SIMD) {
    for (; left >= 3; left -= 3, message += 3 * length, out += 96) hashThreePadded(message, blocks, out);
  }
  for (; left > 0; left--, message += length, out += 32) hashOnePadded(message, blocks, out);
}
