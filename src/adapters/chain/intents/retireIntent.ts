import { decodeFunctionData, encodeFunctionData, stringToHex, zeroHash } from "viem";
import { compareBytes, fromHex } from "../../../base/lib/bytes.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { Purpose } from "../../../base/types/retirement.ts";
import { purposeNumber, retirementIdOf } from "../../../format/onchain/retirementRecord.ts";
import type { Intent, ChainEffect } from "../../../stages/outbox/ports.ts";
import { retirementRegistryAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT, SOME_EFFECT } from "../chainEffects.ts";

export interface RetirementRequest {
  /** 32 bytes, once for each retirement of the holder. */
  readonly nonce: Hex;
  readonly beneficiaryHash: Hex;
  /** Null for none. */
  readonly documentHash: Hex | null;
  readonly purpose: Purpose;
  readonly reportingYear: number;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** > 0 each, one per batch, in any order. */
  readonly amounts: readonly { readonly batchId: BatchId; readonly milligrams: Milligrams }[];
}

/** Retires credits of `holder`. The id follows from holder and nonce, before anything is sent. */
export function retireIntent(
  registry: Address,
  holder: Address,
  request: RetirementRequest,
): Intent & { retirementId: RetirementId } {
  const amounts = request.amounts
    .toSorted((a, b) => compareBytes(fromHex(a.batchId), fromHex(b.batchId)))
    .map(({ batchId, milligrams }) => ({ batchId: BigInt(batchId), milligrams }));
  const onChain = {
    ...request,
    amounts,
    purpose: purposeNumber(request.purpose),
    country: stringToHex(request.country, { size: 2 }),
    documentHash: request.documentHash ?? zeroHash,
  };
  const data = encodeFunctionData({ abi: retirementRegistryAbi, functionName: "retire", args: [onChain] });
  const retirementId = retirementIdOf(holder, request.nonce);
  return { key: `retire:${retirementId}`, kind: "retire", from: holder, to: registry, data, retirementId };
}

/** Something once the registry keeps a record under the id, which names holder and nonce. */
export async function readRetirementEffect(
  client: ChainClient,
  intent: Intent & { to: Address },
): Promise<ChainEffect> {
  const call = decodeFunctionData({ abi: retirementRegistryAbi, data: intent.data });
  if (call.functionName !== "retire") return NO_EFFECT;
  const id = retirementIdOf(intent.from, call.args[0].nonce);
  const hash = await client.ask(async (rpc) =>
    rpc.readContract({
      address: intent.to,
      abi: retirementRegistryAbi,
      functionName: "recordHashOf",
      args: [id],
    }),
  );
  return hash === zeroHash ? NO_EFFECT : SOME_EFFECT;
}
