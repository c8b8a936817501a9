import type { Milligrams } from "../../base/types/quantities.ts";
import type { Retirement, RetirementLine } from "../../base/types/retirement.ts";
import type { MassRange } from "../../format/batch/sumTree.ts";
import { gramsBehind, type BackedPositions } from "../../format/batch/strikes.ts";
import { checkSpans } from "../../format/proofs/checkSpans.ts";
import type { CheckedLeaf, CheckedPart } from "./checkPart.ts";
import { refuse } from "../refuse.ts";

/** A retired serial range. */
export interface RetiredLine extends RetirementLine {
  /**
   * Null where leaves are struck and no chain was looked at: which grams stand behind the range is then not
   * known.
   */
  readonly backing: Backing | null;
}

/** The leaves under a retired range. */
export interface Backing {
  /**
   * Where the file shows spans: how many leaves the tree has from end to end that are not struck. Null where
   * all leaves are shown.
   */
  readonly leavesByTree: number | null;
  /** Milligrams of the leaves that the range uses, where it uses less than all of a leaf. */
  readonly partial: readonly { readonly index: number; readonly used: Milligrams; readonly of: Milligrams }[];
  /** Positions that other grams of the batch stand behind, after strikes. */
  readonly substituted: Milligrams;
  /** Positions that nothing stands behind. */
  readonly unbacked: Milligrams;
}

/**
 * Pairs each line of a retirement with the part about its batch; both sides must be complete.
 * @throws CheckFailedError `verify.lines`
 */
export function pairLines(
  record: Retirement,
  parts: readonly CheckedPart[],
): { line: RetirementLine; part: CheckedPart }[] {
  if (
    record.lines.length !== parts.length ||
    new Set(record.lines.map(({ batchId }) => batchId)).size !== record.lines.length
  ) {
    refuse(
      "lines",
      `The retirement takes from ${String(record.lines.length)} batches, each once; the file shows ` +
        `${String(parts.length)}.`,
    );
  }
  return record.lines.map((line) => {
    const part = parts.find(({ batchId }) => batchId === line.batchId);
    if (!part)
      return refuse(
        "lines",
        `The file shows no leaves of batch ${line.batchId}, from which the retirement takes.`,
      );
    if (line.start >= line.end || line.end > part.manifest.totalMilligrams) {
      return refuse(
        "lines",
        `The range that the retirement takes from batch ${line.batchId} is empty or lies outside of ` +
          "the batch.",
      );
    }
    return { line, part };
  });
}

/**
 * Checks that the leaves shown are those under a retired range, all of them and no others; of spans, that
 * they are those under it by the tree.
 * @param covered struck milligrams that substitution makes good; null where the chain was not looked at. Only
 * its books say how far substitution reaches, so that without them the leaves of a batch with strikes can't
 * be held against the range.
 * @throws CheckFailedError `verify.range-uncovered`, `verify.range-excess`, or as `gramsBehind` and
 * `checkSpans`
 */
export function checkLine(line: RetirementLine, part: CheckedPart, covered: Milligrams | null): RetiredLine {
  const { manifest, strikes, spans } = part;
  const positions = { start: line.start, end: line.end };
  if (covered === null && strikes.length > 0) return { ...line, backing: null };
  const batch = { total: manifest.totalMilligrams, strikes, covered: covered ?? (0n as Milligrams) };
  if (spans) {
    const { pieces, leaves } = checkSpans(batch, positions, spans);
    return { ...line, backing: backingOf(pieces, partialLeaves(part, gramsOf(pieces)), leaves) };
  }
  const pieces = gramsBehind(batch.total, strikes, batch.covered, positions);
  return { ...line, backing: backingOf(pieces, checkListed(part, gramsOf(pieces)), null) };
}

/** The leaves that are used in part. @throws CheckFailedError as `checkLine` */
function checkListed(part: CheckedPart, grams: readonly MassRange[]): Backing["partial"] {
  const { batchId, leaves } = part;
  for (const piece of grams) {
    const shown = leaves.reduce((sum, leaf) => sum + overlap(leaf, piece), 0n);
    if (shown !== piece.end - piece.start) {
      refuse(
        "range-uncovered",
        `The leaves in the file cover ${shown.toString()} of the ` +
          `${(piece.end - piece.start).toString()} mg that are retired of batch ${batchId}.`,
      );
    }
  }
  for (const leaf of leaves) {
    if (usedOf(leaf, grams) === 0n)
      refuse(
        "range-excess",
        `Leaf ${String(leaf.index)} of batch ${batchId} is in the file, but nothing of it is retired.`,
      );
  }
  return partialLeaves(part, grams);
}

function partialLeaves({ leaves }: CheckedPart, grams: readonly MassRange[]): Backing["partial"] {
  return leaves
    .map((leaf) => ({ index: leaf.index, used: usedOf(leaf, grams), of: leaf.milligrams }))
    .filter(({ used, of }) => used < of);
}

function backingOf(
  pieces: readonly BackedPositions[],
  partial: Backing["partial"],
  leavesByTree: number | null,
): Backing {
  const sumWhere = (test: (piece: (typeof pieces)[number]) => boolean) =>
    pieces.reduce((sum, piece) => (test(piece) ? sum + piece.end - piece.start : sum), 0n) as Milligrams;
  const substituted = sumWhere((piece) => piece.grams !== null && piece.grams.start !== piece.start);
  return { leavesByTree, partial, substituted, unbacked: sumWhere((piece) => piece.grams === null) };
}

function gramsOf(pieces: readonly BackedPositions[]): MassRange[] {
  return pieces.flatMap((piece) => (piece.grams === null ? [] : [piece.grams]));
}

function usedOf(leaf: CheckedLeaf, grams: readonly MassRange[]): Milligrams {
  return grams.reduce((sum, piece) => sum + overlap(leaf, piece), 0n) as Milligrams;
}

function overlap(one: MassRange, other: MassRange): bigint {
  const start = one.start > other.start ? one.start : other.start;
  const end = one.end < other.end ? one.end : other.end;
  return start < end ? end - start : 0n;
}
