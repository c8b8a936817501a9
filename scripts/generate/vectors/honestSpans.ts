import type { Milligrams } from "../../../src/base/types/quantities.ts";
import { gramsBehind, type Strike } from "../../../src/format/batch/strikes.ts";
import { stretchesOf } from "../../../src/format/batch/stretchesOf.ts";
import type { MassRange, SumTree } from "../../../src/format/batch/sumTree.ts";
import { proveInclusion, type InclusionProof } from "../../../src/format/proofs/inclusionProof.ts";
import type { SpanProof } from "../../../src/format/proofs/openSpans.ts";

/** A batch with its whole tree at hand, and what became of it. */
export interface WholeBatch {
  readonly tree: SumTree;
  readonly leaves: readonly Uint8Array[];
  readonly strikes: readonly Strike[];
  readonly covered: Milligrams;
}

/** A leaf with its way to the root. */
export function opened({ tree, leaves }: Pick<WholeBatch, "tree" | "leaves">, index: number): InclusionProof {
  return { index, leaf: leaves[index] as Uint8Array, steps: proveInclusion(tree, index) };
}

/** What an honest prover shows of serial positions, from the whole tree instead of an archive. */
export function honestSpans(batch: WholeBatch, positions: MassRange): SpanProof[] {
  const { tree, strikes, covered } = batch;
  const ends: bigint[] = [];
  for (const { size } of tree.levels[0] ?? []) ends.push((ends.at(-1) ?? 0n) + size);
  const indexOf = (gram: bigint) => ends.findIndex((end) => gram < end);
  return stretchesOf(gramsBehind(tree.total, strikes, covered, positions), strikes).map(({ start, end }) => {
    const [first, last] = [indexOf(start), indexOf(end - 1n)];
    return first === last
      ? { first: opened(batch, first) }
      : { first: opened(batch, first), last: opened(batch, last) };
  });
}
