import { StateError } from "../../../base/errors/errors.ts";
import type { SubjectKey, TenantId } from "../../../base/types/ids.ts";
import type { Database } from "../engine/database.ts";
import { findClosing } from "./closings.ts";

/**
 * Erases a subject's salt keys for good: what was published about the subject's acts can no longer be linked
 * to the records here. The activity keys stay linkable to whoever has the subject key and the key service.
 * Returns how many keys were erased.
 * The last of erasure's three steps, and no door leads here before the first two are built
 * (docs/design/rooms.md, "What waits").
 * @throws StateError `closing.unfinished` while a batch is being closed, whose leaves may need them
 */
export async function eraseSaltKeys(db: Database, tenant: TenantId, subjectKey: SubjectKey): Promise<number> {
  return db.transaction(async (tx) => {
    if ((await findClosing(tx, tenant)) !== null) {
      throw new StateError(
        "closing.unfinished",
        "A batch is being closed and may need this key. Finish the closing, then erase.",
      );
    }
    const erased = await tx.query(
      `UPDATE subject_salt_keys SET sealed_key = NULL
       WHERE tenant = $1 AND holder = salt_holder($2, '') AND sealed_key IS NOT NULL RETURNING 1`,
      [tenant, subjectKey],
    );
    return erased.length;
  });
}
