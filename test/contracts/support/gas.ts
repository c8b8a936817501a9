import { measureBatches } from "./gas/batches.ts";
import { measureExternalUnits } from "./gas/externalUnits.ts";
import type { GasFigure } from "./gas/figure.ts";
import { measureProofs } from "./gas/proofs.ts";
import { measureRetirements } from "./gas/retirements.ts";
import type { Ethers } from "./system.ts";

export type { GasFigure } from "./gas/figure.ts";

/** One file under gas/ for each part of the system; a new one is named here and nowhere else. */
const MEASURES: readonly ((ethers: Ethers) => Promise<GasFigure[]>)[] = [
  measureBatches,
  measureProofs,
  measureRetirements,
  measureExternalUnits,
];

/** Gas of every operation that we watch, each part on deployments of its own. */
export async function measureGas(ethers: Ethers): Promise<GasFigure[]> {
  const figures: GasFigure[] = [];
  for (const measure of MEASURES) figures.push(...(await measure(ethers)));
  return figures;
}
