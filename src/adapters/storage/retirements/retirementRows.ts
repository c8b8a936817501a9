import { toHex, equalBytes } from "../../../base/lib/bytes.ts";
import type { BatchId, RetirementId, TenantId } from "../../../base/types/ids.ts";
import type { Milligrams, UnixSeconds } from "../../../base/types/quantities.ts";
import type { Purpose, Retirement } from "../../../base/types/retirement.ts";
import type { RetirementState, StoredRetirement } from "../../../stages/retire/ports.ts";
import type { Session } from "../engine/database.ts";

export interface RetirementRow {
  readonly retirement_id: Uint8Array;
  readonly state: RetirementState;
  readonly holder: Uint8Array;
  readonly nonce: Uint8Array;
  readonly beneficiary_hash: Uint8Array;
  readonly document_hash: Uint8Array;
  readonly purpose: Purpose;
  readonly reporting_year: number;
  readonly country: string;
  readonly disclosed: string | null;
  readonly requested_at: bigint;
  readonly retired_at: bigint | null;
  readonly failure: string | null;
  readonly proven: boolean;
}
export interface LineRow {
  readonly retirement_id: Uint8Array;
  readonly batch_id: Uint8Array;
  readonly milligrams: Milligrams;
  readonly start_milligrams: Milligrams | null;
  readonly end_milligrams: Milligrams | null;
}

export const RETIREMENT_COLUMNS = `retirement_id, state, holder, nonce, beneficiary_hash, document_hash,
  purpose, reporting_year, country,
  disclosed, requested_at, retired_at, failure, proof IS NOT NULL AS proven`;
export const LINE_COLUMNS = "retirement_id, batch_id, milligrams, start_milligrams, end_milligrams";

/** `lines` are those of this retirement, in order. Addresses come back in lower case. */
export function storedRetirement(row: RetirementRow, lines: readonly LineRow[]): StoredRetirement {
  const common = {
    retirementId: toHex(row.retirement_id) as RetirementId,
    holder: toHex(row.holder),
    beneficiaryHash: toHex(row.beneficiary_hash),
    documentHash: toHex(row.document_hash),
    purpose: row.purpose,
    reportingYear: row.reporting_year,
    country: row.country,
  };
  const record: Retirement | null =
    row.retired_at === null
      ? null
      : {
          ...common,
          retiredAt: Number(row.retired_at) as UnixSeconds,
          lines: lines.map((line) => ({
            batchId: toHex(line.batch_id) as BatchId,
            start: line.start_milligrams as Milligrams,
            end: line.end_milligrams as Milligrams,
          })),
        };
  return {
    ...common,
    nonce: toHex(row.nonce),
    amounts: lines.map((line) => ({ batchId: toHex(line.batch_id) as BatchId, milligrams: line.milligrams })),
    disclosed: row.disclosed,
    requestedAt: Number(row.requested_at) as UnixSeconds,
    state: row.state,
    record,
    failure: row.failure,
    proven: row.proven,
  };
}

/**
 * Retirements whose id begins with these hex digits, with their lines.
 * @param rest of the statement: order or limit
 */
export async function selectRetirements(
  db: Session,
  tenant: TenantId,
  prefix: string,
  rest: string,
): Promise<StoredRetirement[]> {
  const rows = await db.query<RetirementRow>(
    `SELECT ${RETIREMENT_COLUMNS} FROM retirements WHERE tenant = $1
     AND starts_with(encode(retirement_id, 'hex'), $2) ${rest}`,
    [tenant, prefix],
  );
  const lines = await db.query<LineRow>(
    `SELECT ${LINE_COLUMNS} FROM retirement_lines WHERE tenant = $1
     AND starts_with(encode(retirement_id, 'hex'), $2)
     ORDER BY line`,
    [tenant, prefix],
  );
  return rows.map((row) =>
    storedRetirement(
      row,
      lines.filter((line) => equalBytes(line.retirement_id, row.retirement_id)),
    ),
  );
}
