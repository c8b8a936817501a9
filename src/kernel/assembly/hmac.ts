import { compress, forgetBlock } from "./sha256";
import { scatterWord, splatWord } from "./word";
import { INPUT, OUTPUT } from "./window";

// HMAC-SHA-256 (RFC 2104) of many messages: under one key, whose two blocks are compressed once while callers
// keep the 64 bytes at KEY_STATE between calls, or each under a key of its own.

const BLOCK: usize = 64;
const HASH: usize = 32;
const INITIAL = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** Eight words after the inner block of the key, and eight after the outer one. */
export const KEY_STATE = memory.data(64, 16);
const OUTER_STATE = KEY_STATE + HASH;
/** Eight words of one message, or of four. */
const STATE = memory.data(128, 16);
/** The last one or two blocks of up to four messages, 128 bytes apart. */
const LAST = memory.data(512, 16);
const LAST_STRIDE: usize = 128;
/** The outer hash's one block of up to four messages: the inner hash and padding. */
const OUTER = memory.data(256, 16);

/** Brings a key of 64 bytes at INPUT (shorter ones end in zeros) into KEY_STATE. Leaves the key nowhere. */
export function hmacKey(): void {
  memory.copy(KEY_STATE, INITIAL, HASH);
  memory.copy(OUTER_STATE, INITIAL, HASH);
  xorBlock(0x36);
  compress<u32>(KEY_STATE, INPUT, 0);
  xorBlock(0x36 ^ 0x5c);
  compress<u32>(OUTER_STATE, INPUT, 0);
  memory.fill(INPUT, 0, BLOCK);
  forgetBlock();
}

/** 64 bytes at INPUT. */
function xorBlock(byte: u8): void {
  xorBlockAt(INPUT, byte);
}

function xorBlockAt(block: usize, byte: u64): void {
  const bytes = byte * 0x0101010101010101;
  for (let i: usize = 0; i < BLOCK; i += 8) store<u64>(block + i, load<u64>(block + i) ^ bytes);
}

/**
 * HMAC of each of `count` messages of `length` bytes at INPUT under the key at KEY_STATE, 32 bytes each at
 * OUTPUT.
 */
export function hmacEach(length: i32, count: i32): void {
  const bytes = length as usize;
  preparePadding(bytes);
  let i: i32 = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 3 < count; i += 4) authenticate<v128>(i, bytes);
  }
  for (; i < count; i++) authenticate<u32>(i, bytes);
}

/**
 * HMAC of each of `count` messages under its own key: at INPUT stand, for each, a key of 64 bytes (shorter
 * ones end in zeros) and its message of `length` bytes. 32 bytes each at OUTPUT. Leaves the keys nowhere.
 */
export function hmacEachKeyed(length: i32, count: i32): void {
  const bytes = length as usize;
  const stride = BLOCK + bytes;
  preparePadding(bytes);
  let i: i32 = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 3 < count; i += 4) authenticateKeyed<v128>(i, bytes);
  }
  for (; i < count; i++) authenticateKeyed<u32>(i, bytes);
  for (i = 0; i < count; i++) memory.fill(INPUT + (i as usize) * stride, 0, BLOCK);
  memory.fill(STATE, 0, 128);
  memory.fill(OUTER, 0, 256);
  forgetBlock();
}

/** The padding is the same for all messages of `length` bytes. */
function preparePadding(length: usize): void {
  const rest = length & (BLOCK - 1);
  memory.fill(LAST, 0, 512);
  memory.fill(OUTER, 0, 256);
  for (let i: usize = 0; i < 4; i++) {
    pad(LAST + i * LAST_STRIDE, rest, lastBytesOf(rest), BLOCK + length);
    pad(OUTER + i * BLOCK, HASH, BLOCK, BLOCK + HASH);
  }
}

/** Bytes of the last one or two blocks, where `rest` of them are the message's. */
@inline
function lastBytesOf(rest: usize): usize {
  return rest + 9 > BLOCK ? 2 * BLOCK : BLOCK;
}

/** Ends a message of `total` bytes, of which `used` stand in these last `room` bytes. */
function pad(block: usize, used: usize, room: usize, total: usize): void {
  store<u8>(block + used, 0x80);
  store<u64>(block + room - 8, bswap<u64>((total as u64) << 3));
}

/** The message `index`, or four from there on. */
@inline
function authenticate<T>(index: i32, length: usize): void {
  begin<T>(KEY_STATE);
  enterMessage<T>(INPUT + (index as usize) * length, length, length);
  end<T>(OUTER, BLOCK);
  begin<T>(OUTER_STATE);
  compress<T>(STATE, OUTER, BLOCK);
  end<T>(OUTPUT + (index as usize) * HASH, HASH);
}

/** The same under keys of their own. */
@inline
function authenticateKeyed<T>(index: i32, length: usize): void {
  const stride = BLOCK + length;
  const item = INPUT + (index as usize) * stride;
  beginKeyed<T>(item, stride, 0x36);
  enterMessage<T>(item + BLOCK, length, stride);
  end<T>(OUTER, BLOCK);
  beginKeyed<T>(item, stride, 0x36 ^ 0x5c);
  compress<T>(STATE, OUTER, BLOCK);
  end<T>(OUTPUT + (index as usize) * HASH, HASH);
}

/** Begins with a key's block, or with those of four keys `stride` bytes apart, each byte turned by `byte`. */
@inline
function beginKeyed<T>(key: usize, stride: usize, byte: u64): void {
  const keys: usize = isVector<T>() ? 4 : 1;
  for (let i: usize = 0; i < keys; i++) xorBlockAt(key + i * stride, byte);
  begin<T>(INITIAL);
  compress<T>(STATE, key, stride);
}

/** Lets a message of `length` bytes and its padding in, or four messages `stride` bytes apart. */
@inline
function enterMessage<T>(message: usize, length: usize, stride: usize): void {
  const rest = length & (BLOCK - 1);
  const whole = length - rest;
  const messages: usize = isVector<T>() ? 4 : 1;
  for (let i: usize = 0; i < messages; i++) {
    memory.copy(LAST + i * LAST_STRIDE, message + i * stride + whole, rest);
  }
  for (let at: usize = 0; at < whole; at += BLOCK) compress<T>(STATE, message + at, stride);
  for (let at: usize = 0; at < lastBytesOf(rest); at += BLOCK) compress<T>(STATE, LAST + at, LAST_STRIDE);
}

@inline
function begin<T>(keyed: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    store<T>(STATE + i * sizeof<T>(), splatWord<T>(load<u32>(keyed + 4 * i)));
  }
}

@inline
function end<T>(out: usize, stride: usize): void {
  for (let i: usize = 0; i < 8; i++) scatterWord<T>(out + 4 * i, stride, load<T>(STATE + i * sizeof<T>()));
}
