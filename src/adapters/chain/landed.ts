import { BaseError, ContractFunctionZeroDataError } from "viem";
import { UsageError } from "../../base/errors/errors.ts";
import type { Address } from "../../base/types/ids.ts";
import type { Intent, ChainEffect } from "../../stages/outbox/ports.ts";
import type { ChainClient } from "./client.ts";
import { readKeySchemeEffect } from "./intents/allowKeyScheme.ts";
import { readParticipantEffect } from "./intents/appointParticipant.ts";
import { readCommitEffect } from "./intents/commitBatch.ts";
import { readSettingEffect } from "./intents/changeSetting.ts";
import { readContractEffect } from "./intents/deployContract.ts";
import { readMintEffect } from "./intents/mintIntent.ts";
import { readRoleEffect } from "./intents/giveOutRoles.ts";
import { readMethodologyEffect } from "./intents/publishMethodology.ts";
import { readRulesEffect } from "./intents/publishRules.ts";
import { readRetirementEffect } from "./intents/retireIntent.ts";
import { readScheduleEffect } from "./intents/scheduleCall.ts";
import { readCashEffect } from "./intents/setUpCash.ts";
import { readWithdrawalEffect } from "./intents/withdrawMethodology.ts";
import type { OutboxContext } from "./outbox/context.ts";
import { NO_EFFECT } from "./chainEffects.ts";

type EffectReader = (client: ChainClient, intent: Intent & { to: Address }) => Promise<ChainEffect>;

const EFFECT_READERS: Readonly<Record<string, EffectReader>> = {
  appoint: readParticipantEffect,
  methodology: readMethodologyEffect,
  "methodology-withdrawn": readWithdrawalEffect,
  rules: readRulesEffect,
  "key-scheme": readKeySchemeEffect,
  cash: readCashEffect,
  schedule: readScheduleEffect,
  role: readRoleEffect,
  setting: readSettingEffect,
  commit: readCommitEffect,
  mint: readMintEffect,
  retire: readRetirementEffect,
};

/**
 * Whether the chain, at its newest block, shows what the intent is for: by our transaction or any other.
 * @throws UsageError `outbox.unknown-kind`
 */
export async function landed(
  { client, hasLanded }: Pick<OutboxContext, "client" | "hasLanded">,
  intent: Intent,
): Promise<boolean> {
  return hasLanded(await readEffect(client, intent));
}

async function readEffect(client: ChainClient, intent: Intent): Promise<ChainEffect> {
  if (intent.kind === "deploy") return readContractEffect(client, intent);
  const look = EFFECT_READERS[intent.kind];
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
      return NO_EFFECT;
    throw error;
  }
}
