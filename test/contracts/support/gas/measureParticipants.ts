import { announce } from "../recovery.ts";
import { admissionOf, deploySystem, KIND, type Ethers } from "../system.ts";
import { gasOf, type GasFigure } from "./gasOf.ts";

const TOGETHER = 20;

/** Registration of participants, one by one and together, and the recovery of a wallet. */
export async function measureParticipants(ethers: Ethers): Promise<GasFigure[]> {
  const system = await deploySystem(ethers);
  const { participants, registrar, regulator, corporate } = system;
  const newcomer = (_: unknown, i: number) =>
    admissionOf(ethers, ethers.getAddress(ethers.id(`newcomer ${String(i)}`).slice(0, 42)), KIND.corporate);
  const asRegistrar = participants.connect(registrar);
  const bestPeer = "allowlist: 48345";
  const one = await gasOf(asRegistrar.register(newcomer(null, TOGETHER)));
  const many = await gasOf(asRegistrar.registerAll(Array.from({ length: TOGETHER }, newcomer)));
  const suspend = await gasOf(participants.connect(regulator).setStatus(corporate.address, 2));
  await announce(system);
  const complete = await gasOf(participants.completeRecovery(system.operator.address));
  return [
    { operation: "onboard one", gas: one, target: 75_000, bestPeer },
    { operation: "onboard each of twenty", gas: Math.ceil(many / TOGETHER), target: 53_000, bestPeer },
    { operation: "suspend a participant", gas: suspend, target: null, bestPeer: null },
    { operation: "complete a recovery", gas: complete, target: null, bestPeer: null },
  ];
}
