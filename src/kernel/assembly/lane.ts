// The 64-bit lanes of keccak. T is u64 for one state or v128 for two states side by side; T is known when a
// function is compiled, so that isVector<T>() costs nothing at run time.

/** The lane of one state at `left`, or of two states, the second one's at `right`. */
@inline
export function gather<T>(left: usize, right: usize): T {
  return isVector<T>() ? v128.load_lane<u64>(right, v128.load_zero<u64>(left), 1) : load<u64>(left);
}

/** Stores the lane of one state at `left`, or of two states, the second one's at `right`. */
@inline
export function scatter<T>(left: usize, right: usize, lane: T): void {
  if (isVector<T>()) {
    v128.store_lane<u64>(left, lane, 0);
    v128.store_lane<u64>(right, lane, 1);
  } else {
    store<u64>(left, lane);
  }
}

/** The same number in each state. */
@inline
export function splat<T>(value: u64): T {
  return isVector<T>() ? v128.splat<u64>(value) : value;
}

@inline
export function xor<T>(a: T, b: T): T {
  return isVector<T>() ? v128.xor(a, b) : a ^ b;
}

@inline
export function or<T>(a: T, b: T): T {
  return isVector<T>() ? v128.or(a, b) : a | b;
}

@inline
export function and<T>(a: T, b: T): T {
  return isVector<T>() ? v128.and(a, b) : a & b;
}

/** `a` without the bits of `b`. */
@inline
export function andNot<T>(a: T, b: T): T {
  return isVector<T>() ? v128.andnot(a, b) : a & ~b;
}

@inline
export function rotateLeft<T>(lane: T, bits: i32): T {
  return isVector<T>()
    ? v128.or(v128.shl<u64>(lane, bits), v128.shr<u64>(lane, 64 - bits))
    : rotl<u64>(lane, bits);
}
