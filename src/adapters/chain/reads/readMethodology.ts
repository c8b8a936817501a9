import { hexToString } from "viem";
import type { ContractAddresses } from "../../../base/types/deployment.ts";
import type { Address, MethodologyId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { ReadClient } from "../readOnly.ts";
import { methodologyHistory } from "./methodologyHistory.ts";

/** A methodology version as the chain's registry has it. */
export interface ChainMethodology {
  readonly state: "published" | "withdrawn";
  readonly region: string;
  /** Days since 1970-01-01, both inclusive. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Who published it, and when; lower case. */
  readonly publishedBy: Address;
  readonly publishedAt: UnixSeconds;
  /** Who changed its terms last: of a withdrawn one who withdrew it. */
  readonly changedBy: Address;
}

/**
 * What the registry knows of a methodology version; null where it does not know it.
 * @param fromBlock the deployment's
 */
export async function readMethodology(
  client: ReadClient,
  contracts: Pick<ContractAddresses, "MethodologyRegistry">,
  methodologyId: MethodologyId,
  fromBlock: bigint,
): Promise<ChainMethodology | null> {
  const { state, terms, changes } = await methodologyHistory(client, contracts, methodologyId, fromBlock);
  if (state === null) return null;
  const logs = await changes();
  const [first, last] = [logs[0], logs.at(-1)];
  if (first === undefined || last === undefined) return null;
  const senderOf = async (hash: `0x${string}`): Promise<Address> => {
    const { from } = await client.ask(async (rpc) => rpc.getTransaction({ hash }));
    return from.toLowerCase() as Address;
  };
  const block = await client.ask(async (rpc) => rpc.getBlock({ blockNumber: first.blockNumber }));
  return {
    state,
    region: hexToString(terms.region, { size: 8 }),
    firstDay: terms.firstDay,
    lastDay: terms.lastDay,
    publishedBy: await senderOf(first.transactionHash),
    publishedAt: Number(block.timestamp) as UnixSeconds,
    changedBy: await senderOf(last.transactionHash),
  };
}
