import type { Milligrams } from "../../../src/base/types/quantities.ts";
import type { BackedPositions, Strike } from "../../../src/format/batch/strikes.ts";
import { buildSumTree, leafNode, type MassRange } from "../../../src/format/batch/sumTree.ts";
import { checkSpans } from "../../../src/format/proofs/checkSpans.ts";
import { openSpans, type SpanProof } from "../../../src/format/proofs/openSpans.ts";
import { encodeProofFile, type ProofFile, type ProofPart } from "../../../src/format/proofs/proofFile.ts";
import { honestSpans, opened, type WholeBatch } from "./honestSpans.ts";
import { commitmentJson, proofJson } from "./inclusionCases.ts";
import { proofFiles } from "./proofFileVectors.ts";
import { sampleBatch } from "./sampleBatch.ts";
import { LEAF_RULE, seededLeafBytes } from "./seededLeaves.ts";

interface SpanCase {
  readonly name: string;
  readonly batch: WholeBatch;
  readonly positions: MassRange;
  readonly spans: readonly SpanProof[];
  readonly error?: string;
}

const LEAVES = seededLeafBytes("thousand", 1000);
const TREE = buildSumTree(LEAVES.map(leafNode));
const BEGINS = [0n];
for (const { size } of TREE.levels[0] ?? []) BEGINS.push((BEGINS.at(-1) as bigint) + size);
const at = (index: number) => BEGINS[index] as Milligrams;
const strikeOf = (index: number): Strike => ({ index, start: at(index), end: at(index + 1) });
const massOf = (strikes: readonly Strike[]) =>
  strikes.reduce((sum, { start, end }) => sum + end - start, 0n) as Milligrams;

/** A thousand leaves after strikes, covered or not. */
function after(strikes: readonly Strike[], covered: Milligrams = massOf(strikes)): WholeBatch {
  return { tree: TREE, leaves: LEAVES, strikes, covered };
}

const UNTOUCHED = after([]);
/** From within leaf 17 to within leaf 400. */
const RANGE: MassRange = { start: (at(17) + 1n) as Milligrams, end: (at(401) - 1n) as Milligrams };

function honestCases(): SpanCase[] {
  const struck = [strikeOf(20), strikeOf(999), strikeOf(21)];
  const cases: [name: string, batch: WholeBatch, positions: MassRange][] = [
    ["no strike", UNTOUCHED, RANGE],
    ["a single leaf", UNTOUCHED, { start: at(17), end: at(18) }],
    ["two neighbours", UNTOUCHED, { start: at(17), end: at(19) }],
    ["the whole batch", UNTOUCHED, { start: 0n as Milligrams, end: TREE.total }],
    ["struck within, made good by the tail", after(struck), RANGE],
    ["struck within, not made good", after(struck, 0n as Milligrams), RANGE],
    ["the first of three made good", after(struck, massOf(struck.slice(0, 1))), RANGE],
    ["nothing behind it", after([strikeOf(17)], 0n as Milligrams), { start: at(17), end: at(18) }],
  ];
  return cases.map(([name, batch, positions]) => ({
    name,
    batch,
    positions,
    spans: honestSpans(batch, positions),
  }));
}

function refusedCases(): SpanCase[] {
  const leaf = (index: number) => opened(UNTOUCHED, index);
  const [span] = honestSpans(UNTOUCHED, RANGE) as [SpanProof];
  const misplaced = { ...strikeOf(20), index: 401 };
  const bent = { ...leaf(17), steps: leaf(17).steps.slice(1) };
  const cases: [name: string, error: string, spans: SpanProof[], strikes?: Strike[]][] = [
    ["no span", "span.count", []],
    ["a span too many", "span.count", [span, { first: leaf(500) }]],
    [
      "a span in two",
      "span.count",
      [
        { first: leaf(17), last: leaf(200) },
        { first: leaf(201), last: leaf(400) },
      ],
    ],
    ["one of two spans, bridged over what is not struck", "span.count", [span], [strikeOf(17)]],
    ["begun a leaf early", "span.first", [{ first: leaf(16), last: leaf(400) }]],
    ["begun a leaf late", "span.first", [{ first: leaf(18), last: leaf(400) }]],
    ["ended a leaf early", "span.last", [{ first: leaf(17), last: leaf(399) }]],
    ["ended a leaf late", "span.last", [{ first: leaf(17), last: leaf(401) }]],
    ["ended where it begins", "span.order", [{ first: leaf(17), last: leaf(17) }]],
    ["turned around", "span.order", [{ first: leaf(400), last: leaf(17) }]],
    ["spans out of order", "span.order", [{ first: leaf(500) }, { first: leaf(17) }]],
    ["a struck leaf under another index", "span.places", [span], [misplaced]],
    ["a struck leaf at a place of its neighbour's", "span.places", [span], [{ ...strikeOf(18), index: 17 }]],
    ["another index", "proof.root", [{ first: { ...leaf(17), index: 18 }, last: leaf(400) }]],
    ["a step left out", "proof.truncated", [{ first: bent, last: leaf(400) }]],
  ];
  return cases.map(([name, error, spans, strikes = []]) => ({
    name,
    batch: after(strikes, massOf(strikes)),
    positions: RANGE,
    spans,
    error,
  }));
}

function spanJson({ name, batch, positions, spans, error }: SpanCase): Record<string, unknown> {
  const { tree, strikes, covered } = batch;
  const common = {
    name,
    ...commitmentJson(tree),
    strikes: strikes.map(({ index, ...range }) => ({ index, ...rangeJson(range) })),
    covered: covered.toString(),
    ...rangeJson(positions),
    spans: spans.map(({ first, last }) => ({
      first: proofJson(first),
      ...(last === undefined ? {} : { last: proofJson(last) }),
    })),
  };
  if (error !== undefined) return { ...common, error };
  const { pieces, leaves } = checkSpans(
    { total: tree.total, strikes, covered },
    positions,
    openSpans(tree, strikes, spans),
  );
  return { ...common, behind: pieces.map(pieceJson), leavesByTree: leaves };
}

const rangeJson = ({ start, end }: MassRange) => ({ start: start.toString(), end: end.toString() });

function pieceJson({ grams, ...positions }: BackedPositions) {
  return { ...rangeJson(positions), grams: grams === null ? null : rangeJson(grams) };
}

/** The retirement of `proof-files`, by spans; once as it is and once with nothing behind it. */
export async function spanFiles(): Promise<ProofFile[]> {
  const [, listed] = (await proofFiles()) as [ProofFile, ProofFile];
  const { tree, leaves } = await sampleBatch();
  const [{ ranges: _, ...part }] = listed.parts as [ProofPart];
  const [{ strikes }] = listed.parts as [ProofPart];
  const [line] = listed.retirement?.record.lines ?? [];
  const positions = { start: line?.start ?? (0n as Milligrams), end: line?.end ?? (0n as Milligrams) };
  const spans = honestSpans({ tree, leaves, strikes, covered: 0n as Milligrams }, positions);
  const format = "microtonne-proof/2";
  return [
    { ...listed, format, parts: [{ ...part, spans }] },
    { ...listed, format, parts: [{ ...part, spans: [] }] },
  ];
}

export async function spanVectors(): Promise<Record<string, unknown>> {
  return {
    about:
      "Proofs of what stands behind serial positions [start, end) by the ends of its spans, under strikes " +
      "of which `covered` milligrams are made good. `behind` must come out, and from end to end " +
      "`leavesByTree` leaves that are not struck. `refused`: for `error`. `files`: proof files of " +
      "microtonne-proof/2 as text; their bytes are its UTF-8. `listed`: the first of them with every leaf, " +
      "which is microtonne-proof/1.",
    rule: LEAF_RULE,
    honest: honestCases().map(spanJson),
    refused: refusedCases().map(spanJson),
    files: (await spanFiles()).map((file) => new TextDecoder().decode(encodeProofFile(file))),
    listed: new TextDecoder().decode(encodeProofFile((await proofFiles())[1] as ProofFile)),
  };
}
