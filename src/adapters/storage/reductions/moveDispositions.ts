import { StateError } from "../../../base/errors/errors.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { CheckDispositionOrder, DispositionOrder } from "../../../stages/dedupe/ports.ts";
import type { Session } from "../engine/database.ts";
import { recordMove } from "./recordMove.ts";
import { preferIndexes } from "../engine/preferIndexes.ts";
import { notCompromised } from "../providers/revokedRecords.ts";

/** Keys `k` of the records of tenant `$1` with the providers `$2` and record ids `$3`. */
const WANTED = `unnest($2::text[], $3::text[]) AS s (provider, record_id) CROSS JOIN LATERAL (
  SELECT * FROM record_keys WHERE tenant = $1 AND record_keys.provider = s.provider
  AND record_keys.record_id = s.record_id OFFSET 0) k`;
/** Its reduction `f`. */
const IS_FACT = `f.tenant = $1 AND f.started_at = k.started_at AND f.activity_key = k.activity_key
  AND f.provider = k.provider AND f.record_id = k.record_id AND f.disposition = $4
  AND ${notCompromised("f")}`;

/**
 * Gives all of these records another disposition, or none of them, together with the ledger's row. Answers
 * the milligrams moved. Records that a compromised key signed are not found. No door leads here before there
 * are redemptions and campaigns to say which records move (docs/design/rooms.md, "What waits").
 * @throws StateError `disposition.not-there`, and as `check`
 */
export async function moveDispositions(
  db: Session,
  tenant: TenantId,
  order: DispositionOrder,
  check: CheckDispositionOrder,
): Promise<Milligrams> {
  const { from, to, records } = order;
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
      `SELECT 1 FROM ${WANTED} JOIN reductions f ON ${IS_FACT} ORDER BY f.provider, f.record_id
       FOR UPDATE OF f`,
      wanted,
    );
    check(order, locked.length);
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
