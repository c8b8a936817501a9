import { and, gather, or, scatter, splat, xor } from "./lane";
import { lane, LANES, ONE, PAIR, permuteOne, permuteThree, setLane } from "./permutation";

// keccak-256: the sponge of rate 136 over keccak-f[1600], padded with 0x01 … 0x80. T as in lane.ts: `left` is
// the message or hash of one state, `right` that of the second one where there are two.

/** Bytes that one permutation takes in. */
export const RATE: usize = 136;

@inline
function clear<T>(state: usize): void {
  memory.fill(state, 0, LANES * sizeof<T>());
}

/** Lets 8 bytes of each message into lane `index`. */
@inline
function enter<T>(state: usize, index: usize, bytes: T): void {
  setLane<T>(state, index, xor<T>(lane<T>(state, index), bytes));
}

/** Lets 136 bytes of each message in. */
@inline
function enterBlock<T>(state: usize, left: usize, right: usize): void {
  for (let i: usize = 0; i < RATE / 8; i++) enter<T>(state, i, gather<T>(left + 8 * i, right + 8 * i));
}

/**
 * Lets the last `length` < 136 bytes of each message in, and the padding. Reads up to eight bytes more than
 * that, which the window allows for and which don't count.
 */
@inline
function enterLast<T>(state: usize, left: usize, right: usize, length: usize): void {
  const whole = length >> 3;
  for (let i: usize = 0; i < whole; i++) enter<T>(state, i, gather<T>(left + 8 * i, right + 8 * i));
  const end: u64 = 1 << (8 * (length & 7));
  const rest = and<T>(gather<T>(left + 8 * whole, right + 8 * whole), splat<T>(end - 1));
  enter<T>(state, whole, or<T>(rest, splat<T>(end)));
  enter<T>(state, RATE / 8 - 1, splat<T>(1 << 63));
}

/** Stores the hash of each message. */
@inline
function leave<T>(state: usize, left: usize, right: usize): void {
  for (let i: usize = 0; i < 4; i++) scatter<T>(left + 8 * i, right + 8 * i, lane<T>(state, i));
}

/** Takes a block of 136 bytes into ONE. */
export function absorbBlock(block: usize): void {
  enterBlock<u64>(ONE, block, block);
  permuteOne();
}

/** Takes the last `length` < 136 bytes into ONE and stores the hash. */
export function absorbLast(block: usize, length: usize, out: usize): void {
  enterLast<u64>(ONE, block, block, length);
  permuteOne();
  leave<u64>(ONE, out, out);
}

/** keccak-256 of a message. */
export function hashOne(message: usize, length: usize, out: usize): void {
  clear<u64>(ONE);
  let at: usize = 0;
  for (; at + RATE <= length; at += RATE) absorbBlock(message + at);
  absorbLast(message + at, length - at, out);
}

/** The hash of `blocks` whole blocks, padded already. */
export function hashOnePadded(message: usize, blocks: i32, out: usize): void {
  clear<u64>(ONE);
  for (let i: i32 = 0; i < blocks; i++) absorbBlock(message + (i as usize) * RATE);
  leave<u64>(ONE, out, out);
}

/** The same of three messages, one after the other, into hashes one after the other. */
export function hashThreePadded(first: usize, blocks: i32, out: usize): void {
  const length = (blocks as usize) * RATE;
  clear<v128>(PAIR);
  clear<u64>(ONE);
  for (let at: usize = 0; at < length; at += RATE) enterThree(first + at, length);
  leave<v128>(PAIR, out, out + 32);
  leave<u64>(ONE, out + 64, out + 64);
}

/** Takes a block of each of three messages in that are `length` bytes apart. */
@inline
function enterThree(first: usize, length: usize): void {
  enterBlock<v128>(PAIR, first, first + length);
  enterBlock<u64>(ONE, first + 2 * length, first + 2 * length);
  permuteThree();
}

/** keccak-256 of three messages, one after the other, into hashes that are `stride` bytes apart. */
export function hashThree(first: usize, length: usize, out: usize, stride: usize): void {
  const second = first + length;
  const third = second + length;
  clear<v128>(PAIR);
  clear<u64>(ONE);
  let at: usize = 0;
  for (; at + RATE <= length; at += RATE) enterThree(first + at, length);
  enterLast<v128>(PAIR, first + at, second + at, length - at);
  enterLast<u64>(ONE, third + at, third + at, length - at);
  permuteThree();
  leave<v128>(PAIR, out, out + stride);
  leave<u64>(ONE, out + 2 * stride, out + 2 * stride);
}
