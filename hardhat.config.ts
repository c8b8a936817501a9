import { createRequire } from "node:module";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { defineConfig } from "hardhat/config";

const fuzzRuns = Number(process.env["FUZZ_RUNS"] ?? "256");

/** Contracts: npm's solc is the compiler (nothing is downloaded); rules are pinned to Cancun everywhere. */
export default defineConfig({
  plugins: [hardhatEthers, hardhatTypechain],
  solidity: {
    version: "0.8.30",
    path: createRequire(import.meta.url).resolve("solc/soljson.js"),
    settings: { evmVersion: "cancun", optimizer: { enabled: true, runs: 200 } },
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
  },
  // The generated bindings hold namespaces, which Node cannot strip; they are compiled when they are
  // published.
  typechain: { tsNocheck: true },
  paths: { sources: "contracts", tests: { solidity: "test/contracts" } },
  coverage: { skipFiles: ["contracts/mocks/**"] },
  networks: { default: { type: "edr-simulated", chainType: "l1", hardfork: "cancun" } },
  test: {
    solidity: {
      fuzz: { runs: fuzzRuns, seed: "0x6d6963726f746f6e6e65" },
      invariant: { runs: Math.max(16, Math.ceil(fuzzRuns / 16)), depth: 100, failOnRevert: true },
      fsPermissions: { readDirectory: ["./test/vectors"] },
    },
  },
});
