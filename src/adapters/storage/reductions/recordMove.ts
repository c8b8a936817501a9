import type { TenantId } from "../../../base/types/ids.ts";
import type { Disposition } from "../../../base/types/reduction.ts";
import type { Session } from "../engine/database.ts";

/** A row of the disposition ledger. `from` is null where reductions enter. */
export interface DispositionMove {
  readonly from: Disposition | null;
  readonly to: Disposition;
  /** More than 0. */
  readonly reductions: bigint;
  readonly milligrams: bigint;
  /** Why, e.g. `ingest 4, chunk 0`. No personal data. */
  readonly reference: string;
}

/** Writes a move into the ledger; belongs into the transaction that changes the reductions themselves. */
export async function recordMove(tx: Session, tenant: TenantId, move: DispositionMove): Promise<void> {
  await tx.query(
    `INSERT INTO disposition_moves (tenant, from_disposition, to_disposition, reductions, milligrams,
     reference)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [tenant, move.from, move.to, move.reductions, move.milligrams, move.reference],
  );
}
