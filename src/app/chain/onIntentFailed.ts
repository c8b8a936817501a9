import { failRetirement } from "../../adapters/storage/retirements/retirements.ts";
import { findRetirement } from "../../adapters/storage/retirements/findRetirement.ts";
import { outboxStore } from "../../adapters/storage/outbox/outbox.ts";
import { decideFailure } from "../../stages/retire/decideFailure.ts";
import type { Context } from "../context.ts";

const RETIRE = "retire:";

/**
 * Takes over that the chain refuses an intent for good: the intent is marked, and a retirement that waits for
 * it has failed, both or none. Idempotent. A retirement that was final and is refused after a reorg
 * stays as it is.
 * @throws StateError as `outboxStore`
 */
export async function onIntentFailed(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  key: string,
  failure: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    await outboxStore(tx, tenant).markFailed(key, failure);
    if (!key.startsWith(RETIRE)) return;
    const waiting = await findRetirement(tx, tenant, key.slice(RETIRE.length));
    if (waiting !== null && waiting.record === null)
      await failRetirement(tx, tenant, waiting.retirementId, failure, decideFailure);
  });
}
