import type { ContractName } from "../../base/types/deployment.ts";

/** Roles of the access manager. Their ids are chosen once and for all: 0 is the manager's own admin. */
interface Role {
  readonly id: bigint;
  readonly name: string;
  /** What members may call, after the delay that the terms give them. */
  readonly functions: Partial<Record<ContractName, readonly string[]>>;
}

/** OpenZeppelin's AccessManager.ADMIN_ROLE. */
export const ADMIN_ROLE = 0n;

/**
 * Every restricted function of every contract belongs to one role; test/unit/scripts holds this list against
 * the sources.
 */
export const ROLES = [
  {
    id: 1n,
    name: "governor",
    functions: {
      ParticipantRegistry: ["setRecoveryTerms", "setCompletionPeriod", "setSuccessor"],
      BatchRegistry: ["setQuorum", "setChallengeWindow", "setLeastClaimPeriod", "setKeyScheme"],
      CarbonCredit: ["setBaseUri", "setMaxLockSeconds"],
      BatchDisputes: ["setTerms"],
      ExternalUnits: ["setRegistryOperator"],
      SettlementCash: ["setIssuer", "raiseLimit"],
    },
  },
  { id: 2n, name: "appointer", functions: { ParticipantRegistry: ["appoint"] } },
  {
    id: 3n,
    name: "methodologist",
    functions: { MethodologyRegistry: ["publish", "setValidity", "setWithdrawn", "publishRules"] },
  },
  {
    id: 4n,
    name: "pauser",
    functions: {
      BatchRegistry: ["setPaused"],
      CarbonCredit: ["setPaused"],
      ExternalUnits: ["setPaused"],
      SettlementCash: ["setPaused"],
    },
  },
] as const satisfies readonly Role[];

export type RoleName = (typeof ROLES)[number]["name"];

/** The role's functions, one by one. */
export function functionsOf(role: Role): { contract: ContractName; name: string }[] {
  return Object.entries(role.functions).flatMap(([contract, names]) =>
    names.map((name) => ({ contract: contract as ContractName, name })),
  );
}
