import { createHash } from "node:crypto";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { ActivityKey, MethodologyId } from "../../../src/base/types/ids.ts";
import type { Day, Milligrams } from "../../../src/base/types/quantities.ts";
import { encodeLeaf } from "../../../src/format/batch/leaf.ts";
import { leafNode, parentNode } from "../../../src/format/batch/sumTree.ts";

const filler = (text: string): Uint8Array => createHash("sha256").update(text).digest();

const TEMPLATE = encodeLeaf({
  activityKey: filler("key") as ActivityKey,
  nextActivityKey: filler("key"),
  methodologyId: toHex(filler("methodology")) as MethodologyId,
  holderCommitment: filler("holder"),
  recordHash: filler("record"),
  milligrams: 1n as Milligrams,
  day: 20_000 as Day,
  scenarioClass: 1,
  providerIndex: 0,
});

/**
 * A leaf of `size` milligrams. Keys ascend with the index and link to the next one, as if the batch never
 * ended.
 */
export function madeUpLeaf(index: number, size: bigint): Uint8Array {
  const leaf = TEMPLATE.slice();
  const view = new DataView(leaf.buffer);
  view.setBigUint64(1, BigInt(index));
  view.setBigUint64(33, BigInt(index + 1));
  view.setBigUint64(161, size);
  return leaf;
}

/**
 * A leaf in a full tree of 2^levels leaves of which only its path exists: siblings are made up, the root is
 * computed.
 */
export function madeUpProof(levels: number) {
  const index = 0b1010_0110_0101_1010_0110 % 2 ** levels;
  const leaf = madeUpLeaf(index, 2_620n);
  let node = leafNode(leaf);
  const siblings: { size: bigint; hash: string }[] = [];
  for (let level = 0; level < levels; level += 1) {
    const sibling = { size: 2_000n * 2n ** BigInt(level) + 17n, hash: filler(`sibling ${String(level)}`) };
    siblings.push({ size: sibling.size, hash: toHex(sibling.hash) });
    node = Math.floor(index / 2 ** level) % 2 === 1 ? parentNode(sibling, node) : parentNode(node, sibling);
  }
  return { root: toHex(node.hash), total: node.size, leafCount: 2 ** levels, leaf, index, siblings };
}
