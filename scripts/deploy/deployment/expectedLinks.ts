import type { ContractAddresses, ContractName } from "../../../src/base/types/deployment.ts";

/** Getters that must answer another contract's address. */
const LINKS: readonly (readonly [contract: ContractName, getter: string, other: ContractName])[] = [
  ["ParticipantRegistry", "authority", "AccessManager"],
  ["MethodologyRegistry", "authority", "AccessManager"],
  ["BatchRegistry", "authority", "AccessManager"],
  ["BatchRegistry", "participants", "ParticipantRegistry"],
  ["BatchRegistry", "methodologies", "MethodologyRegistry"],
  ["BatchRegistry", "credit", "CarbonCredit"],
  ["BatchRegistry", "retirements", "RetirementRegistry"],
  ["BatchRegistry", "disputes", "BatchDisputes"],
  ["CarbonCredit", "authority", "AccessManager"],
  ["CarbonCredit", "participants", "ParticipantRegistry"],
  ["CarbonCredit", "batches", "BatchRegistry"],
  ["CarbonCredit", "externalUnits", "ExternalUnits"],
  ["CarbonCredit", "retirements", "RetirementRegistry"],
  ["RetirementRegistry", "participants", "ParticipantRegistry"],
  ["RetirementRegistry", "batches", "BatchRegistry"],
  ["RetirementRegistry", "externalUnits", "ExternalUnits"],
  ["RetirementRegistry", "credit", "CarbonCredit"],
  ["BatchDisputes", "authority", "AccessManager"],
  ["BatchDisputes", "batches", "BatchRegistry"],
  ["BatchDisputes", "participants", "ParticipantRegistry"],
  ["BatchDisputes", "methodologies", "MethodologyRegistry"],
  ["BatchDisputes", "cash", "SettlementCash"],
  ["ExternalUnits", "authority", "AccessManager"],
  ["ExternalUnits", "participants", "ParticipantRegistry"],
  ["ExternalUnits", "credit", "CarbonCredit"],
  ["ExternalUnits", "retirements", "RetirementRegistry"],
  ["SettlementCash", "authority", "AccessManager"],
  ["SettlementCash", "participants", "ParticipantRegistry"],
  ["CarbonPoolFactory", "manager", "AccessManager"],
];

export interface Link {
  readonly contract: ContractName;
  readonly getter: string;
  readonly expected: string;
}

/** What each link must answer in a deployment with these addresses. */
export function expectedLinks(contracts: ContractAddresses): Link[] {
  return LINKS.map(([contract, getter, other]) => ({ contract, getter, expected: contracts[other] }));
}
