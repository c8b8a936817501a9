import { hexToString } from "viem";
import type { ContractAddresses } from "../../../base/types/deployment.ts";
import type { Address, MethodologyId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { methodologyRegistryAbi } from "../abis.generated.ts";
import type { ReadClient } from "../readOnly.ts";

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

/** What the registry's numbers say. */
export const METHODOLOGY_STATES = [null, "published", "withdrawn"] as const;

/**
 * What the registry knows of a methodology version; null where it does not know it.
 * @param fromBlock the deployment's
 */
export async function readMethodology(
  client: ReadClient,
  { MethodologyRegistry }: Pick<ContractAddresses, "MethodologyRegistry">,
  methodologyId: MethodologyId,
  fromBlock: bigint,
): Promise<ChainMethodology | null> {
  const contract = { address: MethodologyRegistry, abi: methodologyRegistryAbi } as const;
  const terms = await client.ask(async (rpc) =>
    rpc.readContract({ ...contract, functionName: "termsOf", args: [methodologyId] }),
  );
  const state = METHODOLOGY_STATES[terms.status] ?? null;
  if (state === null) return null;
  const logs = await client.ask(async (rpc) =>
    rpc.getContractEvents({
      ...contract,
      eventName: "MethodologySet",
      args: { methodologyId },
      fromBlock,
      toBlock: "latest",
    }),
  );
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
