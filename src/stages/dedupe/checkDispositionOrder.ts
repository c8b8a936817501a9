import { StateError, UsageError } from "../../base/errors/errors.ts";
import type { Disposition } from "../../base/types/reduction.ts";
import type { DispositionOrder } from "./ports.ts";

/**
 * What is redeemed or donated is used up for good, and `pooled` belongs to the closing of a batch alone: so
 * nothing ever comes back to `open`, and a used gram is never pooled.
 */
const ALLOWED: readonly (readonly [Disposition, Disposition])[] = [
  ["open", "redeemed"],
  ["open", "donated"],
];

/**
 * An order moves all of its records or none.
 * @throws UsageError `disposition.not-allowed` for a move that must never be, `disposition.list` for an empty
 * list or a record named twice
 * @throws StateError `disposition.not-there` where not all records were `found`
 */
export function checkDispositionOrder({ from, to, records }: DispositionOrder, found: number): void {
  if (!ALLOWED.some(([source, target]) => source === from && target === to)) {
    throw new UsageError("disposition.not-allowed", `Reductions that are ${from} can't become ${to}.`);
  }
  const names = new Set(records.map(({ provider, recordId }) => `${provider}\0${recordId}`));
  if (names.size === 0 || names.size !== records.length) {
    throw new UsageError("disposition.list", "Name at least one record, and each record once.");
  }
  if (found !== records.length) {
    throw new StateError(
      "disposition.not-there",
      `Only ${String(found)} of ${String(records.length)} records are ${from}, so none was moved.`,
    );
  }
}
