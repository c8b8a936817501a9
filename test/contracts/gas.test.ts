import hre from "hardhat";
import { describe, expect, it } from "vitest";
import { measureGas } from "./support/gas.ts";

/** What each operation cost when it was last looked at, rounded up to the next thousand. Lower it after an improvement. */
const CEILINGS: Readonly<Record<string, number>> = {
  "register a participant": 86_000,
  "commit, 2 of 3, first": 226_000,
  "commit + mint, 2 of 3, first": 325_000,
  "commit, 2 of 3, later": 209_000,
  "commit + mint, 2 of 3, later": 308_000,
  "commit, 3 of 5, first": 236_000,
  "mint, first": 100_000,
  "commit + mint, 3 of 5, first": 335_000,
  "commit, 3 of 5, later": 219_000,
  "mint, later": 100_000,
  "commit + mint, 3 of 5, later": 318_000,
  "transfer, new holder": 67_000,
  "transfer, existing holder": 50_000,
  "retire, a batch's first": 113_000,
  "retire, later": 96_000,
};

describe("gas", () => {
  it("of no operation rises unnoticed", async () => {
    const { ethers } = await hre.network.connect();
    const figures = await measureGas(ethers);
    expect(figures.map(({ operation }) => operation).toSorted()).toEqual(Object.keys(CEILINGS).toSorted());
    for (const { operation, gas } of figures) expect(gas, operation).toBeLessThanOrEqual(CEILINGS[operation] as number);
  });

  it("of a retirement and a transfer is within the targets", async () => {
    const { ethers } = await hre.network.connect();
    const within = (await measureGas(ethers)).filter(({ operation }) => /^(retire|transfer, existing)/.test(operation));
    expect(within).toHaveLength(3);
    for (const { operation, gas, target } of within) expect(gas, operation).toBeLessThanOrEqual(target as number);
  });
});

describe("bytecode", () => {
  it.each(["ParticipantRegistry", "BatchRegistry", "CarbonCredit", "RetirementRegistry"])(
    "of %s stays far below the limit",
    async (name) => {
      const { deployedBytecode } = await hre.artifacts.readArtifact(name);
      expect((deployedBytecode.length - 2) / 2).toBeLessThan(24_576 * 0.7);
    },
  );
});
