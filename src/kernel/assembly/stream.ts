import { absorbBlock, absorbLast, RATE, squeeze } from "./sponge";
import { STATE } from "./permutation";
import { INPUT, OUTPUT } from "./window";

// keccak-256 of one message that comes in pieces. Between calls the caller keeps the 200 bytes at
// STREAM_STATE.

export const STREAM_STATE = STATE;
export const STREAM_RATE: i32 = 136;

/** Takes in `blocks` blocks of 136 bytes at INPUT. */
export function streamBlocks(blocks: i32): void {
  for (let i: i32 = 0; i < blocks; i++) {
    const block = INPUT + (i as usize) * RATE;
    absorbBlock<u64>(block, block);
  }
}

/** Takes in the last `length` < 136 bytes at INPUT; the hash is at OUTPUT. */
export function streamEnd(length: i32): void {
  absorbLast<u64>(INPUT, INPUT, length as usize);
  squeeze<u64>(OUTPUT, OUTPUT);
}
