import { compareBytes, toHex, utf8 } from "../../../src/base/lib/bytes.ts";
import type { ActivityKey, MethodologyId } from "../../../src/base/types/ids.ts";
import type { Day, Milligrams } from "../../../src/base/types/quantities.ts";
import { keccak } from "../../../src/format/keccak.ts";
import { encodeLeaf, LAST_ACTIVITY_KEY, type Leaf } from "../../../src/format/batch/leaf.ts";

/**
 * How the leaves of the larger trees are made, so that files need not hold them; stands in the vectors
 * themselves.
 */
export const LEAF_RULE =
  "seed(field, i) = keccak256(ASCII 'microtonne-vectors/' + name + '/' + field + '/' + decimal i). " +
  "activityKeys: seed('key', i) for i = 0 to count - 1, sorted ascending as bytes. Leaf j of the " +
  "sorted list: nextActivityKey = key j + 1, or 32 bytes ff in the last; methodologyId = " +
  "seed('methodology', 0); holderCommitment = seed('holder', j); recordHash = seed('record', j); " +
  "milligrams = equalSize where the vector gives one, else 1 + (first 4 bytes of seed('size', j) as " +
  "uint32 mod 1000000); day = 20454 + j mod 365; scenarioClass = 1 + j mod 8; providerIndex = j mod 3.";

function seed(name: string, field: string, i: number): Uint8Array {
  return keccak(utf8(`microtonne-vectors/${name}/${field}/${String(i)}`));
}

/** Leaves by `LEAF_RULE`. */
export function seededLeaves(name: string, count: number, equalSize?: bigint): Leaf[] {
  const keys = Array.from({ length: count }, (_, i) => seed(name, "key", i)).toSorted(compareBytes);
  return keys.map((key, j) => ({
    activityKey: key as ActivityKey,
    nextActivityKey: keys[j + 1] ?? LAST_ACTIVITY_KEY,
    methodologyId: toHex(seed(name, "methodology", 0)) as MethodologyId,
    holderCommitment: seed(name, "holder", j),
    recordHash: seed(name, "record", j),
    milligrams: (equalSize ??
      1n + BigInt(new DataView(seed(name, "size", j).buffer).getUint32(0) % 1_000_000)) as Milligrams,
    day: (20_454 + (j % 365)) as Day,
    scenarioClass: 1 + (j % 8),
    providerIndex: j % 3,
  }));
}

/** Their bytes. */
export function seededLeafBytes(name: string, count: number, equalSize?: bigint): Uint8Array[] {
  return seededLeaves(name, count, equalSize).map(encodeLeaf);
}

/** A leaf with its size overwritten, however wrong: what an honest encoder refuses to write. */
export function withSize(leaf: Uint8Array, size: bigint): Uint8Array {
  const bytes = leaf.slice();
  new DataView(bytes.buffer).setBigUint64(161, BigInt.asUintN(64, size));
  return bytes;
}

/** Bytes with one bit changed. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice();
  changed[at] = (changed[at] as number) ^ 1;
  return changed;
}
