import { toHex } from "../../../src/base/lib/bytes.ts";
import { MAX_MILLIGRAMS } from "../../../src/base/lib/mass.ts";
import { leafHash } from "../../../src/format/batch/leaf.ts";
import { buildSumTree, leafNode, nodeBytes } from "../../../src/format/batch/sumTree.ts";
import { ArchiveStream } from "../../../src/format/archive/archiveStream.ts";
import { keccak } from "../../../src/format/keccak.ts";
import { LEAF_RULE, seededLeafBytes, seededLeaves, withSize } from "./seededLeaves.ts";

interface TreeCase {
  readonly name: string;
  readonly count: number;
  readonly equalSize?: bigint;
  /** Leaves stand in the file in full. */
  readonly inFull: boolean;
}

const TREES: readonly TreeCase[] = [
  { name: "one", count: 1, inFull: true },
  { name: "two", count: 2, inFull: true },
  { name: "three", count: 3, inFull: true },
  { name: "equal", count: 5, equalSize: 250n, inFull: true },
  { name: "tampered", count: 7, inFull: true },
  { name: "bundle", count: 256, inFull: false },
  { name: "bundle-and-one", count: 257, inFull: false },
  { name: "thousand", count: 1000, inFull: false },
];

/** Leaves field by field, and the bytes that must be refused. */
export function leafVectors(): Record<string, unknown> {
  const leaves = seededLeaves("three", 3);
  const bytes = seededLeafBytes("three", 3);
  const [base] = bytes as [Uint8Array];
  const otherVersion = base.slice();
  otherVersion[0] = 2;
  return {
    about: "The 179-byte leaf. `refused` are bytes that no reader may take for a leaf.",
    leaves: leaves.map((leaf, i) => ({
      activityKey: toHex(leaf.activityKey),
      nextActivityKey: toHex(leaf.nextActivityKey),
      methodologyId: leaf.methodologyId,
      holderCommitment: toHex(leaf.holderCommitment),
      recordHash: toHex(leaf.recordHash),
      milligrams: leaf.milligrams.toString(),
      day: leaf.day,
      scenarioClass: leaf.scenarioClass,
      providerIndex: leaf.providerIndex,
      bytes: toHex(bytes[i] as Uint8Array),
      hash: toHex(leafHash(bytes[i] as Uint8Array)),
    })),
    refused: [
      { name: "one byte short", bytes: toHex(base.slice(0, 178)), error: "leaf.length" },
      { name: "one byte long", bytes: toHex(new Uint8Array([...base, 0])), error: "leaf.length" },
      { name: "other version", bytes: toHex(otherVersion), error: "leaf.version" },
      { name: "no milligrams", bytes: toHex(withSize(base, 0n)), error: "leaf.zero-size" },
      { name: "2^63 milligrams", bytes: toHex(withSize(base, MAX_MILLIGRAMS + 1n)), error: "leaf.too-large" },
      { name: "2^64 - 1 milligrams", bytes: toHex(withSize(base, 2n ** 64n - 1n)), error: "leaf.too-large" },
    ],
  };
}

/** Roots, totals and archives of trees of every shape; leaves in full or by the rule. */
export async function treeVectors(): Promise<Record<string, unknown>> {
  const trees: Record<string, unknown>[] = [];
  for (const { name, count, equalSize, inFull } of TREES) {
    const leaves = seededLeafBytes(name, count, equalSize);
    trees.push({
      name,
      count,
      ...(equalSize === undefined ? {} : { equalSize: equalSize.toString() }),
      ...(await archiveOf(leaves)),
      ...(inFull ? { leaves: leaves.map(toHex) } : {}),
    });
  }
  const two = seededLeafBytes("largest", 2);
  const largest = [withSize(two[0] as Uint8Array, 2n ** 62n), withSize(two[1] as Uint8Array, 2n ** 62n - 1n)];
  trees.push({ name: "largest", count: 2, ...(await archiveOf(largest)), leaves: largest.map(toHex) });
  return {
    about:
      "Sum trees and the archive files over them. Leaves are in full, or made by `rule` with the " +
      "tree's name. `files` gives length and keccak-256 of every file of the archive but the manifest. " +
      "`refused`: leaf lists that no batch may have.",
    rule: LEAF_RULE,
    trees,
    oddNodeMovesUp: oddNode(),
    refused: refusedLists(),
  };
}

async function archiveOf(leaves: readonly Uint8Array[]) {
  const files: { path: string; length: number; keccak256: string }[] = [];
  const stream = new ArchiveStream({
    write: (path, bytes) => {
      files.push({ path, length: bytes.length, keccak256: toHex(keccak(bytes)) });
      return Promise.resolve();
    },
  });
  for (const leaf of leaves) await stream.push(leaf);
  const { root, total, leavesHash } = await stream.finish();
  return { root: toHex(root), total: total.toString(), leavesHash: toHex(leavesHash), files };
}

/** [a, b, c] must not have the root of [a, b, c, c] (CVE-2012-2459). */
function oddNode() {
  const nodes = seededLeafBytes("three", 3).map(leafNode);
  const tree = buildSumTree(nodes);
  const repeated = buildSumTree([...nodes, nodes[2] as (typeof nodes)[number]]);
  return {
    levels: tree.levels.map((level) => level.map((node) => toHex(nodeBytes(node)))),
    root: toHex(tree.root),
    rootWithTheLastLeafTwice: toHex(repeated.root),
  };
}

function refusedLists() {
  const [a, b, c] = seededLeafBytes("three", 3) as [Uint8Array, Uint8Array, Uint8Array];
  const limit = MAX_MILLIGRAMS + 1n;
  const list = (name: string, error: string, leaves: readonly Uint8Array[]) => ({
    name,
    error,
    leaves: leaves.map(toHex),
  });
  return [
    list("empty", "tree.empty", []),
    list("unsorted", "archive.link", [b, a, c]),
    list("the same leaf twice", "archive.link", [a, b, b, c]),
    list("a leaf left out", "archive.link", [a, c]),
    list("the last leaf left out", "archive.link", [a, b]),
    list("a leaf without milligrams", "leaf.zero-size", [a, withSize(b, 0n), c]),
    list("a leaf of 2^63 milligrams", "leaf.too-large", [a, withSize(b, limit), c]),
    list("sizes that add up to 2^63", "tree.overflow", [
      withSize(a, limit / 2n),
      withSize(b, limit / 2n - 1n),
      withSize(c, 1n),
    ]),
  ];
}
