import { createCipheriv, type KeyObject } from "node:crypto";
import { SEALING_NONCE_BYTES } from "./sealing.ts";

/**
 * Opens many secrets of 32 bytes that `seal` sealed (AES-256-GCM, nothing bound to them): node:crypto takes
 * some microseconds for each it is asked for, whatever its length, so here it enciphers the counters of all
 * of them in one call, and the tags are computed from tables. Which places of a table are read depends on the
 * sealed bytes alone, never on a secret.
 */
export class BulkUnseal {
  readonly #secret: KeyObject;
  /** Products of each byte at each place of a block with H^3, and with H^2; four words each. */
  readonly #first: Uint32Array;
  readonly #second: Uint32Array;
  /** The product of the block of lengths with H. */
  readonly #lengths: Uint32Array;

  /** @param secret 32 bytes */
  constructor(secret: KeyObject) {
    this.#secret = secret;
    const h = wordsOf(this.#encipher(new Uint8Array(BLOCK)), 0);
    const h2 = product(h, h);
    this.#second = tableOf(h2);
    this.#first = tableOf(product(h2, h));
    // No bytes are bound, 256 bits are sealed.
    this.#lengths = product(Uint32Array.of(0, 0, 0, 8 * PLAIN_BYTES), h);
  }

  /**
   * The secrets, one after the other; null where a sealed one is not what this secret sealed.
   */
  open(sealed: readonly Uint8Array[]): Uint8Array | null {
    const counters = new Uint8Array(COUNTER_BYTES * sealed.length);
    for (const [i, one] of sealed.entries()) {
      if (one.length !== SEALED_BYTES) return null;
      for (let block = 0; block < 3; block++) {
        const at = COUNTER_BYTES * i + BLOCK * block;
        counters.set(one.subarray(0, SEALING_NONCE_BYTES), at);
        counters[at + BLOCK - 1] = block + 1;
      }
    }
    const masks = this.#encipher(counters);
    const plain = new Uint8Array(PLAIN_BYTES * sealed.length);
    let wrong = 0;
    for (const [i, one] of sealed.entries()) {
      wrong |= this.#tagFault(one, masks, COUNTER_BYTES * i);
      for (let at = 0; at < PLAIN_BYTES; at++) {
        plain[PLAIN_BYTES * i + at] =
          (one[SEALING_NONCE_BYTES + at] as number) ^ (masks[COUNTER_BYTES * i + BLOCK + at] as number);
      }
    }
    masks.fill(0);
    if (wrong === 0) return plain;
    plain.fill(0);
    return null;
  }

  /** Zero where the tag is right. */
  #tagFault(sealed: Uint8Array, masks: Uint8Array, mask: number): number {
    let [a = 0, b = 0, c = 0, d = 0] = this.#lengths;
    for (let place = 0; place < BLOCK; place++) {
      const first = ENTRY * ((place << 8) | (sealed[SEALING_NONCE_BYTES + place] as number));
      const second = ENTRY * ((place << 8) | (sealed[SEALING_NONCE_BYTES + BLOCK + place] as number));
      a ^= (this.#first[first] as number) ^ (this.#second[second] as number);
      b ^= (this.#first[first + 1] as number) ^ (this.#second[second + 1] as number);
      c ^= (this.#first[first + 2] as number) ^ (this.#second[second + 2] as number);
      d ^= (this.#first[first + 3] as number) ^ (this.#second[second + 3] as number);
    }
    const tag = SEALED_BYTES - BLOCK;
    let wrong = 0;
    for (const [i, word] of [a, b, c, d].entries()) {
      wrong |= word ^ wordAt(masks, mask + 4 * i) ^ wordAt(sealed, tag + 4 * i);
    }
    return wrong;
  }

  #encipher(blocks: Uint8Array): Uint8Array {
    const cipher = createCipheriv("aes-256-ecb", this.#secret, null).setAutoPadding(false);
    const enciphered = cipher.update(blocks);
    cipher.final();
    return enciphered;
  }
}

const BLOCK = 16;
const PLAIN_BYTES = 32;
const SEALED_BYTES = SEALING_NONCE_BYTES + PLAIN_BYTES + BLOCK;
/** One block for the tag, two for what is sealed. */
const COUNTER_BYTES = 3 * BLOCK;
/** Words of a block. */
const ENTRY = 4;
/** x^128 in terms of lower powers; GCM writes the lowest power first. */
const REDUCTION = 0xe1000000;

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

function wordsOf(bytes: Uint8Array, at: number): Uint32Array {
  return Uint32Array.from({ length: ENTRY }, (_, i) => wordAt(bytes, at + 4 * i));
}

/** In GF(2^128) as GCM writes it (NIST SP 800-38D, 6.3). */
function product(x: Uint32Array, y: Uint32Array): Uint32Array {
  const sum = new Uint32Array(ENTRY);
  const power = y.slice();
  for (let bit = 0; bit < 128; bit++) {
    if (((x[bit >>> 5] as number) >>> (31 - (bit & 31))) & 1) xorInto(sum, power);
    timesX(power);
  }
  return sum;
}

/** Products of each byte at each place of a block with `y`. */
function tableOf(y: Uint32Array): Uint32Array {
  const table = new Uint32Array(BLOCK * 256 * ENTRY);
  const power = y.slice();
  for (let place = 0; place < BLOCK; place++) {
    for (let bit = 0x80; bit > 0; bit >>>= 1) {
      // Each byte with this as its lowest bit is one that is filled already, and this power.
      for (let byte = bit; byte < 256; byte += 2 * bit) {
        const without = ENTRY * ((place << 8) | (byte ^ bit));
        const at = ENTRY * ((place << 8) | byte);
        for (let i = 0; i < ENTRY; i++) table[at + i] = (table[without + i] as number) ^ (power[i] as number);
      }
      timesX(power);
    }
  }
  return table;
}

function timesX(power: Uint32Array): void {
  const carried = (power[3] as number) & 1;
  for (let i = ENTRY - 1; i > 0; i--)
    power[i] = ((power[i] as number) >>> 1) | ((power[i - 1] as number) << 31);
  power[0] = ((power[0] as number) >>> 1) ^ (carried === 1 ? REDUCTION : 0);
}

function xorInto(sum: Uint32Array, other: Uint32Array): void {
  for (let i = 0; i < ENTRY; i++) sum[i] = (sum[i] as number) ^ (other[i] as number);
}
