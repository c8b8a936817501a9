import type { ChainClient } from "../../adapters/chain/client.ts";
import { readBatch, readRetirement } from "../../adapters/chain/readOnly.ts";
import { finishRetirement } from "../../adapters/storage/retirements/retirements.ts";
import { setBatchState } from "../../adapters/storage/batches/setBatchState.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { batchId, retirementId } from "../../base/lib/ids.ts";
import { decideFinal } from "../../stages/retire/decideFinal.ts";
import { decideBatchStep } from "../../stages/pool/decideBatchStep.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { OutboxEntry } from "../../stages/outbox/ports.ts";
import type { Context } from "../context.ts";

/**
 * Takes over what an intent that is final has brought about, from the chain's own state and not from what we
 * asked for. Idempotent: a crash before the entry is marked final, or a reorg after it, leads here
 * again.
 */
export async function onIntentFinal(
  context: Pick<Context, "db" | "tenant" | "log">,
  client: ChainClient,
  deployment: Deployment,
  entry: OutboxEntry,
): Promise<void> {
  const { db, tenant } = context;
  const { contracts } = deployment;
  const id = entry.key.slice(entry.key.indexOf(":") + 1);
  switch (entry.kind) {
    case "commit":
      await setBatchState(db, tenant, batchId(id), { kind: "shown", state: "committed" }, decideBatchStep);
      break;
    case "mint": {
      const batch = await readBatch(client, contracts, batchId(id));
      if (!batch) throw vanished(entry);
      const shown = { kind: "shown", state: "minted", mintedMilligrams: batch.minted } as const;
      await setBatchState(db, tenant, batchId(id), shown, decideBatchStep);
      break;
    }
    case "retire": {
      const record = await readRetirement(client, contracts, retirementId(id), BigInt(deployment.block));
      if (!record) throw vanished(entry);
      await finishRetirement(db, tenant, record, decideFinal);
      break;
    }
    default:
      return;
  }
  context.log.info({ intent: entry.key, block: entry.blockNumber?.toString() }, "final");
}

function vanished({ key }: OutboxEntry): CheckFailedError {
  return new CheckFailedError(
    "chain.vanished",
    `${key} was final and the chain no longer shows it. Run the command again: the outbox sends it anew.`,
  );
}
