import hre from "hardhat";
import { afterAll } from "vitest";

// Hardhat merges the runs that are saved under one name; its own Solidity tests use this one.
afterAll(async () => {
  await hre.hooks.runHandlerChain("test", "onTestWorkerDone", ["solidity"], () => Promise.resolve());
});
