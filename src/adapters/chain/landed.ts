import { BaseError, ContractFunctionZeroDataError } from "viem";
import { UsageError } from "../../base/errors/errors.ts";
import type { Address } from "../../base/types/ids.ts";
import type { Intent, Sighting } from "../../stages/outbox/ports.ts";
import type { ChainClient } from "./client.ts";
import { sightKeyScheme } from "./intents/allowKeyScheme.ts";
import { sightParticipant } from "./intents/appointParticipant.ts";
import { sightCommit } from "./intents/commitBatch.ts";
import { sightContract } from "./intents/deployContract.ts";
import { sightMint } from "./intents/mintIntent.ts";
import { sightMethodology } from "./intents/publishMethodology.ts";
import { sightRetirement } from "./intents/retireIntent.ts";
import type { OutboxContext } from "./outbox/context.ts";
import { NOTHING } from "./sightings.ts";

type Sight = (client: ChainClient, intent: Intent & { to: Address }) => Promise<Sighting>;

const SIGHTS: Readonly<Record<string, Sight>> = {
  appoint: sightParticipant,
  methodology: sightMethodology,
  "key-scheme": sightKeyScheme,
  commit: sightCommit,
  mint: sightMint,
  retire: sightRetirement,
};

/**
 * Whether the chain, at its newest block, shows what the intent is for: by our transaction or any other.
 * @throws UsageError `outbox.unknown-kind`
 */
export async function landed(
  { client, hasLanded }: Pick<OutboxContext, "client" | "hasLanded">,
  intent: Intent,
): Promise<boolean> {
  return hasLanded(await sight(client, intent));
}

async function sight(client: ChainClient, intent: Intent): Promise<Sighting> {
  if (intent.kind === "deploy") return sightContract(client, intent);
  const look = SIGHTS[intent.kind];
  const { to } = intent;
  if (look === undefined || to === null) {
    throw new UsageError(
      "outbox.unknown-kind",
      `Nothing recognises intents of kind ${JSON.stringify(intent.kind)} on chain.`,
    );
  }
  try {
    return await look(client, { ...intent, to });
  } catch (error) {
    // No contract at the address (the chain lost its deployment): then nothing landed there either.
    if (
      error instanceof BaseError &&
      error.walk((cause) => cause instanceof ContractFunctionZeroDataError) !== null
    )
      return NOTHING;
    throw error;
  }
}
