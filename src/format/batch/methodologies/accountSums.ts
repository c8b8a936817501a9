import type { SubjectKey } from "../../../base/types/ids.ts";

/** What everybody's accounts stand under. */
const EVERYBODY = 0;
/** Of each account: its period, its bound, and the next of the same subject (its place + 1, 0 for none). */
const WORDS = 3;
/** Of a shard of the subjects: a Map takes no more than 2 ** 24 of them. */
const SHARDS = 256;

/**
 * Sums by subject, period and bound. A subject costs a number, and each of its accounts five words in flat
 * arrays, so a million of subjects fits beside what else a verifier holds. A subject's accounts stand in one
 * chain: a batch has not many days, and nobody can make chains longer than that.
 */
export class AccountSums {
  readonly #subjects = Array.from({ length: SHARDS }, () => new Map<string, number>());
  #subjectCount = 1;
  /** By subject: the place of its last account + 1. */
  #heads = new Uint32Array(16);
  #words = new Uint32Array(16 * WORDS);
  #sums = new BigUint64Array(16);
  #count = 0;

  /** The place of an account; a new one holds 0. @param subjectKey null for everybody's */
  placeOf(subjectKey: SubjectKey | null, period: number, bound: number): number {
    const subject = subjectKey === null ? EVERYBODY : this.#numberOf(subjectKey);
    const head = this.#heads[subject] as number;
    for (let at = head; at !== 0; at = this.#words[(at - 1) * WORDS + 2] as number) {
      const word = (at - 1) * WORDS;
      if (this.#words[word] === period && this.#words[word + 1] === bound) return at - 1;
    }
    const place = this.#count++;
    this.#words = withRoom(this.#words, this.#count * WORDS);
    this.#words.set([period, bound, head], place * WORDS);
    this.#heads[subject] = place + 1;
    return place;
  }

  at(place: number): bigint {
    return this.#sums[place] ?? 0n;
  }

  /** @param sum below 2 ** 64 */
  set(place: number, sum: bigint): void {
    this.#sums = withRoom(this.#sums, place + 1);
    this.#sums[place] = sum;
  }

  #numberOf(key: SubjectKey): number {
    const shard = this.#subjects[key[0] as number] as Map<string, number>;
    // A character a byte, and one byte each in memory.
    const name = String.fromCharCode(...key);
    const known = shard.get(name);
    if (known !== undefined) return known;
    const number = this.#subjectCount++;
    shard.set(name, number);
    this.#heads = withRoom(this.#heads, this.#subjectCount);
    return number;
  }
}

/** The array, or a longer one that begins with it. */
function withRoom<T extends Uint32Array | BigUint64Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const room = Math.max(length, Math.ceil(array.length * 1.5));
  const longer = array instanceof Uint32Array ? new Uint32Array(room) : new BigUint64Array(room);
  (longer as Uint32Array).set(array as Uint32Array);
  return longer as T;
}
