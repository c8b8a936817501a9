import { decodeFunctionData, encodeFunctionData, stringToHex } from "viem";
import type { Address } from "../../../base/types/ids.ts";
import type { Methodology } from "../../../base/types/methodology.ts";
import { methodologyIdOf, validityDays } from "../../../format/batch/methodology.ts";
import type { Intent, ChainEffect } from "../../../stages/outbox/ports.ts";
import { methodologyRegistryAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT } from "../chainEffects.ts";

/**
 * Lets batches use a methodology version, on the days for which it is valid. `admin` must be who the access
 * manager lets publish.
 */
export function publishMethodology(registry: Address, admin: Address, methodology: Methodology): Intent {
  const id = methodologyIdOf(methodology);
  const { first, last } = validityDays(methodology);
  const data = encodeFunctionData({
    abi: methodologyRegistryAbi,
    functionName: "publish",
    args: [id, stringToHex(methodology.region, { size: 8 }), first, last],
  });
  return { key: `methodology:${id}`, kind: "methodology", from: admin, to: registry, data };
}

/** The methodology on the terms asked for, and on those that the registry has, withdrawn since or not. */
export async function readMethodologyEffect(
  client: ChainClient,
  intent: Intent & { to: Address },
): Promise<ChainEffect> {
  const call = decodeFunctionData({ abi: methodologyRegistryAbi, data: intent.data });
  if (call.functionName !== "publish") return NO_EFFECT;
  const [id, region, firstDay, lastDay] = call.args;
  const terms = await client.ask(async (rpc) =>
    rpc.readContract({
      address: intent.to,
      abi: methodologyRegistryAbi,
      functionName: "termsOf",
      args: [id],
    }),
  );
  if (terms.status === 0) return NO_EFFECT;
  return { planned: { region, firstDay, lastDay }, shown: { ...terms } };
}
