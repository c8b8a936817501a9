import { decodeFunctionData, encodeFunctionData } from "viem";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { ChainEffect, Intent } from "../../../stages/outbox/ports.ts";
import { settlementCashAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT } from "../chainEffects.ts";

/** Whose settlement cash it is, for good. @param firmId 16 bytes, as the key service tells it */
export function setCashIssuer(cash: Address, governor: Address, firmId: Hex): Intent {
  return {
    key: `cash-issuer:${firmId.toLowerCase()}`,
    kind: "cash",
    from: governor,
    to: cash,
    data: encodeFunctionData({ abi: settlementCashAbi, functionName: "setIssuer", args: [firmId] }),
  };
}

/** Lets so much settlement cash circulate. @param limit base units (10^-6), above the limit that is */
export function raiseCashLimit(cash: Address, governor: Address, limit: bigint): Intent {
  return {
    key: `cash-limit:${limit.toString()}`,
    kind: "cash",
    from: governor,
    to: cash,
    data: encodeFunctionData({ abi: settlementCashAbi, functionName: "raiseLimit", args: [limit] }),
  };
}

/** What the call sets, and what the token has. A limit that is higher by now was raised as far as asked. */
export async function readCashEffect(
  client: ChainClient,
  intent: Intent & { to: Address },
): Promise<ChainEffect> {
  const cash = { address: intent.to, abi: settlementCashAbi } as const;
  const call = decodeFunctionData({ abi: settlementCashAbi, data: intent.data });
  if (call.functionName === "setIssuer") {
    const shown = await client.ask(async (rpc) => rpc.readContract({ ...cash, functionName: "issuer" }));
    return { planned: { issuer: call.args[0] }, shown: { issuer: shown } };
  }
  if (call.functionName !== "raiseLimit") return NO_EFFECT;
  const [asked] = call.args;
  const limit = await client.ask(async (rpc) => rpc.readContract({ ...cash, functionName: "limit" }));
  return { planned: { isReached: true }, shown: { isReached: limit >= asked } };
}
