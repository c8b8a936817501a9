import type { Milligrams } from "../base/types/quantities.ts";
import type { Retirement, RetirementLine } from "../base/types/retirement.ts";
import type { MassRange } from "../format/batch/sumTree.ts";
import { gramsBehind } from "../format/batch/strikes.ts";
import type { CheckedLeaf, CheckedPart } from "./checkPart.ts";
import { refuse } from "./refuse.ts";

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
 * Checks that the leaves shown are those under a retired range, all of them and no others.
 * @param covered struck milligrams that substitution makes good; null where the chain was not looked at. Only
 * its books say how far substitution reaches, so that without them the leaves of a batch with strikes can't
 * be held against the range.
 * @throws CheckFailedError `verify.range-uncovered`, `verify.range-excess`, or as `gramsBehind`
 */
export function checkLine(line: RetirementLine, part: CheckedPart, covered: Milligrams | null): RetiredLine {
  const { batchId, manifest, strikes, leaves } = part;
  const positions = { start: line.start, end: line.end };
  if (covered === null && strikes.length > 0) return { ...line, backing: null };
  const pieces = gramsBehind(manifest.totalMilligrams, strikes, covered ?? (0n as Milligrams), positions);
  const grams = pieces.flatMap((piece) => (piece.grams === null ? [] : [piece.grams]));
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
  const partial: { index: number; used: Milligrams; of: Milligrams }[] = [];
  for (const leaf of leaves) {
    const [used, of] = [usedOf(leaf, grams), leaf.leaf.milligrams];
    if (used === 0n)
      refuse(
        "range-excess",
        `Leaf ${String(leaf.index)} of batch ${batchId} is in the file, but nothing of it is retired.`,
      );
    if (used < of) partial.push({ index: leaf.index, used, of });
  }
  const sumWhere = (test: (piece: (typeof pieces)[number]) => boolean) =>
    pieces.reduce((sum, piece) => (test(piece) ? sum + piece.end - piece.start : sum), 0n) as Milligrams;
  const substituted = sumWhere((piece) => piece.grams !== null && piece.grams.start !== piece.start);
  return { ...line, backing: { partial, substituted, unbacked: sumWhere((piece) => piece.grams === null) } };
}

function usedOf(leaf: CheckedLeaf, grams: readonly MassRange[]): Milligrams {
  return grams.reduce((sum, piece) => sum + overlap(leaf, piece), 0n) as Milligrams;
}

function overlap(one: MassRange, other: MassRange): bigint {
  const start = one.start > other.start ? one.start : other.start;
  const end = one.end < other.end ? one.end : other.end;
  return start < end ? end - start : 0n;
}
