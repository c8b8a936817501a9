import { add, and, gatherWord, rotateRight, shiftRight, splatWord, xor } from "./word";

// SHA-256's compression (FIPS 180-4, 6.2) of one block, or of one block each of four messages (T = v128).

const ROUND_CONSTANTS = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const ROUNDS: usize = 64;
const SCHEDULE_BYTES: i32 = 1024;
/** The block's sixteen words and the 48 that follow from them. */
const SCHEDULE = memory.data(SCHEDULE_BYTES, 16);

@inline
function word<T>(words: usize, index: usize): T {
  return load<T>(words + index * sizeof<T>());
}

@inline
function mix<T>(a: T, first: i32, second: i32, third: i32): T {
  return xor<T>(xor<T>(rotateRight<T>(a, first), rotateRight<T>(a, second)), rotateRight<T>(a, third));
}

@inline
function smallMix<T>(a: T, first: i32, second: i32, shift: i32): T {
  return xor<T>(xor<T>(rotateRight<T>(a, first), rotateRight<T>(a, second)), shiftRight<T>(a, shift));
}

@inline
function choose<T>(a: T, b: T, c: T): T {
  return xor<T>(c, and<T>(a, xor<T>(b, c)));
}

@inline
function majority<T>(a: T, b: T, c: T): T {
  return xor<T>(and<T>(a, b), and<T>(c, xor<T>(a, b)));
}

/** Brings the block at `block`, or four blocks `stride` bytes apart, into the eight words at `state`. */
export function compress<T>(state: usize, block: usize, stride: usize): void {
  for (let i: usize = 0; i < 16; i++) {
    store<T>(SCHEDULE + i * sizeof<T>(), gatherWord<T>(block + 4 * i, stride));
  }
  for (let i: usize = 16; i < ROUNDS; i++) {
    const early = add<T>(word<T>(SCHEDULE, i - 16), smallMix<T>(word<T>(SCHEDULE, i - 15), 7, 18, 3));
    const late = add<T>(word<T>(SCHEDULE, i - 7), smallMix<T>(word<T>(SCHEDULE, i - 2), 17, 19, 10));
    store<T>(SCHEDULE + i * sizeof<T>(), add<T>(early, late));
  }
  let a = word<T>(state, 0);
  let b = word<T>(state, 1);
  let c = word<T>(state, 2);
  let d = word<T>(state, 3);
  let e = word<T>(state, 4);
  let f = word<T>(state, 5);
  let g = word<T>(state, 6);
  let h = word<T>(state, 7);
  for (let i: usize = 0; i < ROUNDS; i++) {
    const constant = splatWord<T>(load<u32>(ROUND_CONSTANTS + 4 * i));
    const input = add<T>(add<T>(h, constant), word<T>(SCHEDULE, i));
    const first = add<T>(add<T>(mix<T>(e, 6, 11, 25), choose<T>(e, f, g)), input);
    const second = add<T>(mix<T>(a, 2, 13, 22), majority<T>(a, b, c));
    h = g;
    g = f;
    f = e;
    e = add<T>(d, first);
    d = c;
    c = b;
    b = a;
    a = add<T>(first, second);
  }
  addTo<T>(state, 0, a);
  addTo<T>(state, 1, b);
  addTo<T>(state, 2, c);
  addTo<T>(state, 3, d);
  addTo<T>(state, 4, e);
  addTo<T>(state, 5, f);
  addTo<T>(state, 6, g);
  addTo<T>(state, 7, h);
}

@inline
function addTo<T>(state: usize, index: usize, value: T): void {
  store<T>(state + index * sizeof<T>(), add<T>(word<T>(state, index), value));
}

/** Wipes what is left of the last block. */
export function forgetBlock(): void {
  memory.fill(SCHEDULE, 0, SCHEDULE_BYTES);
}
