import hre from "hardhat";
import { measureBatches } from "./gas/measureBatches.ts";
import { measureCredits } from "./gas/measureCredits.ts";
import { measureDisputes } from "./gas/measureDisputes.ts";
import { measureExternalUnits } from "./gas/measureExternalUnits.ts";
import type { GasFigure } from "./gas/gasOf.ts";
import { measureParticipants } from "./gas/measureParticipants.ts";
import { measurePayouts } from "./gas/measurePayouts.ts";
import { measurePools } from "./gas/measurePools.ts";
import { measureProofs } from "./gas/measureProofs.ts";
import { measureRetirements } from "./gas/measureRetirements.ts";
import type { Ethers } from "./system.ts";

export type { GasFigure } from "./gas/gasOf.ts";

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
