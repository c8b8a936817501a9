import type { Kernel } from "../../src/kernel/kernel.ts";

const HASH_BYTES = 32;
/** Leaves of a subtree that is built inside the kernel's window. */
export const SUBTREE_LEAVES = 4096;

/**
 * The root over hashes of 32 bytes by keccak-256(left ‖ right), as the peers build it: an odd node moves up
 * unchanged, and with `sortPairs` the smaller one of two is left.
 */
export function pairsRoot(kernel: Kernel, leaves: Uint8Array, sortPairs: boolean): Uint8Array {
  const subtree = HASH_BYTES * SUBTREE_LEAVES;
  if (leaves.length <= subtree) return subtreeRoot(kernel, leaves, sortPairs);
  const roots = new Uint8Array(HASH_BYTES * Math.ceil(leaves.length / subtree));
  for (let at = 0, i = 0; at < leaves.length; at += subtree, i++)
    roots.set(subtreeRoot(kernel, leaves.subarray(at, at + subtree), sortPairs), HASH_BYTES * i);
  return pairsRoot(kernel, roots, sortPairs);
}

function subtreeRoot({ wasm, window }: Kernel, leaves: Uint8Array, sortPairs: boolean): Uint8Array {
  const { input, output } = window;
  input.set(leaves);
  for (let count = leaves.length / HASH_BYTES; count > 1; count = Math.ceil(count / 2)) {
    const pairs = Math.floor(count / 2);
    if (sortPairs) for (let i = 0; i < pairs; i++) sortPair(input, 2 * HASH_BYTES * i);
    wasm.keccakEach(2 * HASH_BYTES, pairs);
    if (count % 2 === 1) input.copyWithin(HASH_BYTES * pairs, HASH_BYTES * (count - 1), HASH_BYTES * count);
    input.set(output.subarray(0, HASH_BYTES * pairs));
  }
  return input.slice(0, HASH_BYTES);
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
