import { keccak } from "../../../src/format/keccak.ts";
import type { SumNode } from "../../../src/format/batch/sumTree.ts";

/**
 * Trees as a hostile operator builds them: sizes of any kind, written modulo 2^64 as merkletreejs writes
 * them.
 */

/** A node without any check. */
function hostileParent(left: SumNode, right: SumNode): SumNode {
  const preimage = new Uint8Array(80);
  const view = new DataView(preimage.buffer);
  view.setBigUint64(0, BigInt.asUintN(64, left.size));
  preimage.set(left.hash, 8);
  view.setBigUint64(40, BigInt.asUintN(64, right.size));
  preimage.set(right.hash, 48);
  return { size: left.size + right.size, hash: keccak(preimage) };
}

/** The 80 bytes that a node is the hash of. */
export function parentPreimage(left: SumNode, right: SumNode): Uint8Array {
  const preimage = new Uint8Array(80);
  const view = new DataView(preimage.buffer);
  view.setBigUint64(0, left.size);
  preimage.set(left.hash, 8);
  view.setBigUint64(40, right.size);
  preimage.set(right.hash, 48);
  return preimage;
}

/** Root of a hostile tree and the steps of one leaf, with their sides. */
export function hostileProof(
  nodes: readonly SumNode[],
  index: number,
): { root: SumNode; steps: (SumNode & { right: boolean })[] } {
  const steps: (SumNode & { right: boolean })[] = [];
  let level: readonly SumNode[] = nodes;
  let position = index;
  while (level.length > 1) {
    const right = position % 2 === 0;
    const sibling = level[right ? position + 1 : position - 1];
    if (sibling) steps.push({ ...sibling, right });
    const next: SumNode[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [a, b] = [level[i] as SumNode, level[i + 1]];
      next.push(b === undefined ? a : hostileParent(a, b));
    }
    level = next;
    position = Math.floor(position / 2);
  }
  return { root: level[0] as SumNode, steps };
}
