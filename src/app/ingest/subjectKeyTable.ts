import type { SubjectKey } from "../../base/types/ids.ts";

const SUBJECT_KEY_BYTES = 32;
const FIRST_KEYS = 1_024;
const MAX_KEYS = 65_536;
const ROOM_GROWTH = 4;
/** Room for the UTF-16 units of names, a key; longer ones take what shorter ones leave. */
const NAME_UNITS = 32;
/** Who chooses names that meet under one hash is found no slower for it, but asked for again. */
const MAX_CHAIN = 64;

/** People by number, from 1. */
interface People {
  readonly keys: Uint8Array;
  readonly names: Uint16Array;
  /** Where a name ends; the one before it ends where it begins. */
  readonly ends: Uint32Array;
  /** The one before in the chain of a slot; 0 ends it. */
  readonly before: Uint32Array;
  /** By slot the latest of a chain. */
  readonly heads: Uint32Array;
}

/**
 * Keys of up to 65,536 people by name, in flat memory, at most 7 MB: as objects they would take three times
 * as much, and each collection of garbage would go through them.
 */
export class SubjectKeyTable {
  #people = roomFor(FIRST_KEYS);
  #room = FIRST_KEYS;
  #count = 0;

  /** Null where it is not in here, or can't be found in time. */
  find(name: string): SubjectKey | null {
    const { keys, heads, before } = this.#people;
    let n = heads[hashOf(name) & (heads.length - 1)] as number;
    for (let steps = 0; n > 0 && steps < MAX_CHAIN; steps++) {
      if (this.#isNamed(n, name))
        return keys.subarray(SUBJECT_KEY_BYTES * n, SUBJECT_KEY_BYTES * (n + 1)) as SubjectKey;
      n = before[n] as number;
    }
    return null;
  }

  /** Returns false, and takes nothing, where there is no room left. */
  add(name: string, key: SubjectKey): boolean {
    while (!this.#fits(name)) {
      if (this.#room >= MAX_KEYS) return false;
      this.#grow();
    }
    const { keys, names, ends } = this.#people;
    const n = ++this.#count;
    keys.set(key, SUBJECT_KEY_BYTES * n);
    const start = ends[n - 1] as number;
    for (let i = 0; i < name.length; i++) names[start + i] = name.charCodeAt(i);
    ends[n] = start + name.length;
    this.#link(n, hashOf(name));
    return true;
  }

  #fits(name: string): boolean {
    const { names, ends } = this.#people;
    return this.#count < this.#room && (ends[this.#count] as number) + name.length <= names.length;
  }

  #isNamed(n: number, name: string): boolean {
    const { names, ends } = this.#people;
    const start = ends[n - 1] as number;
    if ((ends[n] as number) - start !== name.length) return false;
    for (let i = 0; i < name.length; i++) if (names[start + i] !== name.charCodeAt(i)) return false;
    return true;
  }

  #grow(): void {
    const old = this.#people;
    this.#room *= ROOM_GROWTH;
    this.#people = roomFor(this.#room);
    const { keys, names, ends } = this.#people;
    keys.set(old.keys);
    names.set(old.names);
    ends.set(old.ends);
    for (let n = 1; n <= this.#count; n++) {
      let hash = HASH_START;
      for (let at = ends[n - 1] as number; at < (ends[n] as number); at++)
        hash = hashed(hash, names[at] as number);
      this.#link(n, stirred(hash));
    }
  }

  #link(n: number, hash: number): void {
    const { heads, before } = this.#people;
    const slot = hash & (heads.length - 1);
    before[n] = heads[slot] as number;
    heads[slot] = n;
  }
}

function roomFor(count: number): People {
  return {
    keys: new Uint8Array(SUBJECT_KEY_BYTES * (count + 1)),
    names: new Uint16Array(NAME_UNITS * count),
    ends: new Uint32Array(count + 1),
    before: new Uint32Array(count + 1),
    heads: new Uint32Array(2 * count),
  };
}

/** FNV-1a, by unit instead of byte. */
const HASH_START = 0x811c9dc5;
const HASH_PRIME = 0x01000193;

function hashOf(name: string): number {
  let hash = HASH_START;
  for (let i = 0; i < name.length; i++) hash = hashed(hash, name.charCodeAt(i));
  return stirred(hash);
}

function hashed(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, HASH_PRIME);
}

/** So that the high bits count in the low ones too. */
function stirred(hash: number): number {
  return hash ^ (hash >>> 15);
}
