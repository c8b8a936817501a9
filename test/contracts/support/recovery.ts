import type { TypedDataDomain } from "ethers";
import type { Account, System } from "./system.ts";

/** What guardians sign. */
export interface Recovery {
  lost: string;
  replacement: string;
  reasonHash: string;
  deadline: bigint;
}

export const RECOVERY_TYPES = {
  Recovery: [
    { name: "lost", type: "address" },
    { name: "replacement", type: "address" },
    { name: "reasonHash", type: "bytes32" },
    { name: "deadline", type: "uint64" },
  ],
};

/** The operator's wallet is lost; the outsider's takes its place. */
export function recoveryStatement(system: System, changes: Partial<Recovery> = {}): Recovery {
  const [lost, replacement] = [system.operator.address, system.outsider.address];
  return { lost, replacement, reasonHash: system.ethers.id("case file"), deadline: 2n ** 40n, ...changes };
}

export async function recoveryDomain(system: System): Promise<TypedDataDomain> {
  return {
    name: "Microtonne ParticipantRegistry",
    version: "1",
    chainId: (await system.ethers.provider.getNetwork()).chainId,
    verifyingContract: await system.participants.getAddress(),
  };
}

/** Signatures of these guardians (two, unless given), for this registry unless another domain is given. */
export async function guard(
  system: System,
  recovery: Recovery,
  guardians: readonly Account[] = system.guardians.slice(0, 2),
  domain?: TypedDataDomain,
): Promise<string[]> {
  const signed = domain ?? (await recoveryDomain(system));
  return Promise.all(guardians.map((guardian) => guardian.signTypedData(signed, RECOVERY_TYPES, recovery)));
}

/** Announces a recovery with two guardians. */
export async function announce(system: System, changes: Partial<Recovery> = {}): Promise<Recovery> {
  const recovery = recoveryStatement(system, changes);
  await system.participants.announceRecovery(recovery, await guard(system, recovery));
  return recovery;
}

/** Announces and completes; for systems without an objection period. */
export async function replaceWallet(system: System, lost: string, replacement: string): Promise<void> {
  await announce(system, { lost, replacement });
  await system.participants.completeRecovery(lost);
}
