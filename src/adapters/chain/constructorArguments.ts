import type { ContractAddresses, ContractName } from "../../base/types/deployment.ts";
import type { Address } from "../../base/types/ids.ts";

/** What a deployment is made with; each of these can be changed later through the access manager. Times in seconds. */
export interface DeploymentTerms {
  /** Holds the access manager's admin role, and with it every restricted function that no other role was given. */
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
}

/** Constructor arguments of every contract. They know each other's addresses, so all addresses come first: from the deployer's nonces. */
export function constructorArguments(
  contracts: ContractAddresses,
  terms: DeploymentTerms,
): Readonly<Record<ContractName, readonly unknown[]>> {
  const manager = contracts.AccessManager;
  const participants = contracts.ParticipantRegistry;
  const batches = contracts.BatchRegistry;
  const credit = contracts.CarbonCredit;
  const retirements = contracts.RetirementRegistry;
  return {
    AccessManager: [terms.admin],
    ParticipantRegistry: [manager, terms.guardianThreshold, terms.objectionSeconds],
    MethodologyRegistry: [manager],
    BatchRegistry: [
      manager,
      { participants, methodologies: contracts.MethodologyRegistry, credit, retirements, disputes: terms.admin },
      terms.verifierThreshold,
      terms.challengeWindowSeconds,
    ],
    CarbonCredit: [manager, { participants, batches, externalUnits: terms.admin, retirements }, terms.creditUri],
    RetirementRegistry: [{ participants, batches, externalUnits: terms.admin, credit }],
  };
}
