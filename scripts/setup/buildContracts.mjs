import fs from "node:fs";
import path from "node:path";
import { ROOT } from "./places.mjs";
import { projectEnvironment, runStep } from "./runCommand.mjs";
import { say } from "./say.mjs";
import { digestOf, isStamped } from "./stamp.mjs";

const STAMP = path.join(ROOT, "cache", ".microtonne-build");
const RESULTS = ["artifacts", "types/ethers-contracts"];

/**
 * Compiles the contracts, unless exactly these sources were compiled last.
 * @param {import("./withLock.mjs").Lock} lock
 */
export async function buildContracts(lock) {
  const wanted = digestOf(["contracts", "hardhat.config.ts", "package-lock.json"]);
  const present = RESULTS.every((folder) => fs.existsSync(path.join(ROOT, folder)));
  if (present && isStamped(STAMP, wanted)) return;
  fs.rmSync(STAMP, { force: true });
  say("building the contracts. Only needed when they change.");
  // Hardhat keeps the artifact of a source that moved, and then knows a contract twice; nor does its cache
  // know that results were deleted.
  for (const folder of RESULTS) fs.rmSync(path.join(ROOT, folder), { recursive: true, force: true });
  await runStep("hardhat", ["build", "--no-tests", "--force"], projectEnvironment(), lock);
  fs.mkdirSync(path.dirname(STAMP), { recursive: true });
  fs.writeFileSync(STAMP, wanted);
}
