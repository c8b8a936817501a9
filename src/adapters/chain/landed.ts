import { BaseError, ContractFunctionZeroDataError } from "viem";
import { UsageError } from "../../base/errors/errors.ts";
import type { Address } from "../../base/types/ids.ts";
import type { Intent } from "../../stages/outbox/ports.ts";
import type { ChainClient } from "./client.ts";
import { participantAppointed } from "./intents/appointParticipant.ts";
import { batchCommitted } from "./intents/commitBatch.ts";
import { registryConfigured } from "./intents/configureRegistry.ts";
import { contractDeployed } from "./intents/deployContract.ts";
import { batchMinted } from "./intents/mintIntent.ts";
import { methodologyPublished } from "./intents/publishMethodology.ts";
import { creditsRetired } from "./intents/retireIntent.ts";

type Recogniser = (client: ChainClient, intent: Intent & { to: Address }) => Promise<boolean>;

const RECOGNISERS: Readonly<Record<string, Recogniser>> = {
  appoint: participantAppointed,
  methodology: methodologyPublished,
  "key-scheme": registryConfigured,
  threshold: registryConfigured,
  "challenge-window": registryConfigured,
  commit: batchCommitted,
  mint: batchMinted,
  retire: creditsRetired,
};

/**
 * True where the chain, at its newest block, shows what the intent is for: by our transaction or any other.
 * @throws UsageError `outbox.unknown-kind`
 */
export async function landed(client: ChainClient, intent: Intent): Promise<boolean> {
  if (intent.kind === "deploy") return contractDeployed(client, intent);
  const recognise = RECOGNISERS[intent.kind];
  const { to } = intent;
  if (recognise === undefined || to === null) {
    throw new UsageError(
      "outbox.unknown-kind",
      `Nothing recognises intents of kind ${JSON.stringify(intent.kind)} on chain.`,
    );
  }
  try {
    return await recognise(client, { ...intent, to });
  } catch (error) {
    // No contract at the address (the chain lost its deployment): then nothing landed there either.
    if (
      error instanceof BaseError &&
      error.walk((cause) => cause instanceof ContractFunctionZeroDataError) !== null
    )
      return false;
    throw error;
  }
}
