import { StateError, UsageError } from "../../../base/errors/errors.ts";
import type { ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { Disposition } from "../../../base/types/reduction.ts";
import type { Session } from "../engine/database.ts";
import { recordMove } from "./dispositionMoves.ts";
import { preferIndexes } from "../engine/planner.ts";
import { notCompromised } from "../providers/revokedRecords.ts";

/** A record by its provider's own id. */
export interface RecordReference {
  readonly provider: ProviderId;
  readonly recordId: string;
}

export interface DispositionOrder {
  readonly from: Disposition;
  readonly to: Disposition;
  readonly records: readonly RecordReference[];
  /** Why, for the ledger, e.g. `redemption 7`. No personal data. */
  readonly reference: string;
}

/**
 * What is redeemed or donated is used up for good, and `pooled` belongs to `startClosing` alone: so nothing
 * ever comes back to `open`, and a used gram is never pooled.
 */
const ALLOWED: readonly (readonly [Disposition, Disposition])[] = [
  ["open", "redeemed"],
  ["open", "donated"],
];

/** Keys `k` of the records of tenant `$1` with the providers `$2` and record ids `$3`. */
const WANTED = `unnest($2::text[], $3::text[]) AS s (provider, record_id) CROSS JOIN LATERAL (
  SELECT * FROM record_keys WHERE tenant = $1 AND record_keys.provider = s.provider AND record_keys.record_id = s.record_id OFFSET 0) k`;
/** Its reduction `f`. */
const IS_FACT = `f.tenant = $1 AND f.started_at = k.started_at AND f.activity_key = k.activity_key AND f.provider = k.provider
  AND f.record_id = k.record_id AND f.disposition = $4 AND ${notCompromised("f")}`;

/**
 * Gives all of these records another disposition, or none of them, together with the ledger's row. Answers
 * the milligrams moved.
 * @throws UsageError `disposition.not-allowed` for a move that must never be, `disposition.list` for an empty
 * list or a record named twice
 * @throws StateError `disposition.not-there` where a record is unknown or is not `from`
 */
export async function moveDispositions(
  db: Session,
  tenant: TenantId,
  order: DispositionOrder,
): Promise<Milligrams> {
  const { from, to, records } = order;
  if (!ALLOWED.some(([source, target]) => source === from && target === to)) {
    throw new UsageError("disposition.not-allowed", `Reductions that are ${from} can't become ${to}.`);
  }
  const names = new Set(records.map(({ provider, recordId }) => `${provider}\0${recordId}`));
  if (names.size === 0 || names.size !== records.length) {
    throw new UsageError("disposition.list", "Name at least one record, and each record once.");
  }
  return db.transaction(async (tx) => {
    await preferIndexes(tx);
    const wanted = [
      tenant,
      records.map((record) => record.provider),
      records.map((record) => record.recordId),
      from,
    ] as const;
    // Locked in one order by all movers, so that they wait for each other instead of deadlocking.
    const locked = await tx.query(
      `SELECT 1 FROM ${WANTED} JOIN reductions f ON ${IS_FACT} ORDER BY f.provider, f.record_id FOR UPDATE OF f`,
      wanted,
    );
    if (locked.length !== records.length) {
      throw new StateError(
        "disposition.not-there",
        `Only ${String(locked.length)} of ${String(records.length)} records are ${from}, so none was moved.`,
      );
    }
    const [moved] = await tx.query<{ reductions: bigint; milligrams: Milligrams }>(
      `WITH moved AS (
         UPDATE reductions f SET disposition = $5 FROM ${WANTED} WHERE ${IS_FACT} RETURNING f.milligrams)
       SELECT count(*) AS reductions, sum(milligrams)::bigint AS milligrams FROM moved`,
      [...wanted, to],
    );
    if (moved === undefined) throw new StateError("disposition.not-there", "No record was moved.");
    await recordMove(tx, tenant, {
      from,
      to,
      reductions: moved.reductions,
      milligrams: moved.milligrams,
      reference: order.reference,
    });
    return moved.milligrams;
  });
}
