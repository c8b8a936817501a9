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
  if (spans && (covered !== null || strikes.length === 0)) {
    const batch = { total: manifest.totalMilligrams, strikes, covered: covered ?? (0n as Milligrams) };
    const { pieces, leaves } = checkSpans(batch, { start: line.start, end: line.end }, spans);
    const grams = new RetiredGrams(gramsOf(pieces));
    for (const leaf of part.leaves) grams.add(leaf);
    return { ...line, backing: backingOf(pieces, grams.partial, leaves) };
  }
  const listed = new ListedLine(line, part, covered);
  for (const leaf of part.leaves) listed.add(leaf);
  return listed.end();
}

/** `checkLine` for leaves that come one by one, by index. */
export class ListedLine {
  readonly #line: RetirementLine;
  readonly #batchId: CheckedPart["batchId"];
  /** Null where it is not known which grams stand behind the range. */
  readonly #pieces: readonly BackedPositions[] | null;
  readonly #grams: RetiredGrams;

  /** @throws CheckFailedError as `gramsBehind` */
  constructor(
    line: RetirementLine,
    { batchId, manifest, strikes }: Pick<CheckedPart, "batchId" | "manifest" | "strikes">,
    covered: Milligrams | null,
  ) {
    this.#line = line;
    this.#batchId = batchId;
    this.#pieces =
      covered === null && strikes.length > 0
        ? null
        : gramsBehind(manifest.totalMilligrams, strikes, covered ?? (0n as Milligrams), {
            start: line.start,
            end: line.end,
          });
    this.#grams = new RetiredGrams(gramsOf(this.#pieces ?? []));
  }

  add(leaf: CheckedLeaf): void {
    if (this.#pieces !== null) this.#grams.add(leaf);
  }

  /** All leaves have come. @throws CheckFailedError as `checkLine` */
  end(): RetiredLine {
    const pieces = this.#pieces;
    if (pieces === null) return { ...this.#line, backing: null };
    const { missing, excess, partial } = this.#grams;
    if (missing)
      refuse(
        "range-uncovered",
        `The leaves in the file cover ${missing.shown.toString()} of the ` +
          `${missing.of.toString()} mg that are retired of batch ${this.#batchId}.`,
      );
    if (excess !== null)
      refuse(
        "range-excess",
        `Leaf ${String(excess)} of batch ${this.#batchId} is in the file, but nothing of it is retired.`,
      );
    return { ...this.#line, backing: backingOf(pieces, partial, null) };
  }
}

/** What leaves have of the grams behind a range. */
class RetiredGrams {
  readonly partial: Backing["partial"][number][] = [];
  /** The first leaf that has none of them. */
  excess: number | null = null;
  readonly #grams: readonly MassRange[];
  readonly #shown: bigint[];
  /** By their grams, which no two share; those before `#from` lie before the leaf that came last. */
  readonly #order: readonly number[];
  #from = 0;
  #last = 0n;

  constructor(grams: readonly MassRange[]) {
    this.#grams = grams;
    this.#shown = grams.map(() => 0n);
    this.#order = grams.map((_, i) => i).toSorted((a, b) => (this.#at(a).start < this.#at(b).start ? -1 : 1));
  }

  /** The next leaf by index. */
  add({ index, start, end, milligrams: of }: CheckedLeaf): void {
    let used = 0n;
    // In a tree whose unopened nodes lie about their sums, a later leaf may have an earlier place.
    if (start < this.#last) this.#from = 0;
    this.#last = start;
    const next = (at: number): MassRange | undefined => {
      const piece = this.#order[at];
      return piece === undefined ? undefined : this.#at(piece);
    };
    for (let piece = next(this.#from); piece && piece.end <= start; piece = next(this.#from)) this.#from += 1;
    for (let at = this.#from, piece = next(at); piece && piece.start < end; piece = next(++at)) {
      const part = overlap({ start, end }, piece);
      this.#shown[this.#order[at] as number] = (this.#shown[this.#order[at] as number] as bigint) + part;
      used += part;
    }
    if (used === 0n) this.excess ??= index;
    if (used < of) this.partial.push({ index, used: used as Milligrams, of });
  }

  /** The first of the grams that the leaves do not hold. */
  get missing(): { readonly shown: bigint; readonly of: bigint } | null {
    for (const [i, { start, end }] of this.#grams.entries()) {
      const shown = this.#shown[i] as bigint;
      if (shown !== end - start) return { shown, of: end - start };
    }
    return null;
  }

  #at(piece: number): MassRange {
    return this.#grams[piece] as MassRange;
  }
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

function overlap(one: MassRange, other: MassRange): bigint {
  const start = one.start > other.start ? one.start : other.start;
  const end = one.end < other.end ? one.end : other.end;
  return start < end ? end - start : 0n;
}
