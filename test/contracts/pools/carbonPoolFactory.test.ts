import hre from "hardhat";
import { beforeEach, describe, expect, it } from "vitest";
import type { CarbonPoolFactory } from "../../../types/ethers-contracts/index.js";
import { createPool, deployFactory, termsOf, type Terms } from "../support/pools.ts";
import { refusal } from "../support/refusal.ts";
import { admissionOf, freshSystem, KIND, METHODOLOGY, plain, WUHAN, type System } from "../support/system.ts";

const OTHER = `0x${"4f".repeat(32)}`;
const BERLIN = "0x4245524c494e0000";

let system: System;
let factory: CarbonPoolFactory;
beforeEach(async () => {
  system = await freshSystem();
  factory = await deployFactory(system);
});
const create = (changes: Partial<Terms> = {}) =>
  factory.connect(system.operator).createPool("Pool", "P", termsOf(system, changes));

describe("a pool", () => {
  it("is created with its terms, announced whole, and admitted as a participant of kind pool", async () => {
    const terms = {
      regions: [BERLIN, WUHAN],
      methodologyIds: [METHODOLOGY, OTHER],
      maxAgeDays: 3,
      capBps: 5_000,
      capFloorMg: 9n,
    };
    await create(terms);
    const [event] = await factory.queryFilter(factory.filters.PoolCreated());
    const pool = await system.ethers.getContractAt("CarbonPool", event?.args.pool ?? "");
    const address = await pool.getAddress();
    expect([event?.args.creator, event?.args.name, event?.args.symbol]).toEqual([
      system.operator.address,
      "Pool",
      "P",
    ]);
    expect(event?.args.terms.methodologyIds).toEqual(terms.methodologyIds);
    expect(event?.args.terms.regions).toEqual(terms.regions);
    const { methodologyIds, regions, ...fixed } = plain(await pool.terms());
    expect([methodologyIds, regions].map((list) => Object.keys(list as object))).toEqual([[], []]);
    expect(fixed).toEqual({
      firstYear: 2024n,
      lastYear: 2025n,
      maxAgeDays: 3n,
      minAttesters: 2n,
      capBps: 5_000n,
      capFloorMg: 9n,
      choiceFeeBps: 100n,
      feeCollector: system.bank.address,
    });
    await expect(
      Promise.all(
        [METHODOLOGY, OTHER, BERLIN].map((id, i) =>
          i < 2 ? pool.admitsMethodology(id) : pool.admitsRegion(id),
        ),
      ),
    ).resolves.toEqual([true, true, true]);
    await expect(pool.admitsMethodology(system.ethers.id("none"))).resolves.toBe(false);
    await expect(pool.admitsRegion("0x5041524953000000")).resolves.toBe(false);
    await expect(system.participants.hasKind(address, KIND.pool)).resolves.toBe(true);
    expect([await pool.name(), await pool.symbol()]).toEqual(["Pool", "P"]);
    await expect(pool.authority()).resolves.toBe(await system.manager.getAddress());
  });

  it("is for operators and exchanges to create", async () => {
    const { corporate, outsider, verifiers, ethers, participants, regulator } = system;
    const exchange = verifiers[4] ?? outsider;
    await participants.appoint(admissionOf(ethers, exchange.address, KIND.exchange), 0);
    await factory.connect(exchange).createPool("Pool", "P", termsOf(system));
    for (const other of [corporate, outsider, regulator]) {
      await expect(refusal(factory.connect(other).createPool("Pool", "P", termsOf(system)))).resolves.toBe(
        `CallerNotEntitled(${other.address},${String(KIND.operator | KIND.exchange)})`,
      );
    }
  });

  it("comes from a factory that is admitted", async () => {
    const { participants, regulator } = system;
    const address = await factory.getAddress();
    await participants.connect(regulator).setStatus(address, 2);
    await expect(refusal(create())).resolves.toBe(
      `CallerNotEntitled(${address},${String(KIND.poolFactory)})`,
    );
  });

  it("is refused with terms that make no sense", async () => {
    const { ethers } = system;
    await expect(refusal(create({ methodologyIds: [] }))).resolves.toBe("ListNotAscending()");
    await expect(refusal(create({ methodologyIds: [OTHER, METHODOLOGY] }))).resolves.toBe(
      "ListNotAscending()",
    );
    await expect(refusal(create({ methodologyIds: [OTHER, OTHER] }))).resolves.toBe("ListNotAscending()");
    await expect(refusal(create({ regions: [WUHAN, BERLIN] }))).resolves.toBe("ListNotAscending()");
    await expect(refusal(create({ regions: ["0x0000000000000000"] }))).resolves.toBe("ListNotAscending()");
    await expect(refusal(create({ firstYear: 2026 }))).resolves.toBe("YearsOutOfRange(2026,2025)");
    await expect(refusal(create({ lastYear: 2149 }))).resolves.toBe("YearsOutOfRange(2024,2149)");
    await expect(refusal(create({ capBps: 0 }))).resolves.toBe("CapOutOfRange(0)");
    await expect(refusal(create({ capBps: 10_001 }))).resolves.toBe("CapOutOfRange(10001)");
    await expect(refusal(create({ choiceFeeBps: 10_001 }))).resolves.toBe("FeeOutOfRange(10001)");
    await expect(refusal(create({ feeCollector: ethers.ZeroAddress }))).resolves.toBe(
      "FeeCollectorMissing()",
    );
    await create({ choiceFeeBps: 0, feeCollector: ethers.ZeroAddress, lastYear: 2148 });
  });

  it("of a second creation is another", async () => {
    const one = await createPool(system, {}, factory);
    const other = await createPool(system, {}, factory);
    expect(await one.getAddress()).not.toBe(await other.getAddress());
  });
});

describe("factory and pool", () => {
  it("need every dependency", async () => {
    const { ethers, manager, participants, batches, credit, retirements } = system;
    const links = { participants, batches, credit, retirements };
    for (const missing of Object.keys(links)) {
      const given = { ...links, [missing]: ethers.ZeroAddress };
      await expect(refusal(ethers.deployContract("CarbonPoolFactory", [manager, given]))).resolves.toBe(
        "ZeroDependency()",
      );
      await expect(
        refusal(ethers.deployContract("CarbonPool", [manager, given, "", "", termsOf(system)])),
      ).resolves.toBe("ZeroDependency()");
    }
    await expect(
      refusal(ethers.deployContract("CarbonPoolFactory", [ethers.ZeroAddress, links])),
    ).resolves.toBe("ZeroDependency()");
  });

  it.each(["CarbonPool", "CarbonPoolFactory"])("%s fits into a deployment", async (name) => {
    const { deployedBytecode } = await hre.artifacts.readArtifact(name);
    expect((deployedBytecode.length - 2) / 2).toBeLessThan(24_576);
  });
});
