import { decodeFunctionData, encodeFunctionData } from "viem";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { Intent, ChainEffect } from "../../../stages/outbox/ports.ts";
import { batchRegistryAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT } from "../chainEffects.ts";

/**
 * Lets batches with this key scheme in, or no longer. `admin` must hold the access manager's admin role.
 */
export function allowKeyScheme(
  registry: Address,
  admin: Address,
  keySchemeHash: Hex,
  allowed = true,
): Intent {
  const data = encodeFunctionData({
    abi: batchRegistryAbi,
    functionName: "setKeyScheme",
    args: [keySchemeHash, allowed],
  });
  return {
    key: `key-scheme:${keySchemeHash}:${allowed ? "allow" : "forbid"}`,
    kind: "key-scheme",
    from: admin,
    to: registry,
    data,
  };
}

/** The setting as the intent makes it, and as the registry has it. */
export async function readKeySchemeEffect(
  client: ChainClient,
  intent: Intent & { to: Address },
): Promise<ChainEffect> {
  const call = decodeFunctionData({ abi: batchRegistryAbi, data: intent.data });
  if (call.functionName !== "setKeyScheme") return NO_EFFECT;
  const [hash, allowed] = call.args;
  const isAllowed = await client.ask(async (rpc) =>
    rpc.readContract({
      address: intent.to,
      abi: batchRegistryAbi,
      functionName: "keySchemeAllowed",
      args: [hash],
    }),
  );
  return { planned: { allowed }, shown: { allowed: isAllowed } };
}
