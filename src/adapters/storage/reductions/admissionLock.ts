import type { TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";

/**
 * Admissions of one tenant share this lock and a closing takes it alone: so no reduction joins an activity
 * key while the key's other reductions are being frozen. Held to the end of the transaction.
 */
export async function lockAdmission(tx: Session, tenant: TenantId, mode: "shared" | "alone"): Promise<void> {
  const take = mode === "shared" ? "pg_advisory_xact_lock_shared" : "pg_advisory_xact_lock";
  await tx.query(`SELECT ${take}(hashtextextended('microtonne/admission/' || $1, 0))`, [tenant]);
}

/**
 * Admissions that name assets, and whoever enters other claims on them, take this lock alone, from before
 * they look at what is claimed to the end of the transaction. Taken after `lockAdmission`, before
 * `lockSubjects`.
 */
export async function lockAssets(tx: Session, tenant: TenantId): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('microtonne/assets/' || $1, 0))", [tenant]);
}

/**
 * Admissions that name subjects take this lock alone, from before they look at what their subjects did to the
 * end of the transaction: so two of them see each other's acts, and none slips under a cap. Taken after
 * `lockAdmission`.
 */
export async function lockSubjects(tx: Session, tenant: TenantId): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('microtonne/subjects/' || $1, 0))", [tenant]);
}

/**
 * Admissions under methodologies that cap days or years take this lock alone, from before they look at what
 * is used to the end of the transaction: so two of them never give one room away twice. Taken after
 * `lockSubjects`.
 */
export async function lockCaps(tx: Session, tenant: TenantId): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('microtonne/caps/' || $1, 0))", [tenant]);
}
