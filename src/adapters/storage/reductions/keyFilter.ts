/** Bits that a key sets, and room for each: of keys that were not added, about a hundredth gets a yes. */
const PROBES = 4;
const BITS_PER_KEY = 12;
const FIRST_BITS = 2 ** 16;
/** 8 MB; all layers together have 11 MB and take 7.4 million keys. */
const LAST_BITS = 2 ** 26;
const WIDENING = 4;

/**
 * A Bloom filter that grows: which keys were added. Never says no to one that was, and yes to few others. A
 * key is given as two words of 32 bits that are as good as random, such as bytes of a keyed hash.
 */
export class KeyFilter {
  /** Each larger than the one before; all but the last are full. */
  readonly #layers: Uint32Array[] = [];
  /** How many keys the last layer still takes. */
  #room = 0;

  /** Every key beyond makes it say yes to more that were not added. */
  get isFull(): boolean {
    return this.#room === 0 && (this.#layers.at(-1)?.length ?? 0) * 32 >= LAST_BITS;
  }

  /** Of memory. */
  get bytes(): number {
    return this.#layers.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  has(a: number, b: number): boolean {
    for (let layer = this.#layers.length - 1; layer >= 0; layer--)
      if (allSet(this.#layers[layer] as Uint32Array, a, b)) return true;
    return false;
  }

  add(a: number, b: number): void {
    if (this.#room === 0 && !this.isFull) {
      const bits = (this.#layers.at(-1)?.length ?? FIRST_BITS / 32 / WIDENING) * 32 * WIDENING;
      this.#layers.push(new Uint32Array(bits / 32));
      this.#room = Math.floor(bits / BITS_PER_KEY);
    }
    const words = this.#layers.at(-1) as Uint32Array;
    const mask = words.length * 32 - 1;
    for (let probe = 0, bit = a; probe < PROBES; probe++, bit = next(bit, b)) {
      const at = (bit & mask) >>> 5;
      words[at] = (words[at] as number) | (1 << (bit & 31));
    }
    if (this.#room > 0) this.#room--;
  }
}

function allSet(words: Uint32Array, a: number, b: number): boolean {
  const mask = words.length * 32 - 1;
  for (let probe = 0, bit = a; probe < PROBES; probe++, bit = next(bit, b))
    if (((words[(bit & mask) >>> 5] as number) & (1 << (bit & 31))) === 0) return false;
  return true;
}

/** Steps are odd, so that they reach every bit. */
function next(bit: number, b: number): number {
  return (bit + (b | 1)) | 0;
}
