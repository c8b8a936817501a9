import type { Milligrams } from "../../../src/base/types/quantities.ts";
import { issue, type System } from "./system.ts";

/** Of `statementOf`'s batch. */
export const BUFFER = 100n as Milligrams;
export const CAUSE = {
  shortfall: 1,
  brokenLink: 2,
  unopenedGram: 4,
  noRuling: 8,
  order: 16,
  quorum: 32,
} as const;

/** Total, minted, unminted, struck, shortfall, replaced of batch 7. */
export async function booksOf({ batches }: System): Promise<bigint[]> {
  const { totalMg, mintedMg, unmintedMg, struckMg, shortfallMg, replacedMg } = await batches.batchOf(7);
  return [totalMg, mintedMg, unmintedMg, struckMg, shortfallMg, replacedMg];
}

/** Strikes a leaf of batch 7. */
export const strike = ({ batches, disputes }: System, index: number, start: number, end: number) =>
  batches.connect(disputes).strike(7, index, start, end);

/** 1,000 mg of batch 7 issued with 100 mg buffer, 250 mg of its leaves struck: the shortfall is 150 mg. */
export async function fallShort(system: System): Promise<void> {
  await issue(system);
  await strike(system, 3, 300, 550);
}

/** Of batch 7: why, and whether its credits are stopped. */
export const suspensionOf = async ({ batches, credit }: System) => ({
  causes: Number((await batches.batchOf(7)).suspension),
  stopped: await credit.isSuspended(7),
});

/** The registry of batches as the retirement registry calls it. */
export async function asRetirements({ ethers, batches, retirements }: System) {
  const address = await retirements.getAddress();
  await ethers.provider.send("hardhat_setBalance", [address, "0xde0b6b3a7640000"]);
  return batches.connect(await ethers.getImpersonatedSigner(address));
}
