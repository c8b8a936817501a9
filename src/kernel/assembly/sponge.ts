import { and, gather, or, scatter, splat, xor } from "./lane";
import { lane, LANES, permute, setLane, STATE } from "./permutation";

// keccak-256: the sponge of rate 136 over keccak-f[1600], padded with 0x01 … 0x80. One message, or two of one
// length side by side (T = v128).

/** Bytes that one permutation takes in. */
export const RATE: usize = 136;

/** Sets the state to nothing taken in. */
@inline
export function clear<T>(): void {
  memory.fill(STATE, 0, LANES * sizeof<T>());
}

/** Takes in one block of 136 bytes of each message. */
@inline
export function absorbBlock<T>(left: usize, right: usize): void {
  for (let i: usize = 0; i < RATE / 8; i++) {
    setLane<T>(STATE, i, xor<T>(lane<T>(STATE, i), gather<T>(left + 8 * i, right + 8 * i)));
  }
  permute<T>();
}

/**
 * Takes in the last `length` < 136 bytes of each message and the padding. Reads up to eight bytes more than
 * that, which the window allows for and which don't count.
 */
@inline
export function absorbLast<T>(left: usize, right: usize, length: usize): void {
  const whole = length >> 3;
  for (let i: usize = 0; i < whole; i++) {
    setLane<T>(STATE, i, xor<T>(lane<T>(STATE, i), gather<T>(left + 8 * i, right + 8 * i)));
  }
  const end: u64 = 1 << (8 * (length & 7));
  const rest = and<T>(gather<T>(left + 8 * whole, right + 8 * whole), splat<T>(end - 1));
  setLane<T>(STATE, whole, xor<T>(lane<T>(STATE, whole), or<T>(rest, splat<T>(end))));
  const last = RATE / 8 - 1;
  setLane<T>(STATE, last, xor<T>(lane<T>(STATE, last), splat<T>(1 << 63)));
  permute<T>();
}

/** Stores 32 bytes of each state. */
@inline
export function squeeze<T>(left: usize, right: usize): void {
  for (let i: usize = 0; i < 4; i++) scatter<T>(left + 8 * i, right + 8 * i, lane<T>(STATE, i));
}

/** keccak-256 of two messages of `length` bytes, or of the left one alone where T is u64. */
@inline
export function hash<T>(left: usize, right: usize, length: usize, outLeft: usize, outRight: usize): void {
  clear<T>();
  let at: usize = 0;
  for (; at + RATE <= length; at += RATE) absorbBlock<T>(left + at, right + at);
  absorbLast<T>(left + at, right + at, length - at);
  squeeze<T>(outLeft, outRight);
}
