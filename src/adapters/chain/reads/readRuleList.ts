import { zeroHash } from "viem";
import type { ContractAddresses } from "../../../base/types/deployment.ts";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { methodologyRegistryAbi } from "../abis.generated.ts";
import { ruleKindWord, ruleRegionWord, type RuleListVersion } from "../intents/publishRules.ts";
import type { ReadClient } from "../readOnly.ts";

/** A version of a list as the chain's registry has it. */
export interface ChainRuleList {
  readonly hash: Hex;
  readonly publishedBy: Address;
  readonly publishedAt: UnixSeconds;
}

type Registry = Pick<ContractAddresses, "MethodologyRegistry">;

/** The newest version of a list on chain; 0 where none was published. */
export async function readRuleListVersion(
  client: ReadClient,
  { MethodologyRegistry }: Registry,
  { kind, region }: Pick<RuleListVersion, "kind" | "region">,
): Promise<number> {
  return client.ask(async (rpc) =>
    rpc.readContract({
      address: MethodologyRegistry,
      abi: methodologyRegistryAbi,
      functionName: "rulesVersionOf",
      args: [ruleKindWord(kind), ruleRegionWord(region)],
    }),
  );
}

/**
 * What the registry knows of a version of a list; null where it does not know it.
 * @param fromBlock the deployment's
 */
export async function readRuleList(
  client: ReadClient,
  { MethodologyRegistry }: Registry,
  { kind, region, version }: Omit<RuleListVersion, "hash">,
  fromBlock: bigint,
): Promise<ChainRuleList | null> {
  const contract = { address: MethodologyRegistry, abi: methodologyRegistryAbi } as const;
  const [kindWord, regionWord] = [ruleKindWord(kind), ruleRegionWord(region)];
  const hash = await client.ask(async (rpc) =>
    rpc.readContract({ ...contract, functionName: "rulesHashOf", args: [kindWord, regionWord, version] }),
  );
  if (hash === zeroHash) return null;
  const logs = await client.ask(async (rpc) =>
    rpc.getContractEvents({
      ...contract,
      eventName: "RulesPublished",
      args: { kind: kindWord, region: regionWord },
      fromBlock,
      toBlock: "latest",
    }),
  );
  const log = logs.find(({ args }) => args.version === version);
  if (log === undefined) return null;
  const { from } = await client.ask(async (rpc) => rpc.getTransaction({ hash: log.transactionHash }));
  const { timestamp } = await client.ask(async (rpc) => rpc.getBlock({ blockNumber: log.blockNumber }));
  return {
    hash,
    publishedBy: from.toLowerCase() as Address,
    publishedAt: Number(timestamp) as UnixSeconds,
  };
}
