import { createHmac, createSecretKey } from "node:crypto";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { MerkleTree } from "merkletreejs";
import { toHex } from "../../src/base/lib/bytes.ts";
import { HmacSha256 } from "../../src/kernel/hmacSha256.ts";
import { keccakEach } from "../../src/kernel/keccakEach.ts";
import { KeccakStream } from "../../src/kernel/keccakStream.ts";
import { Kernel } from "../../src/kernel/kernel.ts";
import { leafNodes } from "../../src/kernel/leafNodes.ts";
import { parentNodes } from "../../src/kernel/parentNodes.ts";
import { rootNode } from "../../src/kernel/rootNode.ts";
import type { HashWorkers } from "../../src/kernel/workers/hashWorkers.ts";
import { barePermutations } from "./barePermutations.ts";
import type { Contender } from "./measure.ts";
import { pairsRoot } from "./pairsRoot.ts";
import type { PairsWorkers } from "./pairsWorkers.ts";

/** Items of an array that is hashed, and of one that noble hashes. */
const [MANY, FEW] = [81_920, 4096];

/** Permutations of keccak a second, in bare loops and in everything that hashes. */
export function permutations(kernel: Kernel): Contender[] {
  const scalar = new Kernel({ simd: false });
  const [leaves, messages] = [leavesOf(MANY), bytes(80 * MANY)];
  const [out, above] = [new Uint8Array(40 * MANY), new Uint8Array(20 * MANY)];
  leafNodes(kernel, leaves, out);
  const nodes = out.slice();
  const noble = (length: number) => () => {
    for (let i = 0; i < FEW; i++) keccak_256(messages.subarray(0, length));
  };
  const each = (length: number) => () => {
    keccakEach(kernel, messages.subarray(0, length * MANY), length, out);
  };
  const stream = (): unknown => new KeccakStream(kernel).update(leaves).digest();
  return [
    ...barePermutations(),
    { name: "leaves, 179 bytes", count: 2 * MANY, run: () => leafNodes(kernel, leaves, out) },
    { name: "leaves, without vectors", count: 2 * MANY, run: () => leafNodes(scalar, leaves, out) },
    { name: "parents, 80 bytes", count: MANY / 2, run: () => parentNodes(kernel, nodes, above) },
    { name: "arrays of 80 bytes", count: MANY, run: each(80) },
    { name: "arrays of 64 bytes", count: MANY, run: each(64) },
    { name: "a stream", count: leaves.length / 136, run: stream },
    { name: "noble, 179 bytes", count: 2 * FEW, run: noble(179) },
    { name: "noble, 64 bytes", count: FEW, run: noble(64) },
  ];
}

/** HMAC-SHA-256 of messages of 43 bytes under one key. */
export function hmacs(kernel: Kernel): Contender[] {
  const [key, messages, out] = [bytes(32), bytes(43 * MANY), new Uint8Array(32 * MANY)];
  const ours = new HmacSha256(kernel, key);
  const scalar = new HmacSha256(new Kernel({ simd: false }), key);
  const [keyed, secret] = [hmac.create(sha256, key), createSecretKey(key)];
  const alone = (digest: (message: Uint8Array) => unknown) => () => {
    for (let i = 0; i < FEW; i++) digest(messages.subarray(43 * i, 43 * i + 43));
  };
  const platform = alone((message) => createHmac("sha256", secret).update(message).digest());
  const noble = alone((message) => keyed.clone().update(message).digest());
  return [
    { name: "node:crypto createHmac", count: FEW, run: platform },
    { name: "noble, keyed and cloned", count: FEW, run: noble },
    {
      name: "kernel",
      count: MANY,
      run: () => {
        ours.each(messages, 43, out);
      },
    },
    {
      name: "kernel, without vectors",
      count: MANY,
      run: () => {
        scalar.each(messages, 43, out);
      },
    },
  ];
}

/** Leaves to the root of their sum tree. */
export function sumRoots(kernel: Kernel, workers: HashWorkers, count: number): Contender[] {
  const leaves = leavesOf(count);
  const nodes = new Uint8Array(40 * Math.ceil(count / 4096));
  const root = new Uint8Array(40);
  const alone = (): void => {
    agreed(leafNodes(kernel, leaves, nodes, 12) ?? rootNode(kernel, nodes, root));
  };
  const together = async (): Promise<void> => {
    agreed((await workers.leafNodes(leaves, nodes, 12)) ?? rootNode(kernel, nodes, root));
  };
  return [
    { name: "one thread", count, run: alone },
    { name: "two workers", count, run: together },
  ];
}

type Peer = "merkletreejs" | "OpenZeppelin";

/** Hashes of 32 bytes to the root of a plain tree: a peer's, and ours. @throws Error where roots differ */
export function pairTrees(kernel: Kernel, workers: PairsWorkers, peer: Peer, count: number): Contender[] {
  const leaves = hashesOf(count);
  const sortPairs = peer === "OpenZeppelin";
  const list = Array.from({ length: count }, (_, i) => Buffer.from(leaves.slice(32 * i, 32 * i + 32)));
  const hash = (data: Uint8Array): Buffer => Buffer.from(keccak_256(data));
  const expected = toHex(pairsRoot(kernel, leaves, sortPairs));
  const theirs = (): void => {
    const root = sortPairs
      ? SimpleMerkleTree.of(list, { sortLeaves: false }).root
      : new MerkleTree(list, hash, { hashLeaves: false }).getHexRoot();
    if (root !== expected) throw new Error(`The roots beside ${peer} differ.`);
  };
  return [{ name: peer, count, run: theirs }, ...ourPairTrees(kernel, workers, count, sortPairs)];
}

/** Ours alone. @throws Error where roots differ */
export function ourPairTrees(
  kernel: Kernel,
  workers: PairsWorkers,
  count: number,
  sortPairs: boolean,
): Contender[] {
  const leaves = hashesOf(count);
  const expected = toHex(pairsRoot(kernel, leaves, sortPairs));
  const checked = (root: () => Uint8Array | Promise<Uint8Array>) => async (): Promise<void> => {
    if (toHex(await root()) !== expected) throw new Error("The roots of one thread and of two differ.");
  };
  return [
    { name: "kernel, one thread", count, run: checked(() => pairsRoot(kernel, leaves, sortPairs)) },
    { name: "kernel, two workers", count, run: checked(() => workers.root(kernel, leaves, sortPairs)) },
  ];
}

/** In memory that threads share. */
function hashesOf(count: number): Uint8Array {
  const hashes = new Uint8Array(new SharedArrayBuffer(32 * count));
  hashes.set(bytes(32 * count));
  return hashes;
}

function leavesOf(count: number): Uint8Array {
  const leaves = bytes(179 * count);
  const view = new DataView(leaves.buffer);
  for (let i = 0; i < count; i++) view.setBigUint64(179 * i + 161, 1n);
  return leaves;
}

/** Bytes that repeat only after a long while. */
function bytes(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24);
}

function agreed(fault: unknown): void {
  if (fault !== null) throw new Error(`The kernel found a fault: ${JSON.stringify(fault)}`);
}
