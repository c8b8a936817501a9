import { fromHex } from "../../../base/lib/bytes.ts";
import { monthOfDay } from "../../../base/lib/time/calendar.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Day } from "../../../base/types/quantities.ts";
import type { Certificate, CertificateOutcome, DecideCertificate } from "../../../stages/dedupe/ports.ts";
import type { Database, Session } from "../engine/database.ts";
import { tenantEntry } from "../records/tenantEntry.ts";
import { lockAdmission, lockAssets } from "./admissionLock.ts";

/**
 * Enters certificates of other registries as claims on their meters' months, each as `decide` says, in one
 * transaction that no admission of assets overlaps. A certificate claims every month that its days touch,
 * with all of its energy: nobody knows how it is spread. Outcomes in the order given.
 */
export async function addCertificates(
  db: Database,
  tenant: TenantId,
  certificates: readonly Certificate[],
  decide: DecideCertificate,
): Promise<CertificateOutcome[]> {
  return db.transaction(async (tx) => {
    await lockAdmission(tx, tenant, "shared");
    await lockAssets(tx, tenant);
    const { number } = await tenantEntry(tx, tenant);
    const outcomes: CertificateOutcome[] = [];
    // One after another: a certificate may stand twice in one file.
    for (const certificate of certificates) {
      const outcome = decide(certificate, {
        standing: await standingOf(tx, tenant, certificate),
        classes: await classesOf(tx, number, certificate),
        certified: await certifiedOf(tx, number, certificate),
      });
      if (outcome === "added") await enter(tx, tenant, number, certificate);
      outcomes.push(outcome);
    }
    return outcomes;
  });
}

async function standingOf(tx: Session, tenant: TenantId, { id, asset }: Certificate) {
  const [row] = await tx.query<{ firstDay: Day; lastDay: Day; microKwh: bigint }>(
    `SELECT first_day AS "firstDay", last_day AS "lastDay", micro_kwh AS "microKwh" FROM external_claims
     WHERE tenant = $1 AND certificate = $2 AND asset = $3`,
    [tenant, id, fromHex(asset, 32)],
  );
  return row ?? null;
}

async function classesOf(
  tx: Session,
  tenant: number,
  { asset, firstDay, lastDay }: Certificate,
): Promise<string[]> {
  const rows = await tx.query<{ class: string }>(
    `SELECT DISTINCT class FROM asset_claims WHERE tenant = $1 AND asset = $2 AND month BETWEEN $3 AND $4
     AND side <> 'certificate'`,
    [tenant, fromHex(asset, 32), monthOfDay(firstDay), monthOfDay(lastDay)],
  );
  return rows.map((row) => row.class);
}

/** Energy of the certificates that are here, in the month of the given one that has most of it. */
async function certifiedOf(
  tx: Session,
  tenant: number,
  { asset, firstDay, lastDay }: Certificate,
): Promise<bigint> {
  const [row] = await tx.query<{ most: bigint | null }>(
    `SELECT max(certified) AS most FROM asset_claims WHERE tenant = $1 AND asset = $2
     AND month BETWEEN $3 AND $4 AND side = 'certificate'`,
    [tenant, fromHex(asset, 32), monthOfDay(firstDay), monthOfDay(lastDay)],
  );
  return row?.most ?? 0n;
}

async function enter(
  tx: Session,
  tenant: TenantId,
  number: number,
  { id, asset, firstDay, lastDay, microKwh }: Certificate,
): Promise<void> {
  await tx.query(
    `INSERT INTO external_claims (tenant, certificate, asset, first_day, last_day, micro_kwh)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [tenant, id, fromHex(asset, 32), firstDay, lastDay, microKwh],
  );
  await tx.query(
    `INSERT INTO asset_claims (tenant, asset, month, class, side, claimant, certified)
     SELECT $1, $2, month, '', 'certificate', $5, $6 FROM generate_series($3::integer, $4::integer) AS month
     ON CONFLICT (tenant, asset, month, class)
     DO UPDATE SET certified = asset_claims.certified + excluded.certified`,
    [number, fromHex(asset, 32), monthOfDay(firstDay), monthOfDay(lastDay), id, microKwh],
  );
}
