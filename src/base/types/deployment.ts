import type { Address, Hex } from "./ids.ts";

/** Names of the contracts that a deployment consists of. */
export const CONTRACT_NAMES = [
  "AccessManager",
  "ParticipantRegistry",
  "MethodologyRegistry",
  "BatchRegistry",
  "CarbonCredit",
  "RetirementRegistry",
  "BatchDisputes",
  "ExternalUnits",
  "SettlementCash",
  "CarbonPoolFactory",
] as const;
/** One of `CONTRACT_NAMES`. */
export type ContractName = (typeof CONTRACT_NAMES)[number];
/** Where each contract stands; lower case. */
export type ContractAddresses = Readonly<Record<ContractName, Address>>;

/**
 * `deployments/<network>.json`, and `deployment.json` in the data folder of an embedded chain: a verifier's
 * trust input.
 */
export interface Deployment {
  readonly schema: "microtonne-deployment/1";
  readonly network: string;
  readonly chainId: number;
  readonly contracts: ContractAddresses;
  /** Block in which the last contract was created. */
  readonly block: number;
  readonly blockHash: Hex;
  /** Commit of the sources, or "local". */
  readonly commit: string;
  /**
   * keccak-256 of each contract's code as it stands on chain. A file without them can be held against the
   * chain by the presence of the contracts alone.
   */
  readonly codeHashes?: Readonly<Record<ContractName, Hex>>;
}
