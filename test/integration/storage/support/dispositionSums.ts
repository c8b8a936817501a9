import type { TenantId } from "../../../../src/base/types/ids.ts";
import type { Disposition } from "../../../../src/base/types/reduction.ts";
import type { Session } from "../../../../src/adapters/storage/engine/database.ts";

/** How many reductions, and how many milligrams of them. */
export interface DispositionSum {
  readonly reductions: bigint;
  readonly milligrams: bigint;
}
/** Dispositions that nothing has are absent. */
export type DispositionSums = Partial<Record<Disposition, DispositionSum>>;

type SumRow = DispositionSum & { disposition: Disposition };

const FROM_ROWS = `SELECT disposition, count(*) AS reductions, sum(milligrams)::bigint AS milligrams
  FROM reductions WHERE tenant = $1 GROUP BY disposition`;
const FROM_LEDGER = `SELECT disposition, sum(reductions)::bigint AS reductions, sum(milligrams)::bigint AS
  milligrams FROM (
    SELECT to_disposition AS disposition, reductions, milligrams FROM disposition_moves WHERE tenant = $1
    UNION ALL
    SELECT from_disposition, -reductions, -milligrams FROM disposition_moves WHERE tenant = $1
    AND from_disposition IS NOT NULL) flows
  GROUP BY disposition HAVING sum(reductions) <> 0 OR sum(milligrams) <> 0`;

/** Sums as the reductions themselves have them. */
export async function dispositionSums(db: Session, tenant: TenantId): Promise<DispositionSums> {
  return sumsOf(await db.query<SumRow>(FROM_ROWS, [tenant]));
}

/** Sums as the ledger's moves have them: equal to `dispositionSums` at any time. */
export async function ledgerSums(db: Session, tenant: TenantId): Promise<DispositionSums> {
  return sumsOf(await db.query<SumRow>(FROM_LEDGER, [tenant]));
}

/** Both, from one snapshot, while others write. */
export async function bothSums(
  db: Session,
  tenant: TenantId,
): Promise<{ rows: DispositionSums; ledger: DispositionSums }> {
  const all = await db.query<SumRow & { ledger: boolean }>(
    `SELECT false AS ledger, r.* FROM (${FROM_ROWS}) r UNION ALL SELECT true, l.* FROM (${FROM_LEDGER}) l`,
    [tenant],
  );
  return { rows: sumsOf(all.filter((row) => !row.ledger)), ledger: sumsOf(all.filter((row) => row.ledger)) };
}

function sumsOf(rows: readonly SumRow[]): DispositionSums {
  return Object.fromEntries(
    rows.map(({ disposition, reductions, milligrams }) => [disposition, { reductions, milligrams }]),
  );
}
