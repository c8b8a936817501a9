import { awaitFinality } from "./outbox/awaitFinality.ts";
import type { OutboxContext } from "./outbox/context.ts";
import { demoteLost } from "./outbox/demoteLost.ts";
import { sendIntent } from "./outbox/sendIntent.ts";

export type { OutboxContext } from "./outbox/context.ts";

/**
 * Brings every unfinished intent on chain exactly once, in order, and waits until all are final. Begins by
 * sending again what the chain has lost since. Idempotent; resumes from any point.
 * @returns how many intents became final
 * @throws CheckFailedError `outbox.failed` at the first intent that a contract refuses (it is marked failed;
 * a later call goes on with the rest); UnavailableError `chain.unavailable`, `outbox.not-mined`,
 * `outbox.not-final`; StateError `chain.no-funds`; UsageError `outbox.no-signer`, `outbox.unknown-kind`
 */
export async function settleOutbox(context: OutboxContext): Promise<number> {
  let settled = 0;
  await demoteLost(context);
  for (;;) {
    if ((await context.store.unfinished()).length === 0) return settled;
    let allMined = true;
    for (const entry of await context.store.unfinished()) {
      if (entry.state !== "mined") allMined = await sendIntent(context, entry);
      if (!allMined) break;
    }
    if (!allMined) continue;
    for (const entry of await context.store.unfinished()) {
      if (entry.state !== "mined" || !(await awaitFinality(context, entry))) break;
      settled += 1;
    }
  }
}
