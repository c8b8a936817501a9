import { UnknownError, UsageError } from "../../../base/errors/errors.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";
import { findRetirement } from "./findRetirement.ts";
import type { StoredRetirement } from "../../../stages/retire/ports.ts";

/**
 * As `findRetirement`, where the retirement must be there.
 * @throws UsageError `retirement.unknown`, or as `findRetirement`
 */
export async function knownRetirement(
  db: Session,
  tenant: TenantId,
  idOrPrefix: string,
): Promise<StoredRetirement> {
  const found = await findRetirement(db, tenant, idOrPrefix);
  if (found === null) throw unknownRetirement(idOrPrefix);
  return found;
}

/** @returns UsageError `retirement.unknown` */
export function unknownRetirement(idOrPrefix: string): UsageError {
  return new UnknownError(
    "retirement.unknown",
    `There is no retirement ${JSON.stringify(idOrPrefix.slice(0, 80))} here.`,
  );
}
