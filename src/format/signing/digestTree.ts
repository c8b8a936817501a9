import { concatBytes } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import { WORD_BYTES } from "../../base/lib/sizes.ts";
import { keccak } from "../keccak.ts";

/**
 * The tree over the records of a signed file: the shape of RFC 6962 (an odd node moves up unchanged) and its
 * domain separation, with keccak-256. Leaf node = keccak-256(0x00, record digest), inner node =
 * keccak-256(0x01, left, right). No sizes: what a record weighs is not the provider's to say.
 */

const LEAF = Uint8Array.of(0x00);
const INNER = Uint8Array.of(0x01);
/** Leaves of a bundle: a whole subtree, so that one path needs one bundle and the roots of the others. */
export const DIGESTS_PER_BUNDLE = 256;
/** uint32. */
const MAX_DIGESTS = 2 ** 32 - 1;

/** The leaf node over a record's 32-byte digest. */
export function digestLeaf(digest: Uint8Array): Uint8Array {
  return keccak(concatBytes(LEAF, digest));
}

/**
 * All levels from these nodes up to the root, which is alone in the last one; each level is its nodes one
 * after another. At least one node.
 */
export function nodeLevels(nodes: readonly Uint8Array[]): Uint8Array[] {
  const levels: Uint8Array[] = [concatBytes(...nodes)];
  for (let level = levels[0] as Uint8Array; level.length > WORD_BYTES; levels.push(level)) {
    const below = level;
    level = new Uint8Array(WORD_BYTES * Math.ceil(below.length / WORD_BYTES / 2));
    for (let at = 0; at < level.length; at += WORD_BYTES) {
      const pair = below.subarray(2 * at, 2 * at + 2 * WORD_BYTES);
      level.set(pair.length === WORD_BYTES ? pair : keccak(concatBytes(INNER, pair)), at);
    }
  }
  return levels;
}

/**
 * The siblings of node `index` from the lowest of these levels up; none on a level that it moves up from
 * unchanged.
 */
export function siblingsOf(levels: readonly Uint8Array[], index: number): Uint8Array[] {
  const siblings: Uint8Array[] = [];
  let at = index;
  for (const level of levels) {
    const sibling = WORD_BYTES * (at % 2 === 0 ? at + 1 : at - 1);
    if (sibling < level.length) siblings.push(level.slice(sibling, sibling + WORD_BYTES));
    at = Math.floor(at / 2);
  }
  return siblings;
}

/**
 * The root that a digest at `index` of `count` and its path lead to; null where the path has not exactly the
 * steps that index and count ask for.
 */
export function rootOfPath(
  digest: Uint8Array,
  index: number,
  count: number,
  path: readonly Uint8Array[],
): Uint8Array | null {
  if (!Number.isInteger(index) || index < 0 || index >= count || count > MAX_DIGESTS) return null;
  let node = digestLeaf(digest);
  let step = 0;
  for (let at = index, nodes = count; nodes > 1; at = Math.floor(at / 2), nodes = Math.ceil(nodes / 2)) {
    if (at % 2 === 0 && at + 1 === nodes) continue;
    const sibling = path[step++];
    if (sibling?.length !== WORD_BYTES) return null;
    node = keccak(at % 2 === 0 ? concatBytes(INNER, node, sibling) : concatBytes(INNER, sibling, node));
  }
  return step === path.length ? node : null;
}

/** Steps that the path of `index` in a tree of `count` has. */
export function pathLength(index: number, count: number): number {
  let steps = 0;
  for (let at = index, nodes = count; nodes > 1; at = Math.floor(at / 2), nodes = Math.ceil(nodes / 2)) {
    if (at % 2 !== 0 || at + 1 !== nodes) steps++;
  }
  return steps;
}

/** Builds the root over digests as they come; of what went by, only the roots of bundles are kept. */
export class DigestTreeStream {
  readonly #bundleRoots: Uint8Array[] = [];
  #bundle: Uint8Array[] = [];
  #count = 0;

  push(digest: Uint8Array): void {
    this.#bundle.push(digestLeaf(digest));
    this.#count++;
    if (this.#bundle.length === DIGESTS_PER_BUNDLE) this.#close();
  }

  /** @throws InputError `signed-file.empty`, `signed-file.too-large` */
  finish(): { root: Uint8Array; count: number; bundleRoots: readonly Uint8Array[] } {
    if (this.#bundle.length > 0) this.#close();
    if (this.#count === 0) throw new InputError("signed-file.empty", "There is no record to sign.");
    if (this.#count > MAX_DIGESTS)
      throw new InputError("signed-file.too-large", "A signed file has at most 2^32 - 1 records.");
    return { root: rootOf(this.#bundleRoots), count: this.#count, bundleRoots: this.#bundleRoots };
  }

  #close(): void {
    this.#bundleRoots.push(rootOf(this.#bundle));
    this.#bundle = [];
  }
}

/** The root over leaf digests that are all in memory. */
export function digestRoot(digests: readonly Uint8Array[]): Uint8Array {
  return rootOf(digests.map(digestLeaf));
}

function rootOf(nodes: readonly Uint8Array[]): Uint8Array {
  return nodeLevels(nodes).at(-1) as Uint8Array;
}
