import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { replaceWallet } from "../support/recovery.ts";
import { asRetirements, BUFFER, CAUSE, fallShort, suspensionOf } from "../support/safety.ts";
import { refusal } from "../support/refusal.ts";
import {
  attest,
  baseUnits,
  commit,
  DISPUTE,
  freshSystem,
  issue,
  METHODOLOGY,
  statementOf,
  type Account,
  type System,
} from "../support/system.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
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
import { batchWordSlots } from "../../../src/format/onchain/storageLayout.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
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
    await expect(suspensionOf(system)).resolves.toEqual({ causes: CAUSE.quorum, stopped: true });
  });

  it("is set and lifted by whose cause it is: orders by regulators, a shortfall by nobody", async () => {
    const { batches, disputes, regulator, outsider, operator, admin } = system;
    await fallShort(system);
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
    await expect(suspensionOf(system)).resolves.toEqual({ causes: CAUSE.shortfall, stopped: true });
  });
});

describe("disputes of a batch", () => {
  const [claim, gram] = [DISPUTE.doubleClaim, DISPUTE.gramChallenge];
  const counted = async () => {
    const { openClaims, openGrams } = await system.batches.batchOf(7);
    return [openClaims, openGrams, await system.batches.openDisputesOf(7)];
  };

  it("are counted kind by kind and down to none, by their contract alone", async () => {
    const { batches, disputes, operator } = system;
    const asDisputes = batches.connect(disputes);
    for (const kind of [claim, gram]) {
      await expect(refusal(asDisputes.openDispute(7, kind))).resolves.toBe("BatchUnknown(7)");
      await expect(refusal(asDisputes.closeDispute(7, kind))).resolves.toBe("BatchUnknown(7)");
    }
    await commit(system);
    await asDisputes.openDispute(7, claim);
    await expect(refusal(asDisputes.closeDispute(7, gram))).resolves.toBe("NoDisputeOpen(7,1)");
    for (let i = 0; i < 300; i += 1) await asDisputes.openDispute(7, gram);
    await expect(counted()).resolves.toEqual([1n, 300n, 301n]);
    await asDisputes.closeDispute(7, claim);
    await expect(refusal(asDisputes.closeDispute(7, claim))).resolves.toBe("NoDisputeOpen(7,0)");
    await asDisputes.closeDispute(7, gram);
    await expect(counted()).resolves.toEqual([0n, 299n, 299n]);
    const calls = [
      batches.connect(operator).openDispute(7, claim),
      batches.connect(operator).closeDispute(7, gram),
      batches.connect(operator).strike(7, 0, 0, 1),
    ];
    for (const call of calls)
      await expect(refusal(call)).resolves.toBe(`CallerNotDisputes(${operator.address})`);
  });

  it("are 65,535 of a kind at most, and leave the other kind and all masses alone", async () => {
    const { ethers, batches, disputes } = system;
    const asDisputes = batches.connect(disputes);
    await fallShort(system);
    const slot = batchWordSlots(`0x${"7".padStart(64, "0")}` as BatchId, "microtonne-batch/2")[4] as string;
    const word = BigInt(await ethers.provider.getStorage(batches, slot));
    const full = (kind: number) => word | (0xffffn << (192n + 16n * BigInt(kind)));
    for (const kind of [claim, gram]) {
      const other = 1 - kind;
      await ethers.provider.send("hardhat_setStorageAt", [
        await batches.getAddress(),
        slot,
        ethers.toBeHex(full(kind), 32),
      ]);
      await expect(refusal(asDisputes.openDispute(7, kind))).resolves.toBe(
        `TooManyDisputes(7,${String(kind)})`,
      );
      await asDisputes.openDispute(7, other);
      const both = [0xffffn, 1n];
      await expect(counted()).resolves.toEqual([both[kind], both[other], 0x10000n]);
      await asDisputes.closeDispute(7, other);
      await asDisputes.closeDispute(7, kind);
      expect((await batches.batchOf(7)).shortfallMg).toBe(150n);
    }
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
    // The batch goes on naming the operator that committed it; the new wallet goes on with its chain.
    expect((await batches.batchOf(8)).operator).toBe(operator.address);
    await expect(batches.headOf(last.address)).resolves.toBe(8n);
    const next = { batchId: 9n, operator: last.address, root: ethers.id("third") };
    const anew = statementOf(system, next);
    const apart = batches.connect(last).commit(anew, [METHODOLOGY], await attest(system, anew));
    await expect(refusal(apart)).resolves.toBe("PreviousBatchMismatch(0,8)");
    const statement = statementOf(system, { ...next, previousBatchId: 8n });
    await batches.connect(last).commit(statement, [METHODOLOGY], await attest(system, statement));
    await expect(batches.headOf(last.address)).resolves.toBe(9n);
  });
});

describe("the books", () => {
  it("are what the format's own accounting keeps, refusals too, through any life of a batch", async () => {
    const act = fc.record({
      kind: fc.constantFrom("strike", "burn", "replace", "retire"),
      mass: fc.bigInt(1n, 300n),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 15 }), async (acts) => {
        system = await freshSystem();
        await issue(system);
        const { batches, operator, disputes } = system;
        const registry = await asRetirements(system);
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
          await expect(suspensionOf(system)).resolves.toEqual({
            causes: expected.shortfall > 0n ? 1 : 0,
            stopped: expected.shortfall > 0n,
          });
        }
      }),
      { numRuns: 15 },
    );
  });
});
