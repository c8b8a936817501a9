import { toHex } from "../../../src/base/lib/bytes.ts";
import type { BatchId, MethodologyId } from "../../../src/base/types/ids.ts";
import type { Day } from "../../../src/base/types/quantities.ts";
import { proveInclusion, verifyInclusion } from "../../../src/format/proofs/inclusionProof.ts";
import { decodeLeaf, LAST_ACTIVITY_KEY } from "../../../src/format/batch/leaf.ts";
import { buildSumTree, leafNode } from "../../../src/format/batch/sumTree.ts";
import { commitmentJson, proofJson } from "./inclusionCases.ts";
import { brokenChain } from "./proofVectors.ts";
import { flipped, LEAF_RULE, seededLeafBytes } from "./seededLeaves.ts";

const id = (digit: string) => `0x${digit.repeat(64)}` as BatchId;

/** One dispute of each kind, with the evidence that opens it, and evidence that shows nothing. */
export function disputeVectors(): Record<string, unknown> {
  const leaves = seededLeafBytes("tampered", 7);
  const whole = treeOf(leaves);
  // Another batch that copied leaf 3; its neighbours are other acts.
  const copy = treeOf([leaves[1] as Uint8Array, leaves[3] as Uint8Array, leaves[6] as Uint8Array]);
  // One batch with the same act twice.
  const twice = treeOf([...leaves.slice(0, 4), leaves[3] as Uint8Array, ...leaves.slice(4)]);
  const backwards = chainVector(leaves, 2, (leaves[1] as Uint8Array).slice(1, 33));
  const elsewhere = chainVector(leaves, 2, (leaves[5] as Uint8Array).slice(1, 33));
  const endless = chainVector(leaves, 6, flipped(LAST_ACTIVITY_KEY, 31));
  const { day, methodologyId } = decodeLeaf(leaves[3] as Uint8Array);
  const range = verifyInclusion(whole.tree, whole.at(3).raw);
  const terms = (startDay: Day, first: Day, methodology: MethodologyId = methodologyId) => ({
    vintage: { startDay, endDay: 30_000 },
    validity: [{ methodologyId: methodology, first, last: 30_000 }],
  });
  const later = (day + 1) as Day;
  return {
    about:
      "Evidence that opens a dispute, and evidence that shows nothing (`error`). Days inclusive. A " +
      "broken link needs the next leaf only where the leaf itself is not fault enough.",
    rule: LEAF_RULE,
    doubleClaim: [
      {
        name: "in two batches",
        one: { batchId: id("a"), ...whole.at(3).json },
        other: { batchId: id("b"), ...copy.at(1).json },
      },
      {
        name: "at two places of one batch",
        one: { batchId: id("c"), ...twice.at(3).json },
        other: { batchId: id("c"), ...twice.at(4).json },
      },
      {
        name: "one leaf shown twice",
        one: { batchId: id("a"), ...whole.at(3).json },
        other: { batchId: id("a"), ...whole.at(3).json },
        error: "dispute.same-leaf",
      },
      {
        name: "two keys",
        one: { batchId: id("a"), ...whole.at(3).json },
        other: { batchId: id("b"), ...copy.at(0).json },
        error: "dispute.other-key",
      },
    ],
    brokenLink: [
      { name: "key not below the next", leaf: backwards(2), next: null, fault: "key-not-below-next" },
      {
        name: "next key is not the next leaf's",
        leaf: elsewhere(2),
        next: elsewhere(3),
        fault: "next-is-not-the-next-leaf",
      },
      { name: "last leaf does not end the chain", leaf: endless(6), next: null, fault: "last-does-not-end" },
      { name: "whole link", leaf: whole.at(2).json, next: whole.at(3).json, error: "dispute.link-whole" },
      { name: "whole end", leaf: whole.at(6).json, next: null, error: "dispute.link-whole" },
      { name: "neighbour not shown", leaf: elsewhere(2), next: null, error: "dispute.link-whole" },
      {
        name: "not the neighbour",
        leaf: whole.at(2).json,
        next: whole.at(4).json,
        error: "dispute.not-adjacent",
      },
    ],
    outsideMethodology: [
      { name: "before the vintage", leaf: whole.at(3).json, terms: terms(later, day), fault: "vintage" },
      {
        name: "before the methodology's validity",
        leaf: whole.at(3).json,
        terms: terms(day, later),
        fault: "validity",
      },
      {
        name: "methodology of another batch",
        leaf: whole.at(3).json,
        terms: terms(day, day, id("d") as string as MethodologyId),
        fault: "methodology",
      },
      { name: "inside", leaf: whole.at(3).json, terms: terms(day, day), error: "dispute.inside" },
    ],
    openGram: [
      { name: "first gram of the leaf", leaf: whole.at(3).json, position: range.start.toString() },
      { name: "last gram of the leaf", leaf: whole.at(3).json, position: (range.end - 1n).toString() },
      {
        name: "gram before the leaf",
        leaf: whole.at(3).json,
        position: (range.start - 1n).toString(),
        error: "dispute.other-gram",
      },
      {
        name: "gram after the leaf",
        leaf: whole.at(3).json,
        position: range.end.toString(),
        error: "dispute.other-gram",
      },
    ],
    key: toHex((leaves[3] as Uint8Array).slice(1, 33)),
  };
}

function treeOf(leaves: readonly Uint8Array[]) {
  const tree = buildSumTree(leaves.map(leafNode));
  const at = (index: number) => {
    const raw = { index, leaf: leaves[index] as Uint8Array, steps: proveInclusion(tree, index) };
    return { raw, json: { ...commitmentJson(tree), ...proofJson(raw) } };
  };
  return { tree, at };
}

function chainVector(leaves: readonly Uint8Array[], index: number, next: Uint8Array) {
  const broken = treeOf(brokenChain(leaves, index, next).leaves);
  return (at: number) => broken.at(at).json;
}
