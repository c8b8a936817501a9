import type { RegionCode, TenantId } from "../../../base/types/ids.ts";
import type { Day, MicroUnits, Milligrams } from "../../../base/types/quantities.ts";
import type { Session } from "../engine/database.ts";

/** What one class of behaviour came to in a region. */
export interface BehaviourCount {
  readonly region: RegionCode;
  readonly scenario: string;
  readonly unit: string;
  readonly acts: number;
  readonly quantity: MicroUnits;
  readonly milligrams: Milligrams;
}

/**
 * Acts that methodologies of the category behaviour counted, by region and class.
 * @param startDay and `endDay`: days of the methodologies' zones, both inclusive
 */
export async function countBehaviour(
  db: Session,
  tenant: TenantId,
  startDay: Day,
  endDay: Day,
): Promise<BehaviourCount[]> {
  const rows = await db.query<Omit<BehaviourCount, "acts"> & { readonly acts: bigint }>(
    `SELECT s.region, s.scenario, s.unit, count(*) AS acts, sum(f.quantity)::bigint AS quantity,
       sum(f.milligrams)::bigint AS milligrams
     FROM facts f JOIN sources s ON s.source = f.source AND s.tenant = $1
     WHERE s.methodology IN (SELECT m.methodology FROM methodologies m
         WHERE m.tenant = $1 AND m.category = 'behaviour')
       AND f.utc_day BETWEEN $2 - 1 AND $3 + 1 AND f.utc_day + f.day_shift BETWEEN $2 AND $3
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    [tenant, startDay, endDay],
  );
  return rows.map(({ acts, ...row }) => ({ ...row, acts: Number(acts) }));
}
