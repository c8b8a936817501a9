import { bigEndian, concatBytes, fromHex, toHex } from "../../base/lib/bytes.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import type { MassRange } from "./sumTree.ts";
import { keccak } from "../keccak.ts";

/** One struck leaf: its index and its milligrams [start, end) as the sum tree gives them. */
export interface Strike extends MassRange {
  readonly index: number;
}

/**
 * Serial positions [start, end) and the grams behind them, as many, in the same order; null: nothing stands
 * behind them.
 */
export interface BackedPositions extends MassRange {
  readonly grams: MassRange | null;
}

/** What a batch without strikes keeps on chain. */
export const NO_STRIKES: Hex = `0x${"00".repeat(32)}`;

/** keccak-256(previous, index, start, end), the three numbers as uint64: 56 bytes. */
export function nextStrikesHash(previous: Hex, { index, start, end }: Strike): Hex {
  return toHex(
    keccak(concatBytes(fromHex(previous, 32), bigEndian(index, 8), bigEndian(start, 8), bigEndian(end, 8))),
  );
}

/** What the chain must keep after these strikes, in order. */
export function strikesHashOf(strikes: readonly Strike[]): Hex {
  return strikes.reduce(nextStrikesHash, NO_STRIKES);
}

/**
 * The grams behind serial positions [start, end) after strikes, in the order in which they were struck.
 * Positions stay. In order, and up to the first that is not fully covered, each strike of s grams lowers the
 * live end E to E - s; positions below it that pointed at struck grams take, ascending by position, the live
 * grams that stood at [E - s, E). Positions that point at grams of strikes not covered have nothing behind
 * them. `covered` is `coveredMilligrams` of the batch's books: which strikes are covered follows from the
 * list and the books, so every reader finds the same grams.
 * @throws CheckFailedError `strike.repeated`, `strike.range` for a strike outside the batch or over another,
 * `strike.covered`, `strike.position` for positions at or above the live end
 */
export function gramsBehind(
  total: Milligrams,
  strikes: readonly Strike[],
  covered: Milligrams,
  positions: MassRange,
): BackedPositions[] {
  checkStrikes(total, strikes, covered);
  let pieces: readonly Piece[] = [{ start: 0n, end: total, gram: 0n }];
  let liveEnd: bigint = total;
  let left: bigint = covered;
  let inOrder = true;
  for (const strike of strikes) {
    const size = strike.end - strike.start;
    inOrder &&= size <= left;
    if (inOrder) {
      left -= size;
      liveEnd -= size;
      pieces = substituted(pieces, strike, liveEnd);
    } else pieces = pieces.flatMap((piece) => cutOut(piece, strike));
  }
  if (positions.start < 0n || positions.start >= positions.end || positions.end > liveEnd) {
    throw new CheckFailedError(
      "strike.position",
      `The range is empty or reaches beyond ${liveEnd.toString()} mg, where the batch now ends.`,
    );
  }
  return joinedPieces(between(pieces, positions.start, positions.end)).map(backed);
}

/** Positions [start, end) that point at grams from `gram` on. */
interface Piece {
  readonly start: bigint;
  readonly end: bigint;
  readonly gram: bigint | null;
}

function substituted(pieces: readonly Piece[], strike: Strike, newEnd: bigint): Piece[] {
  const spare = between(pieces, newEnd, null)
    .flatMap((piece) => cutOut(piece, strike))
    .filter((piece) => piece.gram !== null);
  const result: Piece[] = [];
  for (const piece of between(pieces, 0n, newEnd).flatMap((before) => markCut(before, strike))) {
    if (!piece.struck) result.push(piece);
    else result.push(...taken(spare, piece.start, piece.end));
  }
  return result.map(({ start, end, gram }) => ({ start, end, gram }));
}

/**
 * Fills positions [start, end) from the front of `spare`. As many live grams leave the tail as positions lose
 * theirs.
 */
function taken(spare: Piece[], start: bigint, end: bigint): Piece[] {
  const filled: Piece[] = [];
  for (let at = start; at < end;) {
    const next = spare.shift() as Piece & { gram: bigint };
    const length = next.end - next.start < end - at ? next.end - next.start : end - at;
    filled.push({ start: at, end: at + length, gram: next.gram });
    if (next.start + length < next.end)
      spare.unshift({ start: next.start + length, end: next.end, gram: next.gram + length });
    at += length;
  }
  return filled;
}

/** The parts of pieces at positions [start, end). */
function between(pieces: readonly Piece[], start: bigint, end: bigint | null): Piece[] {
  return pieces.flatMap((piece) => {
    const from = piece.start > start ? piece.start : start;
    const to = end === null || piece.end < end ? piece.end : end;
    return from < to
      ? [{ start: from, end: to, gram: piece.gram === null ? null : piece.gram + from - piece.start }]
      : [];
  });
}

/** A piece in up to three parts, the one at struck grams marked. */
function markCut(piece: Piece, strike: Strike): (Piece & { struck: boolean })[] {
  if (piece.gram === null) return [{ ...piece, struck: false }];
  const shift = piece.start - piece.gram;
  const [from, to] = [strike.start + shift, strike.end + shift];
  return [
    ...between([piece], piece.start, from).map((part) => ({ ...part, struck: false })),
    ...between([piece], from, to).map((part) => ({ ...part, struck: true })),
    ...between([piece], to > piece.start ? to : piece.start, piece.end).map((part) => ({
      ...part,
      struck: false,
    })),
  ];
}

function cutOut(piece: Piece, strike: Strike): Piece[] {
  return markCut(piece, strike).map(({ struck, start, end, gram }) => ({
    start,
    end,
    gram: struck ? null : gram,
  }));
}

/** Neighbouring pieces whose grams run on become one. */
function joinedPieces(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    const runsOn =
      last && (last.gram === null ? piece.gram === null : piece.gram === last.gram + last.end - last.start);
    if (last && runsOn) result[result.length - 1] = { ...last, end: piece.end };
    else result.push(piece);
  }
  return result;
}

function backed({ start, end, gram }: Piece): BackedPositions {
  const grams = gram === null ? null : { start: gram as Milligrams, end: (gram + end - start) as Milligrams };
  return { start: start as Milligrams, end: end as Milligrams, grams };
}

function checkStrikes(total: Milligrams, strikes: readonly Strike[], covered: Milligrams): void {
  let struck = 0n;
  const byStart = strikes.toSorted((a, b) => (a.start < b.start ? -1 : 1));
  if (new Set(strikes.map(({ index }) => index)).size !== strikes.length) {
    throw new CheckFailedError("strike.repeated", "A leaf is struck twice in the list of strikes.");
  }
  for (const [i, { start, end, index }] of byStart.entries()) {
    const previousEnd = byStart[i - 1]?.end ?? 0n;
    if (start < previousEnd || start >= end || end > total) {
      throw new CheckFailedError(
        "strike.range",
        `The strike of leaf ${String(index)} is empty, outside the batch or over another strike.`,
      );
    }
    struck += end - start;
  }
  if (covered < 0n || covered > struck) {
    throw new CheckFailedError(
      "strike.covered",
      `${covered.toString()} mg can't be covered where ${struck.toString()} mg are struck.`,
    );
  }
}
