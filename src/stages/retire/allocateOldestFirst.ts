import { StateError } from "../../base/errors/errors.ts";
import { formatTonnes, milligrams } from "../../base/lib/mass.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { Day, Milligrams } from "../../base/types/quantities.ts";

/** What the retiring account holds of one batch, in whole milligrams. */
export interface Holding {
  readonly batchId: BatchId;
  readonly startDay: Day;
  readonly milligrams: Milligrams;
}

/**
 * Spreads an amount over holdings, oldest vintage first (ties by batch id), each drained before the next;
 * returns ascending batch ids, as the contract wants them. Parts add up to the amount exactly.
 * @throws StateError `retire.nothing` for zero, `retire.insufficient` where the holdings are too small
 */
export function allocateOldestFirst(
  amount: Milligrams,
  holdings: readonly Holding[],
): { batchId: BatchId; milligrams: Milligrams }[] {
  if (amount === 0n)
    throw new StateError(
      "retire.nothing",
      "The amount to retire is zero. Give at least 0.000000001 t (one milligram).",
    );
  const oldestFirst = holdings.toSorted(
    (a, b) => a.startDay - b.startDay || (a.batchId < b.batchId ? -1 : 1),
  );
  let missing: bigint = amount;
  const parts: { batchId: BatchId; milligrams: Milligrams }[] = [];
  for (const holding of oldestFirst) {
    const taken = holding.milligrams < missing ? holding.milligrams : missing;
    if (taken > 0n) parts.push({ batchId: holding.batchId, milligrams: milligrams(taken) });
    missing -= taken;
  }
  if (missing > 0n) {
    throw new StateError(
      "retire.insufficient",
      `${formatTonnes(amount)} t are asked for, ${formatTonnes(milligrams(amount - missing))} t are ` +
        "held. Retire less, or mint or receive more first.",
    );
  }
  return parts.toSorted((a, b) => (a.batchId < b.batchId ? -1 : 1));
}
