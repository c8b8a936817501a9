import type { AssetMonthClaim, AssetMonths, ProjectMonthSum } from "../../../stages/dedupe/ports.ts";
import type { Session } from "../engine/database.ts";
import type { RecordOwner } from "../records/findRecords.ts";
import { lockAssets } from "./admissionLock.ts";

/**
 * Reads who counts these assets' months into them: one look-up for each of them. Other admissions that name
 * assets wait from here to the transaction's end. Without assets it does nothing.
 */
export async function loadAssetMonths(
  tx: Session,
  { tenant, entry }: RecordOwner,
  opened: AssetMonths,
): Promise<void> {
  const { months } = opened;
  if (months.length === 0) return;
  await lockAssets(tx, tenant);
  // A statement of its own: it sees what was committed while the lock was waited for.
  const rows = await tx.query<AssetMonthClaim>(
    `SELECT (given.n - 1)::int4 AS of, a.class, a.side, a.claimant, a.certified
     FROM unnest($2::text[], $3::integer[]) WITH ORDINALITY AS given (asset, month, n)
     CROSS JOIN LATERAL (SELECT * FROM asset_claims c WHERE c.tenant = $1
       AND c.asset = decode(given.asset, 'hex') AND c.month = given.month OFFSET 0) a`,
    [entry.number, months.map(({ asset }) => asset.slice(2)), months.map(({ month }) => month)],
  );
  for (const row of rows) opened.enter(row);
  await loadProjectMonths(tx, entry.number, opened);
}

/** Reads into them what the projects' installations have come to in these months. */
async function loadProjectMonths(tx: Session, number: number, opened: AssetMonths): Promise<void> {
  const { projectMonths } = opened;
  if (projectMonths.length === 0) return;
  const sums = await tx.query<ProjectMonthSum>(
    `SELECT (given.n - 1)::int4 AS of, p.installations, p.quantity
     FROM unnest($2::text[], $3::integer[]) WITH ORDINALITY AS given (project, month, n)
     JOIN project_months p ON p.tenant = $1 AND p.project = given.project AND p.month = given.month`,
    [number, projectMonths.map(({ project }) => project), projectMonths.map(({ month }) => month)],
  );
  for (const sum of sums) opened.enterSum(sum);
}

/** Stores the claims that were kept, and what they raise their projects' months by. */
export async function saveAssetMonths(
  tx: Session,
  { entry }: RecordOwner,
  opened: AssetMonths,
): Promise<void> {
  await saveProjectMonths(tx, entry.number, opened);
  const { months, added } = opened;
  if (added.length === 0) return;
  const of = added.map((claim) => months[claim.of] as AssetMonths["months"][number]);
  await tx.query(
    `INSERT INTO asset_claims (tenant, asset, month, class, side, claimant)
     SELECT $1, decode(asset, 'hex'), month, class, side, claimant
     FROM unnest($2::text[], $3::integer[], $4::text[], $5::text[], $6::text[])
       AS c (asset, month, class, side, claimant)`,
    [
      entry.number,
      of.map(({ asset }) => asset.slice(2)),
      of.map(({ month }) => month),
      added.map((claim) => claim.class),
      added.map(({ side }) => side),
      added.map(({ claimant }) => claimant),
    ],
  );
}

async function saveProjectMonths(
  tx: Session,
  number: number,
  { projectMonths, raised }: AssetMonths,
): Promise<void> {
  if (raised.length === 0) return;
  const of = raised.map((one) => projectMonths[one.of] as AssetMonths["projectMonths"][number]);
  await tx.query(
    `INSERT INTO project_months (tenant, project, month, installations, quantity)
     SELECT $1, project, month, sum(installations), sum(quantity)
     FROM unnest($2::text[], $3::integer[], $4::integer[], $5::bigint[]) 
       AS r (project, month, installations, quantity)
     GROUP BY project, month
     ON CONFLICT (tenant, project, month) DO UPDATE SET
       installations = project_months.installations + excluded.installations,
       quantity = project_months.quantity + excluded.quantity`,
    [
      number,
      of.map(({ project }) => project),
      of.map(({ month }) => month),
      raised.map(({ installations }) => installations),
      raised.map(({ quantity }) => quantity),
    ],
  );
}
