import { UsageError } from "../../../base/errors/errors.ts";
import { equalBytes, fromHex } from "../../../base/lib/bytes.ts";
import type { RetirementId, TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";
import { idPrefix } from "../engine/idPrefix.ts";
import { LINE_COLUMNS, RETIREMENT_COLUMNS, storedRetirement } from "./retirementRows.ts";
import type { LineRow, RetirementRow } from "./retirementRows.ts";
import type { StoredRetirement } from "../../../stages/retire/ports.ts";

/** All retirements in the order in which they were requested. */
export async function listRetirements(db: Session, tenant: TenantId): Promise<StoredRetirement[]> {
  return select(db, tenant, "", "ORDER BY sequence");
}

/**
 * A retirement by its id or by the first digits of it (with or without 0x) that no other shares; null where
 * there is none.
 * @throws UsageError `retirement.ambiguous`, `id.prefix`
 */
export async function findRetirement(
  db: Session,
  tenant: TenantId,
  idOrPrefix: string,
): Promise<StoredRetirement | null> {
  const found = await select(db, tenant, idPrefix(idOrPrefix), "LIMIT 2");
  if (found.length > 1)
    throw new UsageError(
      "retirement.ambiguous",
      `More than one retirement id begins with ${idOrPrefix}. Give more digits.`,
    );
  return found[0] ?? null;
}

/** The proof file's bytes as they were made; null before. */
export async function findRetirementProof(
  db: Session,
  tenant: TenantId,
  retirementId: RetirementId,
): Promise<Uint8Array | null> {
  const [row] = await db.query<{ proof: Uint8Array | null }>(
    "SELECT proof FROM retirements WHERE tenant = $1 AND retirement_id = $2",
    [tenant, fromHex(retirementId, 32)],
  );
  return row?.proof ?? null;
}

async function select(
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
     ORDER BY retirement_id, line`,
    [tenant, prefix],
  );
  return rows.map((row) =>
    storedRetirement(
      row,
      lines.filter((line) => equalBytes(line.retirement_id, row.retirement_id)),
    ),
  );
}
