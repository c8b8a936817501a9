import { andNot, rotateLeft, splat, xor } from "./lane";

// keccak-f[1600] (FIPS 202, 3.2 and 3.3). A state is 25 lanes in memory, lane x + 5·y at that place; with
// T = v128 each lane holds two states. 25 lanes fit into no registers, so that memory costs nothing here.

/** Round constants of iota. */
const ROUND_CONSTANTS = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
  0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
  0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
  0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
  0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
]);
const ROUNDS: usize = 24;
/** Lanes of a state. */
export const LANES: usize = 25;

/** A state alone: 25 lanes of 8 bytes. */
export const ONE = memory.data(200, 16);
/** Two states side by side: 25 lanes of 16 bytes. */
export const PAIR = memory.data(400, 16);
// Rounds go to and fro between two places.
const ONE_BESIDE = memory.data(200, 16);
const PAIR_BESIDE = memory.data(400, 16);

@inline
export function lane<T>(state: usize, index: usize): T {
  return load<T>(state + index * sizeof<T>());
}

@inline
export function setLane<T>(state: usize, index: usize, value: T): void {
  store<T>(state + index * sizeof<T>(), value);
}

/** Theta's parity of a column. */
@inline
function column<T>(state: usize, x: usize): T {
  const upper = xor(lane<T>(state, x), lane<T>(state, x + 5));
  const lower = xor(lane<T>(state, x + 10), lane<T>(state, x + 15));
  return xor(xor(upper, lower), lane<T>(state, x + 20));
}

/** A lane after theta and rho. */
@inline
function turned<T>(state: usize, index: usize, parity: T, bits: i32): T {
  return rotateLeft<T>(xor(lane<T>(state, index), parity), bits);
}

/** Chi of one lane. */
@inline
function chi<T>(a: T, b: T, c: T): T {
  return xor(a, andNot(c, b));
}

/** Stores row `y` after chi. */
@inline
function setRow<T>(state: usize, y: usize, b0: T, b1: T, b2: T, b3: T, b4: T): void {
  if (!isVector<T>()) {
    setComplementedRow(state, y, b0 as u64, b1 as u64, b2 as u64, b3 as u64, b4 as u64);
    return;
  }
  setLane<T>(state, 5 * y, chi<T>(b0, b1, b2));
  setLane<T>(state, 5 * y + 1, chi<T>(b1, b2, b3));
  setLane<T>(state, 5 * y + 2, chi<T>(b2, b3, b4));
  setLane<T>(state, 5 * y + 3, chi<T>(b3, b4, b0));
  setLane<T>(state, 5 * y + 4, chi<T>(b4, b0, b1));
}

/**
 * Vectors have an instruction for "and not", numbers have none. So a state alone goes through its rounds with
 * six lanes turned into their complements (`complement`), and chi is told by De Morgan: five nots a round in
 * place of 25, which makes a state alone a tenth faster and three together a thirtieth. Lane complementing,
 * section 2.2 of the "Keccak implementation overview"; theta, rho and pi keep the pattern.
 */
@inline
function setComplementedRow(state: usize, y: usize, b0: u64, b1: u64, b2: u64, b3: u64, b4: u64): void {
  if (y == 0) {
    setRowTo(state, 0, b0 ^ (b1 | b2), b1 ^ (~b2 | b3), b2 ^ (b3 & b4), b3 ^ (b4 | b0), b4 ^ (b0 & b1));
  } else if (y == 1) {
    setRowTo(state, 5, b0 ^ (b1 | b2), b1 ^ (b2 & b3), b2 ^ (b3 | ~b4), b3 ^ (b4 | b0), b4 ^ (b0 & b1));
  } else if (y == 2) {
    const not3 = ~b3;
    setRowTo(state, 10, b0 ^ (b1 | b2), b1 ^ (b2 & b3), b2 ^ (not3 & b4), not3 ^ (b4 | b0), b4 ^ (b0 & b1));
  } else if (y == 3) {
    const not3 = ~b3;
    setRowTo(state, 15, b0 ^ (b1 & b2), b1 ^ (b2 | b3), b2 ^ (not3 | b4), not3 ^ (b4 & b0), b4 ^ (b0 | b1));
  } else {
    const not1 = ~b1;
    setRowTo(state, 20, b0 ^ (not1 & b2), not1 ^ (b2 | b3), b2 ^ (b3 & b4), b3 ^ (b4 | b0), b4 ^ (b0 & b1));
  }
}

@inline
function setRowTo(state: usize, first: usize, a0: u64, a1: u64, a2: u64, a3: u64, a4: u64): void {
  setLane<u64>(state, first, a0);
  setLane<u64>(state, first + 1, a1);
  setLane<u64>(state, first + 2, a2);
  setLane<u64>(state, first + 3, a3);
  setLane<u64>(state, first + 4, a4);
}

/** Turns six lanes of ONE into their complements, or back. */
@inline
function complement(): void {
  complementLane(1);
  complementLane(2);
  complementLane(8);
  complementLane(12);
  complementLane(17);
  complementLane(20);
}

@inline
function complementLane(index: usize): void {
  setLane<u64>(ONE, index, ~lane<u64>(ONE, index));
}

/** One round. Which lane comes where is pi; by how many bits it is turned is rho. */
@inline
function round<T>(from: usize, to: usize, iota: u64): void {
  const c0 = column<T>(from, 0);
  const c1 = column<T>(from, 1);
  const c2 = column<T>(from, 2);
  const c3 = column<T>(from, 3);
  const c4 = column<T>(from, 4);
  const d0 = xor<T>(c4, rotateLeft<T>(c1, 1));
  const d1 = xor<T>(c0, rotateLeft<T>(c2, 1));
  const d2 = xor<T>(c1, rotateLeft<T>(c3, 1));
  const d3 = xor<T>(c2, rotateLeft<T>(c4, 1));
  const d4 = xor<T>(c3, rotateLeft<T>(c0, 1));
  setRow<T>(
    to, 0,
    xor<T>(lane<T>(from, 0), d0), turned<T>(from, 6, d1, 44), turned<T>(from, 12, d2, 43),
    turned<T>(from, 18, d3, 21), turned<T>(from, 24, d4, 14),
  );
  setLane<T>(to, 0, xor<T>(lane<T>(to, 0), splat<T>(iota)));
  setRow<T>(
    to, 1,
    turned<T>(from, 3, d3, 28), turned<T>(from, 9, d4, 20), turned<T>(from, 10, d0, 3),
    turned<T>(from, 16, d1, 45), turned<T>(from, 22, d2, 61),
  );
  setRow<T>(
    to, 2,
    turned<T>(from, 1, d1, 1), turned<T>(from, 7, d2, 6), turned<T>(from, 13, d3, 25),
    turned<T>(from, 19, d4, 8), turned<T>(from, 20, d0, 18),
  );
  setRow<T>(
    to, 3,
    turned<T>(from, 4, d4, 27), turned<T>(from, 5, d0, 36), turned<T>(from, 11, d1, 10),
    turned<T>(from, 17, d2, 15), turned<T>(from, 23, d3, 56),
  );
  setRow<T>(
    to, 4,
    turned<T>(from, 2, d2, 62), turned<T>(from, 8, d3, 55), turned<T>(from, 14, d4, 39),
    turned<T>(from, 15, d0, 41), turned<T>(from, 21, d1, 2),
  );
}

/** Permutes the state at ONE. */
export function permuteOne(): void {
  complement();
  for (let r: usize = 0; r < ROUNDS; r += 2) {
    round<u64>(ONE, ONE_BESIDE, constant(r));
    round<u64>(ONE_BESIDE, ONE, constant(r + 1));
  }
  complement();
}

/**
 * Permutes the states at ONE and PAIR. A processor has units for numbers beside those for vectors, so that
 * the third state costs little: a fifth more hashes than with two.
 */
export function permuteThree(): void {
  complement();
  for (let r: usize = 0; r < ROUNDS; r += 2) {
    round<v128>(PAIR, PAIR_BESIDE, constant(r));
    round<u64>(ONE, ONE_BESIDE, constant(r));
    round<v128>(PAIR_BESIDE, PAIR, constant(r + 1));
    round<u64>(ONE_BESIDE, ONE, constant(r + 1));
  }
  complement();
}

@inline
function constant(round: usize): u64 {
  return load<u64>(ROUND_CONSTANTS + 8 * round);
}
