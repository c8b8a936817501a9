import type { Account, System } from "./system.ts";

const TYPES = {
  Recovery: [
    { name: "lost", type: "address" },
    { name: "replacement", type: "address" },
    { name: "reasonHash", type: "bytes32" },
    { name: "deadline", type: "uint64" },
  ],
};

/** Lets `replacement` take the place of a lost wallet, by all guardians, on a deployment without objection period. */
export async function recoverWallet({ ethers, participants, guardians }: System, lost: Account, replacement: Account): Promise<void> {
  const recovery = { lost: lost.address, replacement: replacement.address, reasonHash: ethers.id("lost"), deadline: 2n ** 40n };
  const domain = {
    name: "Microtonne ParticipantRegistry",
    version: "1",
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await participants.getAddress(),
  };
  const signatures = await Promise.all(guardians.map((guardian) => guardian.signTypedData(domain, TYPES, recovery)));
  await participants.announceRecovery(recovery, signatures);
  await participants.completeRecovery(lost.address);
}
