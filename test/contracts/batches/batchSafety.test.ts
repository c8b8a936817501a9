import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { replaceWallet } from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import {
  baseUnits,
  blockTime,
  commit,
  freshSystem,
  issue,
  setNextBlockTime,
  type Account,
  type System,
} from "../support/system.ts";
import type { Milligrams } from "../../../src/base/types/quantities.ts";
import {
  accountsAtCommit,
  cureByBurning,
  cureByReplacing,
  mintMain,
  retireNext,
  strikeLeaf,
  unmintedOf,
} from "../../../src/format/batch/accounting.ts";
import { strikesHashOf } from "../../../src/format/batch/strikes.ts";

/** Of `statementOf`'s batch. */
const BUFFER = 100n as Milligrams;
const CAUSE = { shortfall: 1, brokenLink: 2, unopenedGram: 4, noRuling: 8, order: 16, quorum: 32 } as const;

let system: System;
beforeEach(async () => {
  system = await freshSystem();
});

/** Total, minted, unminted, struck, shortfall, replaced of batch 7. */
async function books(): Promise<bigint[]> {
  const { totalMg, mintedMg, unmintedMg, struckMg, shortfallMg, replacedMg } =
    await system.batches.batchOf(7);
  return [totalMg, mintedMg, unmintedMg, struckMg, shortfallMg, replacedMg];
}

const strike = (index: number, start: number, end: number) =>
  system.batches.connect(system.disputes).strike(7, index, start, end);

/** 1,000 mg of batch 7 issued with 100 mg buffer, 250 mg of its leaves struck: the shortfall is 150 mg. */
async function fallShort(): Promise<void> {
  await issue(system);
  await strike(3, 300, 550);
}

const suspended = async () => ({
  causes: Number((await system.batches.batchOf(7)).suspension),
  stopped: await system.credit.isSuspended(7),
});

/** The registry of batches as the retirement registry calls it. */
async function asRetirements() {
  const address = await system.retirements.getAddress();
  await system.ethers.provider.send("hardhat_setBalance", [address, "0xde0b6b3a7640000"]);
  return system.batches.connect(await system.ethers.getImpersonatedSigner(address));
}

describe("a strike", () => {
  it("before the mint lowers what will be minted", async () => {
    await commit(system);
    await strike(0, 0, 300);
    await expect(books()).resolves.toEqual([1_000n, 0n, 700n, 300n, 0n, 0n]);
    await system.batches.connect(system.operator).mint(7);
    await expect(books()).resolves.toEqual([1_000n, 600n, 100n, 300n, 0n, 0n]);
    await expect(suspended()).resolves.toEqual({ causes: 0, stopped: false });
  });

  it("that leaves less than the buffer refuses the mint for good", async () => {
    await commit(system);
    await strike(0, 0, 901);
    await expect(refusal(system.batches.connect(system.operator).mint(7))).resolves.toBe(
      "BufferExceedsMintable(100,99)",
    );
  });

  it("after the mint takes from the buffer first, then makes a shortfall and suspends; supply and balances stay", async () => {
    const { credit, operator } = system;
    await issue(system);
    await strike(0, 0, 60);
    await expect(books()).resolves.toEqual([1_000n, 900n, 40n, 60n, 0n, 0n]);
    await expect(suspended()).resolves.toEqual({ causes: 0, stopped: false });
    await strike(4, 400, 500);
    await expect(books()).resolves.toEqual([1_000n, 900n, 0n, 160n, 60n, 0n]);
    await expect(suspended()).resolves.toEqual({ causes: CAUSE.shortfall, stopped: true });
    await expect(credit.totalSupply(7)).resolves.toBe(baseUnits(900n));
    await expect(credit.balanceOf(operator.address, 7)).resolves.toBe(baseUnits(900n));
  });

  it("of every leaf, even after the rest was minted, owes everything that was minted", async () => {
    const { ethers, batches, operator } = system;
    await issue(system);
    await setNextBlockTime(ethers, (await blockTime(ethers)) + 90n * 86_400n);
    await batches.connect(operator).mintRest(7);
    await strike(0, 0, 999);
    await strike(1, 999, 1_000);
    await expect(books()).resolves.toEqual([1_000n, 1_000n, 0n, 1_000n, 1_000n, 0n]);
  });

  it("happens to a leaf once, in any order of leaves, and chains into the hash that readers replay", async () => {
    const { ethers, batches } = system;
    await commit(system);
    await expect(batches.isStruck(7, 9)).resolves.toBe(false);
    const strikes = [
      { index: 9, start: 900n as Milligrams, end: 1_000n as Milligrams },
      { index: 0, start: 0n as Milligrams, end: 1n as Milligrams },
      { index: 5, start: 500n as Milligrams, end: 600n as Milligrams },
    ];
    for (const { index, start, end } of strikes) await strike(index, Number(start), Number(end));
    await expect(refusal(strike(9, 900, 1_000))).resolves.toBe("LeafAlreadyStruck(7,9)");
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
      await expect(refusal(strike(index, start, end))).resolves.toBe(expected);
    }
  });

  it("never strikes more than the total, whatever ranges it is told", async () => {
    await commit(system);
    await strike(0, 0, 600);
    await expect(refusal(strike(1, 0, 401))).resolves.toBe("StrikeExceedsTotal(401,400)");
  });
});

describe("a cure by burning", () => {
  it("takes the operator's own grams out of circulation and, when all is cured, ends the suspension", async () => {
    const { batches, credit, operator } = system;
    await fallShort();
    await batches.connect(operator).cureByBurning(7, 100);
    await expect(books()).resolves.toEqual([1_000n, 800n, 0n, 250n, 50n, 0n]);
    await expect(suspended()).resolves.toEqual({ causes: CAUSE.shortfall, stopped: true });
    await batches.connect(operator).cureByBurning(7, 50);
    await expect(books()).resolves.toEqual([1_000n, 750n, 0n, 250n, 0n, 0n]);
    await expect(suspended()).resolves.toEqual({ causes: 0, stopped: false });
    await expect(credit.totalSupply(7)).resolves.toBe(baseUnits(750n));
    await expect(credit.balanceOf(operator.address, 7)).resolves.toBe(baseUnits(750n));
    const events = await batches.queryFilter(batches.filters.ShortfallCured(7, operator.address));
    expect(events.map(({ args }) => [args.milligrams, args.replaced])).toEqual([
      [100n, false],
      [50n, false],
    ]);
  });

  it("leaves other causes of suspension alone", async () => {
    const { batches, operator, regulator } = system;
    await fallShort();
    await batches.connect(regulator).suspend(7, CAUSE.order);
    await batches.connect(operator).cureByBurning(7, 150);
    await expect(suspended()).resolves.toEqual({ causes: CAUSE.order, stopped: true });
  });

  it("is between one milligram and the shortfall, from what circulates", async () => {
    const { batches, operator } = system;
    const cure = (milligrams: number) => refusal(batches.connect(operator).cureByBurning(7, milligrams));
    await expect(cure(1)).resolves.toBe("BatchUnknown(7)");
    await issue(system);
    await expect(cure(1)).resolves.toBe("CureOutOfRange(1,0)");
    await strike(3, 300, 550);
    await expect(cure(0)).resolves.toBe("CureOutOfRange(0,150)");
    await expect(cure(151)).resolves.toBe("CureOutOfRange(151,150)");
  });

  it("burns nobody else's grams: the operator must hold them, free of freeze and lien", async () => {
    const { batches, credit, operator, corporate, otherOperator, regulator } = system;
    await issue(system);
    await credit
      .connect(operator)
      .safeTransferFrom(operator.address, corporate.address, 7, baseUnits(800n), "0x");
    await strike(3, 300, 550);
    const expected = `CallerNotOperator(${otherOperator.address},${operator.address})`;
    await expect(refusal(batches.connect(otherOperator).cureByBurning(7, 1))).resolves.toBe(expected);
    await expect(refusal(batches.connect(operator).cureByBurning(7, 101))).resolves.toBe(
      `ERC1155InsufficientBalance(${operator.address},${String(baseUnits(100n))},${String(baseUnits(101n))},7)`,
    );
    await credit.connect(regulator).setFrozenTokens(operator.address, 7, baseUnits(60n));
    await expect(refusal(batches.connect(operator).cureByBurning(7, 41))).resolves.toBe(
      `ERC7943InsufficientUnfrozenBalance(${operator.address},7,${String(baseUnits(41n))},${String(baseUnits(40n))})`,
    );
    await batches.connect(operator).cureByBurning(7, 40);
    await expect(books()).resolves.toEqual([1_000n, 860n, 0n, 250n, 110n, 0n]);
  });
});

describe("a cure by replacing", () => {
  it("books what was retired of other batches and ends the suspension when all is replaced", async () => {
    const { batches, operator } = system;
    await fallShort();
    const registry = await asRetirements();
    await registry.recordReplacement(7, operator.address, 149);
    await expect(books()).resolves.toEqual([1_000n, 900n, 0n, 250n, 1n, 149n]);
    await expect(suspended()).resolves.toEqual({ causes: CAUSE.shortfall, stopped: true });
    await registry.recordReplacement(7, operator.address, 1);
    await expect(books()).resolves.toEqual([1_000n, 900n, 0n, 250n, 0n, 150n]);
    await expect(suspended()).resolves.toEqual({ causes: 0, stopped: false });
    const events = await batches.queryFilter(batches.filters.ShortfallCured(7));
    expect(events.map(({ args }) => args.replaced)).toEqual([true, true]);
  });

  it("comes from the retirement registry alone, for the batch's operator, within the shortfall", async () => {
    const { batches, operator, otherOperator } = system;
    await fallShort();
    await expect(refusal(batches.connect(operator).recordReplacement(7, operator.address, 1))).resolves.toBe(
      `CallerNotRetirements(${operator.address})`,
    );
    const registry = await asRetirements();
    await expect(refusal(registry.recordReplacement(7, otherOperator.address, 1))).resolves.toBe(
      `CallerNotOperator(${otherOperator.address},${operator.address})`,
    );
    await expect(refusal(registry.recordReplacement(8, operator.address, 1))).resolves.toBe(
      "BatchUnknown(8)",
    );
    await expect(refusal(registry.recordReplacement(7, operator.address, 0))).resolves.toBe(
      "CureOutOfRange(0,150)",
    );
    await expect(refusal(registry.recordReplacement(7, operator.address, 151))).resolves.toBe(
      "CureOutOfRange(151,150)",
    );
  });
});

describe("a suspension", () => {
  it("stops transfers until the last cause is lifted", async () => {
    const { batches, credit, operator, corporate, disputes, regulator } = system;
    await issue(system);
    const move = () =>
      credit.connect(operator).safeTransferFrom(operator.address, corporate.address, 7, 1, "0x");
    await batches.connect(disputes).suspend(7, CAUSE.brokenLink | CAUSE.noRuling);
    await batches.connect(regulator).suspend(7, CAUSE.order);
    await expect(refusal(move())).resolves.toBe("TransferSuspended(7)");
    await batches.connect(disputes).reinstate(7, CAUSE.brokenLink);
    await batches.connect(regulator).reinstate(7, CAUSE.order);
    await expect(refusal(move())).resolves.toBe("TransferSuspended(7)");
    await batches.connect(disputes).reinstate(7, CAUSE.noRuling);
    await move();
    const causes = (await batches.queryFilter(batches.filters.SuspensionSet(7))).map(
      ({ args }) => args.causes,
    );
    expect(causes).toEqual([10n, 26n, 24n, 8n, 0n]);
    // The token is told once when it stops and once when it moves again.
    const told = (await credit.queryFilter(credit.filters.SuspensionSet(7))).map(
      ({ args }) => args.suspended,
    );
    expect(told).toEqual([true, false]);
  });

  it("said twice, or lifted where it is not, changes and tells nothing", async () => {
    const { batches, disputes } = system;
    await issue(system);
    await batches.connect(disputes).suspend(7, CAUSE.quorum);
    await batches.connect(disputes).suspend(7, CAUSE.quorum);
    await batches.connect(disputes).reinstate(7, CAUSE.unopenedGram);
    expect(await batches.queryFilter(batches.filters.SuspensionSet(7))).toHaveLength(1);
    await expect(suspended()).resolves.toEqual({ causes: CAUSE.quorum, stopped: true });
  });

  it("is set and lifted by whose cause it is: regulators keep orders, the contract of disputes the rest, nobody a shortfall", async () => {
    const { batches, disputes, regulator, outsider, operator, admin } = system;
    await fallShort();
    for (const stranger of [outsider, operator, admin]) {
      for (const act of ["suspend", "reinstate"] as const) {
        const expected = `CallerNotDisputes(${stranger.address})`;
        await expect(refusal(batches.connect(stranger)[act](7, CAUSE.order))).resolves.toBe(expected);
      }
    }
    const refused: [Account, number][] = [
      [disputes, 0],
      [disputes, CAUSE.shortfall],
      [disputes, CAUSE.order],
      [disputes, CAUSE.order | CAUSE.noRuling],
      [disputes, 64],
      [regulator, 0],
      [regulator, CAUSE.shortfall],
      [regulator, CAUSE.noRuling],
      [regulator, CAUSE.order | CAUSE.noRuling],
    ];
    for (const [caller, causes] of refused) {
      for (const act of ["suspend", "reinstate"] as const) {
        await expect(refusal(batches.connect(caller)[act](7, causes))).resolves.toBe(
          `CausesOutOfRange(${String(causes)})`,
        );
      }
    }
    await expect(refusal(batches.connect(regulator).suspend(8, CAUSE.order))).resolves.toBe(
      "BatchUnknown(8)",
    );
    await expect(refusal(batches.connect(disputes).reinstate(8, CAUSE.quorum))).resolves.toBe(
      "BatchUnknown(8)",
    );
    await expect(suspended()).resolves.toEqual({ causes: CAUSE.shortfall, stopped: true });
  });
});

describe("disputes of a batch", () => {
  it("are counted up to 255 and down to none, by their contract alone", async () => {
    const { batches, disputes, operator } = system;
    const asDisputes = batches.connect(disputes);
    await expect(refusal(asDisputes.openDispute(7))).resolves.toBe("BatchUnknown(7)");
    await expect(refusal(asDisputes.closeDispute(7))).resolves.toBe("BatchUnknown(7)");
    await commit(system);
    await expect(refusal(asDisputes.closeDispute(7))).resolves.toBe("NoDisputeOpen(7)");
    for (let i = 0; i < 255; i += 1) await asDisputes.openDispute(7);
    await expect(refusal(asDisputes.openDispute(7))).resolves.toBe("TooManyDisputes(7)");
    await asDisputes.closeDispute(7);
    expect((await batches.batchOf(7)).openDisputes).toBe(254n);
    const calls = [
      batches.connect(operator).openDispute(7),
      batches.connect(operator).closeDispute(7),
      batches.connect(operator).strike(7, 0, 0, 1),
    ];
    for (const call of calls)
      await expect(refusal(call)).resolves.toBe(`CallerNotDisputes(${operator.address})`);
  });
});

describe("an operator whose wallet was lost", () => {
  it("mints and cures from the wallet that took its place, however often that happened", async () => {
    const { ethers, batches, credit, operator, outsider, disputes } = system;
    await issue(system);
    await commit(system, { batchId: 8n, root: ethers.id("next"), previousBatchId: 7n });
    const last = ethers.Wallet.createRandom().connect(ethers.provider);
    await ethers.provider.send("hardhat_setBalance", [last.address, "0xde0b6b3a7640000"]);
    await replaceWallet(system, operator.address, outsider.address);
    await replaceWallet(system, outsider.address, last.address);

    await expect(refusal(batches.connect(operator).mint(8))).resolves.toBe(
      `OperatorNotRegistered(${operator.address})`,
    );
    await expect(refusal(batches.connect(outsider).mint(8))).resolves.toBe(
      `CallerNotOperator(${outsider.address},${operator.address})`,
    );
    await batches.connect(last).mint(8);
    await expect(credit.balanceOf(last.address, 8)).resolves.toBe(baseUnits(900n));
    await batches.connect(disputes).strike(8, 0, 0, 150);
    await batches.connect(last).cureByBurning(8, 50);
    await expect(credit.totalSupply(8)).resolves.toBe(baseUnits(850n));
    await expect(refusal(batches.connect(system.otherOperator).cureByBurning(8, 1))).resolves.toBe(
      `CallerNotOperator(${system.otherOperator.address},${operator.address})`,
    );
    // The batch goes on naming the operator that committed it; the new wallet begins a chain of its own.
    expect((await batches.batchOf(8)).operator).toBe(operator.address);
    await expect(batches.headOf(last.address)).resolves.toBe(0n);
  });
});

describe("the books", () => {
  it("are those that the format's own accounting keeps, and refuse what it refuses, through any life of a batch", async () => {
    const act = fc.record({
      kind: fc.constantFrom("strike", "burn", "replace", "retire"),
      mass: fc.bigInt(1n, 300n),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 15 }), async (acts) => {
        system = await freshSystem();
        await issue(system);
        const { batches, operator, disputes } = system;
        const registry = await asRetirements();
        let expected = mintMain(accountsAtCommit(1_000n as Milligrams, BUFFER), BUFFER);
        let index = 0;
        for (const { kind, mass } of acts) {
          const [model, call] = {
            strike: [
              () => strikeLeaf(expected, mass),
              () => batches.connect(disputes).strike(7, index++, 0, mass),
            ] as const,
            burn: [
              () => cureByBurning(expected, mass),
              () => batches.connect(operator).cureByBurning(7, mass),
            ] as const,
            replace: [
              () => cureByReplacing(expected, mass),
              () => registry.recordReplacement(7, operator.address, mass),
            ] as const,
            retire: [
              () => retireNext(expected, mass).accounts,
              () => registry.recordRetirement([{ batchId: 7, milligrams: mass }]),
            ] as const,
          }[kind];
          const next = ((): typeof expected | null => {
            try {
              return model();
            } catch {
              return null;
            }
          })();
          // Leaves run out before the acts do: ten of them.
          const done = await call().then(
            () => true,
            () => false,
          );
          expect(done, `${kind} ${String(mass)}`).toBe(next !== null && (kind !== "strike" || index <= 10));
          if (done && next !== null) expected = next;
          const { totalMg, mintedMg, unmintedMg, struckMg, retiredMg, shortfallMg, replacedMg } =
            await batches.batchOf(7);
          const onChain = {
            total: totalMg,
            minted: mintedMg,
            struck: struckMg,
            retired: retiredMg,
            shortfall: shortfallMg,
            replaced: replacedMg,
          };
          expect(onChain).toEqual(expected);
          expect(unmintedMg).toBe(unmintedOf(expected));
          await expect(suspended()).resolves.toEqual({
            causes: expected.shortfall > 0n ? 1 : 0,
            stopped: expected.shortfall > 0n,
          });
        }
      }),
      { numRuns: 15 },
    );
  });
});
