/**
 * The contracts that a manifest of `microtonne-batch/1` names, no more and no fewer. Later manifests name
 * these as well, and others beside them.
 */
export const CORE_CONTRACT_NAMES = [
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
/** One of `CORE_CONTRACT_NAMES`. */
export type CoreContractName = (typeof CORE_CONTRACT_NAMES)[number];
