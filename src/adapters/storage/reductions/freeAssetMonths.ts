import type { TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";
import { notCompromised } from "../providers/revokedRecords.ts";
import { tenantEntry } from "../records/tenantEntry.ts";
import { lockAdmission, lockAssets } from "./admissionLock.ts";
import type { DroppedRecords } from "./freeCapUse.ts";

/**
 * What claims an asset's month of a tenant (`$1`), each with its side and month. `dropped`: nothing may
 * become of it; `freed`: it is of the dropped records that are given (`$2` to `$5`).
 */
const HELD = `SELECT h.*, h.dropped AND h.is_given AS freed FROM (
    SELECT f.provider, f.scenario, f.quantity,
      CASE WHEN m.category = 'project' THEN 'project' ELSE 'act' END AS side,
      decode(substr(f.asset, 3), 'hex') AS asset,
      (extract(year FROM f.date) - 1970) * 12 + extract(month FROM f.date) - 1 AS month,
      f.disposition = 'open' AND NOT ${notCompromised("f")} AS dropped,
      f.provider = $2 AND f.signing_key = $3 AND f.arrived_at >= $4
        AND ($5::bigint IS NULL OR f.arrived_at < $5) AS is_given
    FROM (SELECT r.*, date '1970-01-01' + r.day AS date,
        CASE WHEN r.extra <> '' THEN convert_from(r.extra, 'UTF8')::jsonb #>> '{asset,key}' END AS asset
      FROM reductions r WHERE r.tenant = $1) f
    LEFT JOIN methodologies m ON m.tenant = $1 AND m.methodology = f.methodology
    WHERE f.asset IS NOT NULL AND m.category IS DISTINCT FROM 'behaviour') h`;

/**
 * Gives back the months of assets and projects that dropped records hold, for the true reports that are yet
 * to come: as far as they are open, so in no closing, and as far as nothing else that counts claims the same.
 * Certificates stay. Reads all of the tenant's facts once, where anything is claimed at all. Called when the
 * key's end is stored.
 */
export async function freeAssetMonths(
  tx: Session,
  tenant: TenantId,
  { provider, publicKey, from, before }: DroppedRecords,
): Promise<void> {
  const { number } = await tenantEntry(tx, tenant);
  // No closing takes any of them meanwhile, and no admission claims.
  await lockAdmission(tx, tenant, "shared");
  await lockAssets(tx, tenant);
  const [any] = await tx.query("SELECT 1 FROM asset_claims WHERE tenant = $1 LIMIT 1", [number]);
  if (any === undefined) return;
  const given = [tenant, provider, publicKey, from, before] as const;
  // A project's month is claimed for all classes at once, by one record of that project.
  await tx.query(
    `WITH held AS MATERIALIZED (${HELD})
     DELETE FROM asset_claims a WHERE a.tenant = $6
       AND (a.asset, a.month, a.side) IN (SELECT asset, month, side FROM held WHERE freed)
       AND NOT EXISTS (SELECT 1 FROM held h WHERE NOT h.dropped AND h.asset = a.asset AND h.month = a.month
         AND h.side = a.side AND (h.side = 'project' OR h.scenario = a.class))
       AND (a.side = 'project' OR EXISTS (SELECT 1 FROM held h WHERE h.freed AND h.asset = a.asset
         AND h.month = a.month AND h.side = a.side AND h.scenario = a.class))`,
    [...given, number],
  );
  const freed = await tx.query<{ month: number; installations: number; quantity: bigint }>(
    `SELECT h.month::int4 AS month, count(*)::int4 AS installations,
       least(sum(h.quantity), 9223372036854775807)::bigint AS quantity
     FROM (${HELD}) h WHERE h.freed AND h.side = 'project' GROUP BY 1`,
    given,
  );
  await lowerProjectMonths(tx, number, provider, freed);
}

/** A month that nothing is left of is none. */
async function lowerProjectMonths(
  tx: Session,
  number: number,
  project: string,
  by: readonly { readonly month: number; readonly installations: number; readonly quantity: bigint }[],
): Promise<void> {
  if (by.length === 0) return;
  const given = [
    number,
    project,
    by.map(({ month }) => month),
    by.map(({ installations }) => installations),
  ] as const;
  await tx.query(
    `DELETE FROM project_months p USING unnest($3::integer[], $4::integer[]) AS g (month, installations)
     WHERE p.tenant = $1 AND p.project = $2 AND p.month = g.month AND p.installations <= g.installations`,
    given,
  );
  // Of a project whose capacity says nothing about a month, no quantity was counted.
  await tx.query(
    `UPDATE project_months p SET installations = p.installations - g.installations,
       quantity = greatest(p.quantity - g.quantity, 0)
     FROM unnest($3::integer[], $4::integer[], $5::bigint[]) AS g (month, installations, quantity)
     WHERE p.tenant = $1 AND p.project = $2 AND p.month = g.month`,
    [...given, by.map(({ quantity }) => quantity)],
  );
}
