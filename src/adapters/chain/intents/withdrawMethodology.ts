import { decodeFunctionData, encodeFunctionData } from "viem";
import type { Address, MethodologyId } from "../../../base/types/ids.ts";
import type { Intent, ChainEffect } from "../../../stages/outbox/ports.ts";
import { methodologyRegistryAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT } from "../chainEffects.ts";

/** `MethodologyStatus.Published`. */
export const METHODOLOGY_PUBLISHED = 1;
const WITHDRAWN = 2;

/**
 * Withdraws a methodology version from batches that are committed from the next second on. `registrar` must
 * be who the access manager lets publish.
 */
export function withdrawMethodology(registry: Address, registrar: Address, id: MethodologyId): Intent {
  const data = encodeFunctionData({
    abi: methodologyRegistryAbi,
    functionName: "setWithdrawn",
    args: [id, true],
  });
  return {
    key: `methodology-withdrawn:${id}`,
    kind: "methodology-withdrawn",
    from: registrar,
    to: registry,
    data,
  };
}

/** The status asked for, and the one that the registry has. */
export async function readWithdrawalEffect(
  client: ChainClient,
  intent: Intent & { to: Address },
): Promise<ChainEffect> {
  const call = decodeFunctionData({ abi: methodologyRegistryAbi, data: intent.data });
  if (call.functionName !== "setWithdrawn") return NO_EFFECT;
  const [id, isWithdrawn] = call.args;
  const { status } = await client.ask(async (rpc) =>
    rpc.readContract({
      address: intent.to,
      abi: methodologyRegistryAbi,
      functionName: "termsOf",
      args: [id],
    }),
  );
  return { planned: { status: isWithdrawn ? WITHDRAWN : METHODOLOGY_PUBLISHED }, shown: { status } };
}
