import { StateError } from "../../../base/errors/errors.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Disposition } from "../../../base/types/reduction.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { CheckDispositionOrder, DispositionOrder } from "../../../stages/dedupe/ports.ts";
import type { Session } from "../engine/database.ts";
import { findOwnRecords } from "../records/findOwnRecords.ts";
import type { FactPlace } from "../records/findRecords.ts";
import { uuidArray } from "../records/uuids.ts";
import { lockAdmission } from "./admissionLock.ts";
import { recordMove } from "./recordMove.ts";
import { preferIndexes } from "../engine/preferIndexes.ts";
import { notCompromised } from "../providers/revokedRecords.ts";

const CODES = { open: 0, redeemed: 1, donated: 2 } as const satisfies Partial<Record<Disposition, number>>;

/** Facts `f` (as `reductions`) at the places `$2`, `$3`, `$4` that are `$5`. */
const WANTED = `unnest($2::text::uuid[], $3::integer[], $4::integer[]) AS p (hi, utc_day, part)
  CROSS JOIN LATERAL (SELECT * FROM reductions r WHERE r.tenant = $1 AND r.activity_hi = p.hi
    AND r.utc_day = p.utc_day AND r.part = p.part AND r.disposition = $5
    AND ${notCompromised("r")} OFFSET 0) f`;

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
    // No closing begins meanwhile: what is open here is in none.
    await lockAdmission(tx, tenant, "shared");
    await preferIndexes(tx);
    const { entry, places } = await findOwnRecords(tx, tenant, records);
    const found = [...places.values()].toSorted(byPlace);
    const which = [
      uuidArray(found.map(({ activityHi }) => activityHi)),
      found.map(({ utcDay }) => utcDay),
      found.map(({ part }) => part),
    ] as const;
    // Locked in one order by all movers, so that they wait for each other instead of deadlocking.
    await tx.query(
      `SELECT 1 FROM unnest($2::text::uuid[], $3::integer[], $4::integer[]) AS p (hi, utc_day, part)
       CROSS JOIN LATERAL (SELECT 1 FROM facts f WHERE f.tenant = $1 AND f.activity_hi = p.hi
         AND f.utc_day = p.utc_day AND f.part = p.part FOR UPDATE OFFSET 0) locked`,
      [entry.number, ...which],
    );
    // A statement of its own: it sees what was committed while the locks were waited for.
    const [wanted] = await tx.query<{ reductions: bigint; milligrams: Milligrams | null }>(
      `SELECT count(*) AS reductions, sum(f.milligrams)::bigint AS milligrams FROM ${WANTED}`,
      [tenant, ...which, from],
    );
    check(order, Number(wanted?.reductions ?? 0n));
    const code = to === "pooled" ? undefined : CODES[to];
    if (wanted === undefined || wanted.milligrams === null || code === undefined)
      throw new StateError("disposition.not-there", "No record was moved.");
    const moved = { reductions: wanted.reductions, milligrams: wanted.milligrams };
    await tx.query(
      `UPDATE facts f SET disposition = $5
       FROM unnest($2::text::uuid[], $3::integer[], $4::integer[]) AS p (hi, utc_day, part)
       WHERE f.tenant = $1 AND f.activity_hi = p.hi AND f.utc_day = p.utc_day AND f.part = p.part`,
      [entry.number, ...which, code],
    );
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

function byPlace(a: FactPlace, b: FactPlace): number {
  return a.utcDay - b.utcDay || a.part - b.part || (a.activityHi < b.activityHi ? -1 : 1);
}
