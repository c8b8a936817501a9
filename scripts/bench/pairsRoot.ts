import { keccakEach } from "../../src/kernel/keccakEach.ts";
import type { Kernel } from "../../src/kernel/kernel.ts";

/**
 * The root over hashes of 32 bytes by keccak-256(left ‖ right), as the peers build it: an odd node moves up
 * unchanged, and with `sortPairs` the smaller one of two is left.
 */
export function pairsRoot(kernel: Kernel, leaves: Uint8Array, sortPairs: boolean): Uint8Array {
  let below = sortPairs ? leaves.slice() : leaves;
  const nodes = new Uint8Array(Math.max(32, 32 * Math.ceil(leaves.length / 64)));
  nodes.set(leaves.subarray(0, 32));
  for (let count = leaves.length / 32; count > 1; count = Math.ceil(count / 2)) {
    const pairs = Math.floor(count / 2);
    if (sortPairs) for (let i = 0; i < pairs; i++) sortPair(below, 64 * i);
    keccakEach(kernel, below.subarray(0, 64 * pairs), 64, nodes);
    if (count % 2 === 1) nodes.set(below.subarray(32 * (count - 1), 32 * count), 32 * pairs);
    below = nodes;
  }
  return nodes.slice(0, 32);
}

function sortPair(nodes: Uint8Array, at: number): void {
  let i = at;
  while (i < at + 31 && nodes[i] === nodes[i + 32]) i += 1;
  if ((nodes[i] as number) <= (nodes[i + 32] as number)) return;
  for (let j = at; j < at + 32; j++) {
    const byte = nodes[j] as number;
    nodes[j] = nodes[j + 32] as number;
    nodes[j + 32] = byte;
  }
}
