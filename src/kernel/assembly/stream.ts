import { ONE } from "./permutation";
import { absorbBlock, absorbLast, RATE } from "./sponge";
import { INPUT, OUTPUT } from "./window";

// keccak-256 of one message that comes in pieces. Between calls the caller keeps the 200 bytes at
// STREAM_STATE.

export const STREAM_STATE = ONE;

/** Takes in `blocks` blocks of 136 bytes at INPUT. */
export function streamBlocks(blocks: i32): void {
  for (let i: i32 = 0; i < blocks; i++) absorbBlock(INPUT + (i as usize) * RATE);
}

/** Takes in the last `length` < 136 bytes at INPUT; the hash is at OUTPUT. */
export function streamEnd(length: i32): void {
  absorbLast(INPUT, length as usize, OUTPUT);
}
