import { StateError } from "../../../base/errors/errors.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";
import { findNumberedClosing, type NumberedClosing } from "./closings.ts";

/** As `findNumberedClosing`, where the closing must be there. @throws StateError `closing.unknown` */
export async function knownClosing(
  db: Session,
  tenant: TenantId,
  closingId: Uint8Array,
): Promise<NumberedClosing> {
  const closing = await findNumberedClosing(db, tenant, closingId);
  if (closing === null)
    throw new StateError("closing.unknown", "There is no closing with this id. Start one first.");
  return closing;
}
