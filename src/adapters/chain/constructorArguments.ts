import type { ContractAddresses, ContractName } from "../../base/types/deployment.ts";
import type { Address } from "../../base/types/ids.ts";
import type { ParticipantKind } from "../../base/types/participantKinds.ts";

/**
 * What a deployment is made with; each of these can be changed later through the access manager. Times in
 * seconds.
 */
export interface DeploymentTerms {
  /**
   * Holds the access manager's admin role, and with it every restricted function that no other role was
   * given.
   */
  readonly admin: Address;
  /** Verifiers that a commit needs in regions without terms of their own. */
  readonly verifierThreshold: number;
  readonly challengeWindowSeconds: number;
  /** Guardians that the recovery of a lost wallet needs. */
  readonly guardianThreshold: number;
  /** Time in which a wallet may object to its recovery. */
  readonly objectionSeconds: number;
  /** Where metadata of credits lies; the token's `uri` is this and 64 hex digits. */
  readonly creditUri: string;
  /** Bonds in base units of settlement cash (10^-6). */
  readonly disputes: {
    readonly responseSeconds: number;
    readonly rulingSeconds: number;
    readonly doubleClaimBond: bigint;
    readonly openGramBond: bigint;
  };
  /** The token of bank money that bonds, payouts and trades are paid in. */
  readonly cash: { readonly name: string; readonly symbol: string };
}

/**
 * Constructor arguments of every contract. They know each other's addresses, so all addresses come first:
 * from the deployer's nonces.
 */
export function constructorArguments(
  contracts: ContractAddresses,
  terms: DeploymentTerms,
): Readonly<Record<ContractName, readonly unknown[]>> {
  const manager = contracts.AccessManager;
  const participants = contracts.ParticipantRegistry;
  const batches = contracts.BatchRegistry;
  const credit = contracts.CarbonCredit;
  const retirements = contracts.RetirementRegistry;
  const methodologies = contracts.MethodologyRegistry;
  const externalUnits = contracts.ExternalUnits;
  return {
    AccessManager: [terms.admin],
    ParticipantRegistry: [manager, terms.guardianThreshold, terms.objectionSeconds],
    MethodologyRegistry: [manager],
    BatchRegistry: [
      manager,
      { participants, methodologies, credit, retirements, disputes: contracts.BatchDisputes },
      terms.verifierThreshold,
      terms.challengeWindowSeconds,
    ],
    CarbonCredit: [manager, { participants, batches, externalUnits, retirements }, terms.creditUri],
    RetirementRegistry: [{ participants, batches, externalUnits, credit }],
    BatchDisputes: [
      manager,
      { batches, participants, methodologies, cash: contracts.SettlementCash },
      terms.disputes,
    ],
    ExternalUnits: [manager, { participants, credit, retirements }],
    SettlementCash: [manager, participants, terms.cash.name, terms.cash.symbol],
    CarbonPoolFactory: [manager, { participants, batches, credit, retirements }],
  };
}

/** Contracts that act as participants themselves: each is appointed to its kind while it is deployed. */
export const CONTRACT_KINDS = {
  /** It holds bonds. */
  BatchDisputes: "escrow",
  /** It admits the pools that it makes. */
  CarbonPoolFactory: "pool-factory",
} as const satisfies Partial<Record<ContractName, ParticipantKind>>;
