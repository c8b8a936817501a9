import { UsageError } from "../../../base/errors/errors.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { StoredRetirement } from "../../../stages/retire/ports.ts";
import type { Session } from "../engine/database.ts";
import { idPrefix } from "../engine/idPrefix.ts";
import { selectRetirements } from "./retirementRows.ts";

/**
 * A retirement by its id or by the first digits of it (with or without 0x) that no other shares; null where
 * there is none.
 * @throws UsageError `retirement.ambiguous`, `id.prefix`
 */
export async function findRetirement(
  db: Session,
  tenant: TenantId,
  idOrPrefix: string,
): Promise<StoredRetirement | null> {
  const found = await selectRetirements(db, tenant, idPrefix(idOrPrefix), "LIMIT 2");
  if (found.length > 1)
    throw new UsageError(
      "retirement.ambiguous",
      `More than one retirement id begins with ${idOrPrefix}. Give more digits.`,
    );
  return found[0] ?? null;
}
