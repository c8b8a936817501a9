import { beforeEach, describe, expect, it } from "vitest";
import { booksOf, CAUSE, strike, suspensionOf } from "../support/safety.ts";
import { refusal } from "../support/refusal.ts";
import {
  baseUnits,
  blockTime,
  commit,
  freshSystem,
  issue,
  setNextBlockTime,
  type System,
} from "../support/system.ts";
import type { Milligrams } from "../../../src/base/types/quantities.ts";
import { strikesHashOf } from "../../../src/format/batch/strikes.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
});

describe("a strike", () => {
  it("before the mint lowers what will be minted", async () => {
    await commit(system);
    await strike(system, 0, 0, 300);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 0n, 700n, 300n, 0n, 0n]);
    await system.batches.connect(system.operator).mint(7);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 600n, 100n, 300n, 0n, 0n]);
    await expect(suspensionOf(system)).resolves.toEqual({ causes: 0, stopped: false });
  });

  it("that leaves less than the buffer mints nothing; the rest comes after the claim period", async () => {
    const { ethers, batches, credit, operator } = system;
    await commit(system);
    await strike(system, 0, 0, 901);
    await batches.connect(operator).mint(7);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 0n, 99n, 901n, 0n, 0n]);
    await setNextBlockTime(ethers, (await blockTime(ethers)) + 90n * 86_400n);
    await batches.connect(operator).mintRest(7);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 99n, 0n, 901n, 0n, 0n]);
    await expect(credit.balanceOf(operator.address, 7)).resolves.toBe(baseUnits(99n));
  });

  it("after the mint takes the buffer, then falls short and suspends; supply and balances stay", async () => {
    const { credit, operator } = system;
    await issue(system);
    await strike(system, 0, 0, 60);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 900n, 40n, 60n, 0n, 0n]);
    await expect(suspensionOf(system)).resolves.toEqual({ causes: 0, stopped: false });
    await strike(system, 4, 400, 500);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 900n, 0n, 160n, 60n, 0n]);
    await expect(suspensionOf(system)).resolves.toEqual({ causes: CAUSE.shortfall, stopped: true });
    await expect(credit.totalSupply(7)).resolves.toBe(baseUnits(900n));
    await expect(credit.balanceOf(operator.address, 7)).resolves.toBe(baseUnits(900n));
  });

  it("of every leaf, even after the rest was minted, owes everything that was minted", async () => {
    const { ethers, batches, operator } = system;
    await issue(system);
    await setNextBlockTime(ethers, (await blockTime(ethers)) + 90n * 86_400n);
    await batches.connect(operator).mintRest(7);
    await strike(system, 0, 0, 999);
    await strike(system, 1, 999, 1_000);
    await expect(booksOf(system)).resolves.toEqual([1_000n, 1_000n, 0n, 1_000n, 1_000n, 0n]);
  });

  it("happens to a leaf once, in any order, and chains into the hash that readers replay", async () => {
    const { ethers, batches } = system;
    await commit(system);
    await expect(batches.isStruck(7, 9)).resolves.toBe(false);
    const strikes = [
      { index: 9, start: 900n as Milligrams, end: 1_000n as Milligrams },
      { index: 0, start: 0n as Milligrams, end: 1n as Milligrams },
      { index: 5, start: 500n as Milligrams, end: 600n as Milligrams },
    ];
    for (const { index, start, end } of strikes) await strike(system, index, Number(start), Number(end));
    await expect(refusal(strike(system, 9, 900, 1_000))).resolves.toBe("LeafAlreadyStruck(7,9)");
    await expect(batches.isStruck(7, 9)).resolves.toBe(true);
    await expect(batches.isStruck(7, 1)).resolves.toBe(false);
    expect((await batches.batchOf(7)).strikesHash).toBe(strikesHashOf(strikes));
    const events = await batches.queryFilter(batches.filters.LeafStruck(7));
    expect(events.map(({ args }) => [args.index, args.start, args.end])).toEqual([
      [9n, 900n, 1_000n],
      [0n, 0n, 1n],
      [5n, 500n, 600n],
    ]);
    const first = ethers.solidityPackedKeccak256(
      ["bytes32", "uint64", "uint64", "uint64"],
      [ethers.ZeroHash, 9, 900, 1_000],
    );
    expect(events[0]?.args.strikesHash).toBe(first);
  });

  it("names a leaf of the batch", async () => {
    await commit(system);
    for (const [index, start, end] of [
      [10, 0, 1],
      [0, 5, 5],
      [0, 6, 5],
      [0, 999, 1_001],
    ] as const) {
      const expected = `LeafOutOfRange(7,${String(index)},${String(start)},${String(end)})`;
      await expect(refusal(strike(system, index, start, end))).resolves.toBe(expected);
    }
  });

  it("never strikes more than the total, whatever ranges it is told", async () => {
    await commit(system);
    await strike(system, 0, 0, 600);
    await expect(refusal(strike(system, 1, 0, 401))).resolves.toBe("StrikeExceedsTotal(401,400)");
  });
});
