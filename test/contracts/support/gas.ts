import hre from "hardhat";
import { measureBatches } from "./gas/batches.ts";
import { measureCredits } from "./gas/credits.ts";
import { measureDisputes } from "./gas/disputes.ts";
import { measureExternalUnits } from "./gas/externalUnits.ts";
import type { GasFigure } from "./gas/figure.ts";
import { measureParticipants } from "./gas/participants.ts";
import { measurePayouts } from "./gas/payouts.ts";
import { measurePools } from "./gas/pools.ts";
import { measureProofs } from "./gas/proofs.ts";
import { measureRetirements } from "./gas/retirements.ts";
import type { Ethers } from "./system.ts";

export type { GasFigure } from "./gas/figure.ts";

/** One file under gas/ for each part of the system; a new one is named here and nowhere else. */
const MEASURES: readonly ((ethers: Ethers) => Promise<GasFigure[]>)[] = [
  measureParticipants,
  measureBatches,
  measureProofs,
  measureCredits,
  measureRetirements,
  measurePools,
  measurePayouts,
  measureExternalUnits,
  measureDisputes,
];
/** Noon, so that no run crosses a day. */
const START = "2030-06-15T12:00:00Z";

/**
 * Gas of every operation that we watch, each part on a fresh chain of its own. Accounts, nonces, salts and
 * the first block's time are fixed and no wall-clock time goes into calldata, so that a run gives the figures
 * of the run before.
 */
export async function measureGas(): Promise<GasFigure[]> {
  const figures: GasFigure[] = [];
  for (const measure of MEASURES) {
    const { ethers } = await hre.network.connect({ override: { initialDate: START } });
    figures.push(...(await measure(ethers)));
  }
  return figures;
}
