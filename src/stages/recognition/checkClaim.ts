import { UsageError } from "../../base/errors/errors.ts";
import { formatTonnes } from "../../base/lib/mass.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import type { Recognition } from "./recognitionOf.ts";
import { gramsForClaimUp, recogniseDown } from "../../format/batch/recogniseDown.ts";

/** Grams of one batch that are to be retired, with how they are recognised. */
export interface RecognisedLine extends Recognition {
  readonly batchId: BatchId;
  /** Retired, whole. */
  readonly milligrams: Milligrams;
}

/** A line with what of it is recognised. */
export interface CountedLine extends RecognisedLine {
  readonly recognised: Milligrams;
}

/**
 * The lines with what of each is recognised, rounded down line by line.
 * @param claim what is to be recognised in all at least
 * @throws UsageError `recognition.below-claim`, naming the grams that would be needed if the rest came from
 * the last line's batch
 */
export function checkClaim(lines: readonly RecognisedLine[], claim: Milligrams): CountedLine[] {
  const counted = lines.map((line) => ({
    ...line,
    recognised: recogniseDown(line.milligrams, line.discountBps),
  }));
  const recognised = counted.reduce((sum, line) => sum + line.recognised, 0n);
  const last = counted.at(-1);
  if (recognised < claim) {
    const others = recognised - (last?.recognised ?? 0n);
    const needed =
      lines.reduce((sum, line) => sum + line.milligrams, 0n) -
      (last?.milligrams ?? 0n) +
      gramsForClaimUp((claim - others) as Milligrams, last?.discountBps ?? 0);
    throw new UsageError(
      "recognition.below-claim",
      `Of this retirement ${formatTonnes(recognised as Milligrams)} t would be recognised, less than the ` +
        `claim of ${formatTonnes(claim)} t. Retire ${formatTonnes(needed as Milligrams)} t, or claim less.`,
    );
  }
  return counted;
}
