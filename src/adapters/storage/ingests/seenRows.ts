import type { ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { SeenAs } from "../../../stages/ingest/ports.ts";
import { checkText } from "../engine/copyFormat.ts";
import type { Session } from "../engine/database.ts";
import { findOwnRecords } from "../records/findOwnRecords.ts";
import { recordName } from "../records/findRecords.ts";

/**
 * Those of a provider's rows that are known, but for what `ingest` itself has read: a run that resumes
 * must decide as before.
 * @throws InputError `storage.text`
 */
export async function findSeenRows(
  db: Session,
  tenant: TenantId,
  provider: ProviderId,
  ingest: string,
  rowIds: readonly string[],
): Promise<Map<string, SeenAs>> {
  if (rowIds.length === 0) return new Map();
  for (const id of rowIds) checkText(id, "row_id");
  const rows = await db.query<{ row_id: string; used: boolean }>(
    `SELECT s.row_id, s.used FROM seen_rows s
     WHERE s.tenant = $1 AND s.provider = $2 AND s.row_id = ANY($3::text[]) AND s.ingest <> $4`,
    [tenant, provider, rowIds, ingest],
  );
  const found = new Map<string, SeenAs>(rows.map(({ row_id: id, used }) => [id, used ? "used" : "waiting"]));
  const references = rowIds.map((recordId) => ({ provider, recordId }));
  const { places } = await findOwnRecords(db, tenant, references);
  for (const id of rowIds) if (places.has(recordName(provider, id))) found.set(id, "act");
  return found;
}

/** Remembers rows that an ingest has read. Doing it again changes nothing. */
export async function saveSeenRows(
  db: Session,
  tenant: TenantId,
  provider: ProviderId,
  ingest: string,
  rows: readonly { readonly rowId: string; readonly used: boolean }[],
): Promise<void> {
  // A row that stands in the chunk twice counts once; used wins.
  const byId = new Map<string, boolean>();
  for (const { rowId, used } of rows) byId.set(rowId, used || (byId.get(rowId) ?? false));
  if (byId.size === 0) return;
  await db.query(
    `INSERT INTO seen_rows (tenant, provider, row_id, ingest, used)
     SELECT $1, $2, s.row_id, $3, s.used = 1 FROM unnest($4::text[], $5::integer[]) AS s (row_id, used)
     ON CONFLICT (tenant, provider, row_id) DO UPDATE SET used = true, ingest = excluded.ingest
     WHERE excluded.used AND NOT seen_rows.used`,
    [tenant, provider, ingest, [...byId.keys()], [...byId.values()].map(Number)],
  );
}
