import { decodeFunctionData, encodeFunctionData, keccak256 } from "viem";
import { concatBytes, fromHex, utf8 } from "../../../base/lib/bytes.ts";
import type { Address } from "../../../base/types/ids.ts";
import type { ChainEffect, Intent } from "../../../stages/outbox/ports.ts";
import { accessManagerAbi } from "../abis.generated.ts";
import type { ManagedCall } from "../accessManager.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT, SOME_EFFECT } from "../chainEffects.ts";

/**
 * Announces a call of a role whose calls wait: it may be made once the role's delay has gone by, and within a
 * week after that.
 * @param nonce how often the call was scheduled before
 */
export function scheduleCall(manager: Address, account: Address, call: ManagedCall, nonce: number): Intent {
  const data = encodeFunctionData({
    abi: accessManagerAbi,
    functionName: "schedule",
    args: [call.to, call.data, 0],
  });
  const name = keccak256(concatBytes(utf8(account), fromHex(data))).slice(2, 18);
  return { key: `schedule:${name}:${String(nonce)}`, kind: "schedule", from: account, to: manager, data };
}

/** Something while the call is scheduled. */
export async function readScheduleEffect(
  client: ChainClient,
  intent: Intent & { to: Address },
): Promise<ChainEffect> {
  const scheduled = decodeFunctionData({ abi: accessManagerAbi, data: intent.data });
  if (scheduled.functionName !== "schedule") return NO_EFFECT;
  const [target, data] = scheduled.args;
  const manager = { address: intent.to, abi: accessManagerAbi } as const;
  const readyAt = await client.ask(async (rpc) => {
    const operation = await rpc.readContract({
      ...manager,
      functionName: "hashOperation",
      args: [intent.from, target, data],
    });
    return rpc.readContract({ ...manager, functionName: "getSchedule", args: [operation] });
  });
  return readyAt === 0 ? NO_EFFECT : SOME_EFFECT;
}
