import type { AssetMonthClaim, AssetMonths } from "../../../stages/dedupe/ports.ts";
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
}

/** Stores the claims that were kept. */
export async function saveAssetMonths(
  tx: Session,
  { entry }: RecordOwner,
  { months, added }: AssetMonths,
): Promise<void> {
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
