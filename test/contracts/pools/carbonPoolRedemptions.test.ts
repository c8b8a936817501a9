import { beforeEach, describe, expect, it } from "vitest";
import type { CarbonPool } from "../../../types/ethers-contracts/index.js";
import { booksOf, createPool, deposit, issueNext, retirementOf } from "../support/pools.ts";
import { replaceWallet } from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import { baseUnits, freshSystem, type System } from "../support/system.ts";

let system: System;
let pool: CarbonPool;
let poolAddress: string;
beforeEach(async () => {
  system = await freshSystem();
  await issueNext(system, 7n);
  pool = await createPool(system);
  poolAddress = await pool.getAddress();
});

const sharesOf = async (account: { address: string }): Promise<bigint> => pool.balanceOf(account.address);
const creditsOf = async (account: { address: string }, batchId: bigint): Promise<bigint> =>
  system.credit.balanceOf(account.address, batchId);
const suspend = async (batchId: bigint) => system.batches.connect(system.regulator).suspend(batchId, 16);
const reinstate = async (batchId: bigint) => system.batches.connect(system.regulator).reinstate(batchId, 16);

describe("a redemption of a chosen batch", () => {
  beforeEach(async () => {
    await issueNext(system, 8n);
    await deposit(system, pool, system.operator, 7n, 500n);
    await deposit(system, pool, system.operator, 8n, 500n);
  });

  it("burns as many shares and keeps the fee, rounded up to the milligram, as its own shares", async () => {
    const { operator, bank } = system;
    await pool.connect(operator).redeem(7n, 101n);
    expect(await creditsOf(operator, 7n)).toBe(baseUnits(400n + 101n));
    expect(await sharesOf(operator)).toBe(baseUnits(1_000n - 101n - 2n));
    await expect(pool.balanceOf(poolAddress)).resolves.toBe(baseUnits(2n));
    expect(await booksOf(system, pool, [7n, 8n])).toEqual({ held: [399n, 500n], exact: true });
    await pool.collectFees();
    expect(await sharesOf(bank)).toBe(baseUnits(2n));
    await expect(pool.balanceOf(poolAddress)).resolves.toBe(0n);
    const [event] = await pool.queryFilter(pool.filters.FeesCollected());
    expect([event?.args.collector, event?.args.shares]).toEqual([bank.address, baseUnits(2n)]);
    // Fees are shares like any others.
    await pool.connect(bank).redeemOldest(2n, 1);
    expect(await booksOf(system, pool, [7n, 8n])).toMatchObject({ exact: true });
  });

  it("of several batches rounds the fee up for each", async () => {
    const { operator } = system;
    const amounts = [
      { batchId: 7n, milligrams: 1n },
      { batchId: 8n, milligrams: 100n },
    ];
    await pool.connect(operator).redeemBatches(amounts);
    expect([await creditsOf(operator, 7n), await creditsOf(operator, 8n)]).toEqual([
      baseUnits(401n),
      baseUnits(500n),
    ]);
    await expect(pool.balanceOf(poolAddress)).resolves.toBe(baseUnits(2n));
    await expect(Promise.all([0n, 1n, 100n, 101n].map(async (mg) => pool.choiceFeeUp(mg)))).resolves.toEqual([
      0n,
      1n,
      1n,
      2n,
    ]);
    expect(await booksOf(system, pool, [7n, 8n])).toEqual({ held: [499n, 400n], exact: true });
  });

  it("names each batch once, in order, with something to take", async () => {
    const { operator } = system;
    const redeem = (...amounts: [bigint, bigint][]) =>
      refusal(
        pool
          .connect(operator)
          .redeemBatches(amounts.map(([batchId, milligrams]) => ({ batchId, milligrams }))),
      );
    await expect(redeem()).resolves.toBe("AmountsMissing()");
    await expect(redeem([8n, 1n], [7n, 1n])).resolves.toBe("BatchesNotAscending(8,7)");
    await expect(redeem([7n, 1n], [7n, 1n])).resolves.toBe("BatchesNotAscending(7,7)");
    await expect(redeem([7n, 1n], [8n, 0n])).resolves.toBe("AmountZero(8)");
    await expect(redeem([7n, 501n])).resolves.toBe("HoldingTooSmall(7,501,500)");
    await expect(redeem([9n, 1n])).resolves.toBe("HoldingTooSmall(9,1,0)");
    await expect(refusal(pool.connect(operator).redeem(7n, 0n))).resolves.toBe("AmountZero(7)");
    await expect(refusal(pool.connect(operator).redeem(7n, 501n))).resolves.toBe(
      "HoldingTooSmall(7,501,500)",
    );
  });

  it("needs the shares and the fee, unfrozen", async () => {
    const { operator, corporate, regulator } = system;
    await pool.connect(operator).transfer(corporate.address, baseUnits(100n));
    await expect(refusal(pool.connect(corporate).redeem(7n, 100n))).resolves.toBe(
      `ERC20InsufficientBalance(${corporate.address},0,${String(baseUnits(1n))})`,
    );
    await expect(refusal(pool.connect(corporate).redeem(7n, 101n))).resolves.toMatch(
      /^ERC20InsufficientBalance/,
    );
    await pool.connect(regulator).setFrozenTokens(corporate.address, baseUnits(1n));
    for (const attempt of [
      pool.connect(corporate).redeem(7n, 99n),
      pool.connect(corporate).redeemOldest(100n, 4),
      pool.connect(corporate).retire(retirementOf(system, [{ batchId: 7n, milligrams: 99n }])),
    ]) {
      await expect(refusal(attempt)).resolves.toBe(
        `ERC7943InsufficientUnfrozenBalance(${corporate.address},` +
          `${String(baseUnits(100n))},${String(baseUnits(99n))})`,
      );
    }
    await pool.connect(corporate).redeem(7n, 98n);
    await expect(pool.balanceOf(corporate.address)).resolves.toBe(baseUnits(1n));
  });

  it("goes to active participants only", async () => {
    const { operator, regulator, participants } = system;
    await participants.connect(regulator).setStatus(operator.address, 2);
    await expect(refusal(pool.connect(operator).redeem(7n, 1n))).resolves.toBe(
      `ERC7943CannotReceive(${operator.address})`,
    );
    await expect(refusal(pool.connect(operator).redeemOldest(1n, 1))).resolves.toBe(
      `ERC7943CannotReceive(${operator.address})`,
    );
    await expect(
      refusal(pool.connect(operator).retire(retirementOf(system, [{ batchId: 7n, milligrams: 1n }]))),
    ).resolves.toBe(`ERC7943CannotSend(${operator.address})`);
  });

  it("is not stopped by a collector who can't receive; what took its place collects", async () => {
    const { operator, regulator, participants, bank, outsider } = system;
    await participants.connect(regulator).setStatus(bank.address, 2);
    await pool.connect(operator).redeem(7n, 100n);
    await expect(refusal(pool.collectFees())).resolves.toBe(`ERC7943CannotReceive(${bank.address})`);
    await participants.connect(regulator).setStatus(bank.address, 1);
    await replaceWallet(system, bank.address, outsider.address);
    await pool.collectFees();
    await expect(pool.balanceOf(outsider.address)).resolves.toBe(baseUnits(1n));
  });
});

describe("a redemption of the oldest", () => {
  /** Batches 1 to 4 of 100 mg each in the pool; 2 is the oldest, 3 and 4 end on one day after that of 1. */
  beforeEach(async () => {
    for (const [id, day] of [
      [1n, 20_015],
      [2n, 19_725],
      [3n, 20_060],
      [4n, 20_060],
    ] as const) {
      await issueNext(system, id, { vintageStartDay: day, vintageEndDay: day });
      await deposit(system, pool, system.operator, id, 100n);
    }
  });

  it("takes by the end of the vintage, free of fees; emptied batches leave the order", async () => {
    const { operator } = system;
    await expect(pool.oldest(9)).resolves.toEqual([2n, 1n, 4n, 3n]);
    await expect(pool.oldest(2)).resolves.toEqual([2n, 1n]);
    await pool.connect(operator).redeemOldest(150n, 2);
    expect(await booksOf(system, pool, [1n, 2n, 3n, 4n])).toEqual({
      held: [50n, 0n, 100n, 100n],
      exact: true,
    });
    expect(await sharesOf(operator)).toBe(baseUnits(250n));
    await expect(pool.oldest(9)).resolves.toEqual([1n, 4n, 3n]);
    await pool.connect(operator).redeemOldest(249n, 3);
    await expect(pool.oldest(9)).resolves.toEqual([3n]);
    // Back in where it was, without its provenance.
    await deposit(system, pool, operator, 2n, 1n);
    await expect(pool.oldest(9)).resolves.toEqual([2n, 3n]);
    expect(await booksOf(system, pool, [1n, 2n, 3n, 4n])).toEqual({ held: [0n, 1n, 1n, 0n], exact: true });
  });

  it("looks at no more batches than told, and gives all or nothing", async () => {
    const { operator } = system;
    const take = (milligrams: bigint, most: number) =>
      refusal(pool.connect(operator).redeemOldest(milligrams, most));
    await expect(take(101n, 1)).resolves.toBe("OldestTooSmall(1)");
    await expect(take(1n, 0)).resolves.toBe("OldestTooSmall(1)");
    await expect(take(401n, 9)).resolves.toBe("OldestTooSmall(1)");
    await expect(take(0n, 9)).resolves.toBe("AmountsMissing()");
    expect(await booksOf(system, pool, [1n, 2n, 3n, 4n])).toEqual({
      held: [100n, 100n, 100n, 100n],
      exact: true,
    });
  });

  it("keeps the order when batches leave it out of turn", async () => {
    const { operator, corporate } = system;
    await issueNext(system, 5n, { vintageStartDay: 20_060, vintageEndDay: 20_060 });
    await deposit(system, pool, operator, 5n, 100n);
    await expect(pool.oldest(9)).resolves.toEqual([2n, 1n, 5n, 4n, 3n]);
    await pool.connect(operator).redeem(3n, 100n);
    await expect(pool.oldest(9)).resolves.toEqual([2n, 1n, 4n, 5n]);
    await pool.connect(operator).transfer(corporate.address, baseUnits(101n));
    await pool.connect(corporate).retire(retirementOf(system, [{ batchId: 5n, milligrams: 100n }]));
    await expect(pool.oldest(9)).resolves.toEqual([2n, 1n, 4n]);
    await pool.connect(operator).redeem(2n, 100n);
    await expect(pool.oldest(9)).resolves.toEqual([1n, 4n]);
  });

  it("passes over suspended batches, which stay whole and come back", async () => {
    const { operator } = system;
    await suspend(2n);
    await suspend(4n);
    await pool.connect(operator).redeemOldest(150n, 4);
    expect(await booksOf(system, pool, [1n, 2n, 3n, 4n])).toEqual({
      held: [0n, 100n, 50n, 100n],
      exact: true,
    });
    await expect(refusal(pool.connect(operator).redeemOldest(51n, 9))).resolves.toBe("OldestTooSmall(1)");
    await expect(refusal(pool.connect(operator).redeem(2n, 1n))).resolves.toBe("TransferSuspended(2)");
    await expect(refusal(pool.connect(operator).deposit(2n, 1n))).resolves.toBe("TransferSuspended(2)");
    await expect(
      refusal(pool.connect(operator).retire(retirementOf(system, [{ batchId: 2n, milligrams: 1n }]))),
    ).resolves.toBe("BatchSuspended(2,16)");
    await reinstate(2n);
    await pool.connect(operator).redeemOldest(100n, 1);
    expect(await booksOf(system, pool, [1n, 2n, 3n, 4n])).toEqual({ held: [0n, 0n, 50n, 100n], exact: true });
  });

  it("costs nothing for suspended batches that anybody took out of the order and may put back", async () => {
    const { operator, outsider } = system;
    const requeue = (batchId: bigint) => pool.connect(outsider).requeue(batchId);
    await expect(refusal(requeue(2n))).resolves.toBe("NothingToRequeue(2)");
    await suspend(2n);
    await requeue(2n);
    await expect(refusal(requeue(2n))).resolves.toBe("NothingToRequeue(2)");
    await expect(pool.oldest(9)).resolves.toEqual([1n, 4n, 3n]);
    await pool.connect(operator).redeemOldest(50n, 1);
    await reinstate(2n);
    // Chosen, it goes out all the same, and one that is emptied so needs no place.
    await pool.connect(operator).redeem(2n, 10n);
    await requeue(2n);
    await expect(pool.oldest(9)).resolves.toEqual([2n, 1n, 4n, 3n]);
    const events = await pool.queryFilter(pool.filters.Requeued());
    expect(events.map(({ args }) => [args.batchId, args.queued])).toEqual([
      [2n, false],
      [2n, true],
    ]);
    await suspend(2n);
    await requeue(2n);
    await reinstate(2n);
    await pool.connect(operator).redeem(2n, 90n);
    await expect(refusal(requeue(2n))).resolves.toBe("NothingToRequeue(2)");
    await deposit(system, pool, operator, 2n, 1n);
    await expect(pool.oldest(1)).resolves.toEqual([2n]);
    expect(await booksOf(system, pool, [1n, 2n, 3n, 4n])).toMatchObject({ exact: true });
  });
});

describe("a retirement from the pool", () => {
  beforeEach(async () => {
    await issueNext(system, 8n);
    await deposit(system, pool, system.operator, 7n, 500n);
    await deposit(system, pool, system.operator, 8n, 100n);
    await pool.connect(system.operator).transfer(system.corporate.address, baseUnits(300n));
  });

  it("burns shares and the fee, takes serials of the batches, gives the caller its certificate", async () => {
    const { corporate, retirements, batches } = system;
    const amounts = [
      { batchId: 7n, milligrams: 50n },
      { batchId: 8n, milligrams: 100n },
    ];
    const request = retirementOf(system, amounts);
    await pool.connect(corporate).retire(request);
    const id = await retirements.retirementIdOf(corporate.address, request.nonce);
    await expect(retirements.ownerOf(BigInt(id))).resolves.toBe(corporate.address);
    const [event] = await retirements.queryFilter(
      retirements.filters.Retired(id, corporate.address, poolAddress),
    );
    expect(event?.args.retirement.lines.map((line) => [line.batchId, line.start, line.end])).toEqual([
      [7n, 0n, 50n],
      [8n, 0n, 100n],
    ]);
    expect([(await batches.batchOf(7n)).retiredMg, (await batches.batchOf(8n)).retiredMg]).toEqual([
      50n,
      100n,
    ]);
    expect(await sharesOf(corporate)).toBe(baseUnits(300n - 150n - 2n));
    expect(await booksOf(system, pool, [7n, 8n])).toEqual({ held: [450n, 0n], exact: true });
    await expect(pool.oldest(9)).resolves.toEqual([7n]);
  });

  it("is refused as one of the caller's own would be", async () => {
    const { corporate, ethers } = system;
    const retire = (changes: object, milligrams = 1n) =>
      refusal(
        pool
          .connect(corporate)
          .retire({ ...retirementOf(system, [{ batchId: 7n, milligrams }]), ...changes }),
      );
    await expect(retire({ amounts: [] })).resolves.toBe("AmountsMissing()");
    await expect(retire({ purpose: 6 })).resolves.toBe("PurposeOutOfRange(6)");
    await expect(retire({ beneficiaryHash: ethers.ZeroHash })).resolves.toBe("BeneficiaryMissing()");
    await expect(retire({}, 0n)).resolves.toBe("AmountZero(7)");
    const twice = [
      { batchId: 7n, milligrams: 500n },
      { batchId: 7n, milligrams: 1n },
    ];
    await expect(retire({ amounts: twice })).resolves.toMatch(
      /^(BatchesNotAscending|ERC20InsufficientBalance)/,
    );
    await expect(retire({}, 501n)).resolves.toBe("HoldingTooSmall(7,501,500)");
    await pool.connect(corporate).retire(retirementOf(system, [{ batchId: 7n, milligrams: 1n }]));
    await expect(retire({})).resolves.toMatch(/^RetirementKnown/);
  });
});
