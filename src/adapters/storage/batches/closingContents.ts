import { toHex } from "../../../base/lib/bytes.ts";
import type { MethodologyId, TenantId } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { ProviderName } from "../../../stages/pool/ports.ts";
import type { Session } from "../engine/database.ts";
import { closingFacts } from "./closingFacts.ts";
import { IS_SUBJECTLESS } from "./pooledRows.ts";
import { knownClosing } from "./knownClosing.ts";

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
  const { facts, parameters } = await closingFacts(db, tenant, await knownClosing(db, tenant, closingId));
  const groups = await db.query<{
    provider: string;
    methodology: Uint8Array;
    year: number;
    is_subjectless: boolean;
    milligrams: Milligrams;
  }>(
    `SELECT s.provider, s.methodology,
       extract(year FROM date '1970-01-01' + g.utc_day)::int4 AS year,
       g.is_subjectless, sum(g.milligrams)::bigint AS milligrams
     FROM (
       SELECT f.source, f.utc_day, ${IS_SUBJECTLESS} AS is_subjectless,
         sum(f.milligrams)::bigint AS milligrams FROM ${facts} GROUP BY 1, 2, 3) g
     JOIN sources s ON s.source = g.source GROUP BY 1, 2, 3, 4`,
    parameters,
  );
  const providers = await db.query<ProviderName>(
    `SELECT p.provider AS id, p.name FROM providers p WHERE p.tenant = $1 AND p.provider = ANY($2::text[])
     ORDER BY p.provider`,
    [tenant, [...new Set(groups.map(({ provider }) => provider))]],
  );
  const methodologies = await db.query<{ methodology: Uint8Array; json: string }>(
    `SELECT m.methodology, m.json FROM methodologies m WHERE m.tenant = $1
     AND encode(m.methodology, 'hex') = ANY($2::text[]) ORDER BY m.methodology`,
    [tenant, [...new Set(groups.map(({ methodology }) => toHex(methodology).slice(2)))]],
  );
  return {
    providers,
    methodologies: methodologies.map((row) => ({
      id: toHex(row.methodology) as MethodologyId,
      json: row.json,
    })),
    years: [...new Set(groups.map(({ year }) => year))].toSorted((a, b) => a - b),
    subjectlessMilligrams: groups.reduce(
      (sum, group) => (group.is_subjectless ? sum + group.milligrams : sum),
      0n,
    ) as Milligrams,
  };
}
