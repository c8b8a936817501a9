import { toHex } from "../../../base/lib/bytes.ts";
import type { MethodologyId, TenantId } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { ProviderName } from "../../../stages/pool/ports.ts";
import type { Session } from "../engine/database.ts";
import { closingParameters, knownClosing } from "./streamPooled.ts";

/** What a manifest lists of a closing's reductions. */
export interface ClosingContents {
  /** By id bytewise. */
  readonly providers: readonly ProviderName[];
  /** Ascending, with the canonical JSON that hashes to each. */
  readonly methodologies: readonly { readonly id: MethodologyId; readonly json: string }[];
  /** UTC years in which the acts started, ascending. */
  readonly years: readonly number[];
  readonly subjectlessMilligrams: Milligrams;
}

/** @throws StateError `closing.unknown` */
export async function closingContents(
  db: Session,
  tenant: TenantId,
  closingId: Uint8Array,
): Promise<ClosingContents> {
  const parameters = closingParameters(tenant, await knownClosing(db, tenant, closingId));
  const facts =
    "FROM reductions f WHERE f.tenant = $1 AND f.closing = $2 AND f.started_at >= $3 AND f.started_at < $4";
  const providers = await db.query<ProviderName>(
    `SELECT p.provider AS id, p.name FROM providers p WHERE p.tenant = $1
     AND p.provider IN (SELECT DISTINCT f.provider ${facts}) ORDER BY p.provider`,
    parameters,
  );
  const methodologies = await db.query<{ methodology: Uint8Array; json: string }>(
    `SELECT m.methodology, m.json FROM methodologies m WHERE m.tenant = $1
     AND m.methodology IN (SELECT DISTINCT f.methodology ${facts}) ORDER BY m.methodology`,
    parameters,
  );
  const years = await db.query<{ year: number }>(
    `SELECT DISTINCT extract(year FROM to_timestamp(f.started_at) AT TIME ZONE 'UTC')::int4 AS year ${facts}
     ORDER BY year`,
    parameters,
  );
  const [subjectless] = await db.query<{ milligrams: Milligrams }>(
    `SELECT coalesce(sum(f.milligrams), 0)::bigint AS milligrams ${facts} AND f.subject_key IS NULL`,
    parameters,
  );
  return {
    providers,
    methodologies: methodologies.map((row) => ({
      id: toHex(row.methodology) as MethodologyId,
      json: row.json,
    })),
    years: years.map((row) => row.year),
    subjectlessMilligrams: (subjectless as { milligrams: Milligrams }).milligrams,
  };
}
