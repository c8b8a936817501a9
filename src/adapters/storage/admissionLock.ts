import type { TenantId } from "../../base/types/ids.ts";
import type { Session } from "./database.ts";

/**
 * Admissions of one tenant share this lock and a closing takes it alone: so no reduction joins an activity key while the key's other
 * reductions are being frozen. Held to the end of the transaction.
 */
export async function lockAdmission(tx: Session, tenant: TenantId, mode: "shared" | "alone"): Promise<void> {
  const take = mode === "shared" ? "pg_advisory_xact_lock_shared" : "pg_advisory_xact_lock";
  await tx.query(`SELECT ${take}(hashtextextended('microtonne/admission/' || $1, 0))`, [tenant]);
}
