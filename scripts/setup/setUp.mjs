import { buildContracts } from "./buildContracts.mjs";
import { installPackages } from "./installPackages.mjs";
import { withLock } from "./withLock.mjs";

/**
 * Makes the clone ready; leaves alone what is ready already.
 * @param {{ build: boolean }} wanted `build`: the contracts as well
 */
export async function setUp({ build }) {
  await withLock(async (lock) => {
    await installPackages(lock);
    if (build) await buildContracts(lock);
  });
}
