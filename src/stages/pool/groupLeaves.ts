import { CheckFailedError } from "../../base/errors/errors.ts";
import { equalBytes, toHex } from "../../base/lib/bytes.ts";
import { milligrams } from "../../base/lib/mass.ts";
import type { LeafDraft } from "../../base/types/confidentialLeaf.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import type { PooledReduction } from "./ports.ts";

/** A group of reductions with one activity key, on its way to become a leaf. */
export interface LeafGroup extends Omit<LeafDraft, "salt"> {
  readonly provider: ProviderId;
  readonly storedSaltKey: Uint8Array;
}

/**
 * Groups reductions that come ordered by (activityKey, recordId) into leaves: acts of one key are one leaf,
 * their grams added up.
 * @throws CheckFailedError `pool.key-shared` where one key has two providers or methodologies, `pool.order`
 * where the order is broken, `pool.salt-erased` where a subject's salt key is gone: such acts can no longer
 * be committed
 */
export async function* groupLeaves(
  pooled: AsyncIterable<readonly PooledReduction[]>,
): AsyncIterable<LeafGroup[]> {
  let open: PooledReduction[] = [];
  for await (const rows of pooled) {
    const groups: LeafGroup[] = [];
    for (const row of rows) {
      const first = open[0];
      if (first && !equalBytes(first.activityKey, row.activityKey)) {
        groups.push(groupOf(open));
        open = [];
      }
      open.push(row);
    }
    if (groups.length > 0) yield groups;
  }
  if (open.length > 0) yield [groupOf(open)];
}

function groupOf(rows: readonly PooledReduction[]): LeafGroup {
  const first = rows[0] as PooledReduction;
  const key = toHex(first.activityKey);
  if (
    rows.some(
      (row) => row.record.provider !== first.record.provider || row.methodologyId !== first.methodologyId,
    )
  ) {
    throw new CheckFailedError(
      "pool.key-shared",
      `The activity key ${key} belongs to acts of two providers or methodologies. They were admitted ` +
        "in error; one must be refused before closing.",
    );
  }
  if (first.storedSaltKey === null) {
    throw new CheckFailedError(
      "pool.salt-erased",
      `The salt key behind the activity key ${key} was erased while the batch was closing.`,
    );
  }
  return {
    activityKey: first.activityKey,
    methodologyId: first.methodologyId,
    day: first.day,
    subjectKey: first.subjectKey,
    provider: first.record.provider,
    storedSaltKey: first.storedSaltKey,
    records: rows.map((row) => row.record),
    evidence: rows.map((row) => row.evidence),
    milligrams: milligrams(rows.reduce((sum, row) => sum + row.milligrams, 0n)),
  };
}
