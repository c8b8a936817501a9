// The 32-bit words of SHA-256. T is u32 for one message or v128 for four messages side by side.

/** Big-endian words of one message at `at`, or of four messages `stride` bytes apart. */
@inline
export function gatherWord<T>(at: usize, stride: usize): T {
  if (isVector<T>()) {
    let words = v128.load_zero<u32>(at);
    words = v128.load_lane<u32>(at + stride, words, 1);
    words = v128.load_lane<u32>(at + 2 * stride, words, 2);
    words = v128.load_lane<u32>(at + 3 * stride, words, 3);
    return swapBytes<T>(words);
  }
  return swapBytes<T>(load<u32>(at));
}

/** Stores what `gatherWord` reads. */
@inline
export function scatterWord<T>(at: usize, stride: usize, word: T): void {
  const words = swapBytes<T>(word);
  if (isVector<T>()) {
    v128.store_lane<u32>(at, words, 0);
    v128.store_lane<u32>(at + stride, words, 1);
    v128.store_lane<u32>(at + 2 * stride, words, 2);
    v128.store_lane<u32>(at + 3 * stride, words, 3);
  } else {
    store<u32>(at, words);
  }
}

@inline
function swapBytes<T>(word: T): T {
  return isVector<T>()
    ? v128.shuffle<u8>(word, word, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)
    : bswap<u32>(word);
}

/** The same number for each message. */
@inline
export function splatWord<T>(value: u32): T {
  return isVector<T>() ? v128.splat<u32>(value) : value;
}

@inline
export function add<T>(a: T, b: T): T {
  return isVector<T>() ? v128.add<u32>(a, b) : a + b;
}

@inline
export function xor<T>(a: T, b: T): T {
  return isVector<T>() ? v128.xor(a, b) : a ^ b;
}

@inline
export function and<T>(a: T, b: T): T {
  return isVector<T>() ? v128.and(a, b) : a & b;
}

@inline
export function shiftRight<T>(word: T, bits: i32): T {
  return isVector<T>() ? v128.shr<u32>(word, bits) : word >> bits;
}

@inline
export function rotateRight<T>(word: T, bits: i32): T {
  return isVector<T>()
    ? v128.or(v128.shr<u32>(word, bits), v128.shl<u32>(word, 32 - bits))
    : rotr<u32>(word, bits);
}
