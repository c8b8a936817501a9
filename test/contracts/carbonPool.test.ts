import { beforeEach, describe, expect, it } from "vitest";
import type { CarbonPool } from "../../types/ethers-contracts/index.js";
import { booksOf, contractHolder, createPool, deposit, issueNext, provenanceOf, retirementOf } from "./support/pools.ts";
import { describeError, refusal } from "./support/refusal.ts";
import {
  baseUnits,
  blockTime,
  commit,
  freshSystem,
  METHODOLOGY,
  setNextBlockTime,
  statementOf,
  attest,
  type System,
} from "./support/system.ts";

const BERLIN = "0x4245524c494e0000";
const OTHER = `0x${"4f".repeat(32)}`;

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

describe("a deposit", () => {
  it("gives a share for each base unit of credits, whatever the pool holds already", async () => {
    const { operator, corporate, credit } = system;
    await credit.connect(operator).safeTransferFrom(operator.address, corporate.address, 7n, baseUnits(100n), "0x");
    await deposit(system, pool, operator, 7n, 300n);
    await deposit(system, pool, corporate, 7n, 100n);
    expect([await sharesOf(operator), await sharesOf(corporate)]).toEqual([baseUnits(300n), baseUnits(100n)]);
    expect(await booksOf(system, pool, [7n])).toEqual({ held: [400n], exact: true });
  });

  it("of a batch's first brings its provenance along, once; whoever is second may do so too", async () => {
    const { operator, verifiers } = system;
    await expect(refusal(pool.connect(operator).deposit(7n, 1n))).resolves.toBe("BatchNotAdmitted(7)");
    await expect(pool.connect(operator).admitAndDeposit(7n, 1n, provenanceOf(system))).resolves.toBeDefined();
    const [event] = await pool.queryFilter(pool.filters.BatchAdmitted(7n));
    expect(event?.args.vintageEndDay).toBe(20_030n);
    await pool.connect(operator).deposit(7n, 1n);
    // Not looked at any more.
    await pool.connect(operator).admitAndDeposit(7n, 1n, { attesters: [verifiers[4]?.address ?? ""], methodologyIds: [] });
    await expect(pool.queryFilter(pool.filters.BatchAdmitted())).resolves.toHaveLength(1);
    const { admitted, queued, vintageEndDay } = await pool.entryOf(7n);
    expect([admitted, queued, vintageEndDay]).toEqual([true, true, 20_030n]);
  });

  it("takes no other provenance than the batch was committed with", async () => {
    const { operator, verifiers } = system;
    const admit = (provenance: { attesters: string[]; methodologyIds: string[] }) =>
      refusal(pool.connect(operator).admitAndDeposit(7n, 1n, provenance));
    const good = provenanceOf(system);
    for (const forged of [
      { ...good, attesters: [...good.attesters, verifiers[2]?.address ?? ""] },
      { ...good, attesters: good.attesters.toReversed() },
      { ...good, attesters: [] },
      { ...good, methodologyIds: [] },
      { ...good, methodologyIds: [METHODOLOGY, METHODOLOGY] },
      provenanceOf(system, 3),
    ]) {
      await expect(admit(forged)).resolves.toBe("ProvenanceMismatch(7)");
    }
    // Neither of a batch that is none.
    await expect(refusal(pool.connect(operator).admitAndDeposit(8n, 1n, good))).resolves.toBe("ProvenanceMismatch(8)");
  });

  it("of a batch with a methodology, region, vintage or quorum outside the terms is refused", async () => {
    const { operator, methodologies, ethers, batches } = system;
    const provenance = provenanceOf(system);
    const tryIn = async (terms: Parameters<typeof createPool>[1], batchId = 7n) =>
      refusal((await createPool(system, terms)).connect(operator).admitAndDeposit(batchId, 1n, provenance));
    await expect(tryIn({ methodologyIds: [OTHER] })).resolves.toBe(`MethodologyNotAdmitted(7,${METHODOLOGY})`);
    await expect(tryIn({ regions: [BERLIN] })).resolves.toBe(`RegionNotAdmitted(7,0x575548414e000000)`);
    await expect(tryIn({ minAttesters: 3 })).resolves.toBe("TooFewAttesters(7,2,3)");
    await expect(tryIn({ firstYear: 2025 })).resolves.toBe("VintageNotAdmitted(7,2024)");
    await expect(tryIn({ firstYear: 2023, lastYear: 2023 })).resolves.toBe("VintageNotAdmitted(7,2024)");
    const anywhere = await createPool(system, { regions: [], methodologyIds: [METHODOLOGY, OTHER] });
    await anywhere.connect(operator).admitAndDeposit(7n, 1n, provenance);
    // One methodology of two is not enough.
    await methodologies.publish(OTHER, "0x575548414e000000", 0, 30_000);
    const methodologyIds = [METHODOLOGY, OTHER];
    const methodologiesHash = ethers.keccak256(ethers.concat(methodologyIds));
    const statement = statementOf(system, { batchId: 8n, root: ethers.id("8"), previousBatchId: 7n, methodologiesHash });
    await batches.connect(operator).commit(statement, methodologyIds, await attest(system, statement));
    await batches.connect(operator).mint(8n);
    await expect(refusal(pool.connect(operator).admitAndDeposit(8n, 1n, { ...provenance, methodologyIds }))).resolves.toBe(
      `MethodologyNotAdmitted(8,${OTHER})`,
    );
  });

  it.each([
    [20_088, 2024],
    [20_089, 2025],
  ])("of a vintage that ends on day %s counts for the year %s", async (day, year) => {
    await issueNext(system, 8n, { vintageStartDay: day, vintageEndDay: day });
    const only = (y: number) => createPool(system, { firstYear: y, lastYear: y });
    await deposit(system, await only(year), system.operator, 8n, 1n);
    await expect(refusal(deposit(system, await only(year - 1), system.operator, 8n, 1n))).resolves.toBe(
      `VintageNotAdmitted(8,${String(year)})`,
    );
  });

  it("goes up to the maximum age by UTC days, also of a batch that is in already", async () => {
    const { ethers, operator } = system;
    const today = Number((await blockTime(ethers)) / 86_400n);
    const maxAgeDays = today - 20_030 + 2;
    const young = await createPool(system, { maxAgeDays });
    await deposit(system, young, operator, 7n, 1n);
    const lastSecond = BigInt(20_030 + maxAgeDays + 1) * 86_400n - 1n;
    await setNextBlockTime(ethers, lastSecond);
    await deposit(system, young, operator, 7n, 1n);
    await expect(refusal(young.connect(operator).deposit(7n, 1n))).resolves.toBe(`BatchTooOld(7,20030,${String(20_030 + maxAgeDays)})`);
    await young.connect(operator).redeem(7n, 1n);
  });

  it("of nothing, while closed, or while a dispute is open is refused; what is in comes out", async () => {
    const { operator, disputes, batches, outsider } = system;
    await deposit(system, pool, operator, 7n, 10n);
    await expect(refusal(pool.connect(operator).deposit(7n, 0n))).resolves.toBe("AmountZero(7)");
    await batches.connect(disputes).openDispute(7n);
    await expect(refusal(pool.connect(operator).deposit(7n, 1n))).resolves.toBe("BatchDisputed(7)");
    await pool.connect(operator).redeem(7n, 1n);
    await batches.connect(disputes).closeDispute(7n);
    await expect(refusal(pool.connect(outsider).setDepositsClosed(true))).resolves.toBe(`AccessManagedUnauthorized(${outsider.address})`);
    await pool.setDepositsClosed(true);
    await expect(pool.depositsClosed()).resolves.toBe(true);
    await expect(refusal(pool.connect(operator).deposit(7n, 1n))).resolves.toBe("DepositsClosed()");
    await expect(refusal(pool.connect(operator).admitAndDeposit(7n, 1n, provenanceOf(system)))).resolves.toBe("DepositsClosed()");
    await pool.connect(operator).redeem(7n, 1n);
    await pool.connect(operator).retire(retirementOf(system, [{ batchId: 7n, milligrams: 1n }]));
    await pool.setDepositsClosed(false);
    await pool.connect(operator).deposit(7n, 1n);
    expect(await booksOf(system, pool, [7n])).toEqual({ held: [8n], exact: true });
  });

  it("takes what the caller owns and approved, and only from who may act", async () => {
    const { operator, corporate, participants, credit, regulator } = system;
    await expect(refusal(deposit(system, pool, operator, 7n, 901n))).resolves.toMatch(/^ERC1155InsufficientBalance/);
    await credit.connect(operator).setApprovalForAll(poolAddress, false);
    await expect(refusal(deposit(system, pool, operator, 7n, 1n))).resolves.toBe(
      `ERC1155MissingApprovalForAll(${poolAddress},${operator.address})`,
    );
    await credit.connect(operator).setApprovalForAll(poolAddress, true);
    await credit.connect(regulator).setFrozenTokens(operator.address, 7n, baseUnits(900n));
    await expect(refusal(deposit(system, pool, operator, 7n, 1n))).resolves.toMatch(/^ERC7943InsufficientUnfrozenBalance/);
    await credit.connect(operator).setApprovalForAll(poolAddress, true);
    await credit.connect(regulator).setFrozenTokens(operator.address, 7n, 0n);
    await participants.connect(regulator).setStatus(operator.address, 2);
    await expect(refusal(deposit(system, pool, operator, 7n, 1n))).resolves.toBe(`ERC7943CannotSend(${operator.address})`);
    await expect(refusal(deposit(system, pool, corporate, 7n, 1n))).resolves.toMatch(/^ERC1155InsufficientBalance/);
    expect(await booksOf(system, pool, [7n])).toEqual({ held: [0n], exact: true });
  });
});

describe("the concentration cap", () => {
  it("bounds a batch's share of the pool after its deposit, above the floor", async () => {
    const { operator } = system;
    for (const id of [8n, 9n]) await issueNext(system, id);
    const capped = await createPool(system, { capBps: 4_000, capFloorMg: 100n });
    const put = (batchId: bigint, milligrams: bigint) => deposit(system, capped, operator, batchId, milligrams);
    await put(7n, 100n);
    await expect(refusal(put(7n, 1n))).resolves.toBe(`ConcentrationExceeded(7,${String(baseUnits(101n))},${String(baseUnits(100n))})`);
    await put(8n, 100n);
    await put(9n, 100n);
    // (300 + x) * 0.4 = 100 + x at x = 33.3…
    await expect(refusal(put(9n, 34n))).resolves.toBe(
      `ConcentrationExceeded(9,${String(baseUnits(134n))},${String((baseUnits(334n) * 4n) / 10n)})`,
    );
    await put(9n, 33n);
    // Taking others out never blocks.
    await capped.connect(operator).redeem(7n, 99n);
  });
});

describe("a redemption of a chosen batch", () => {
  beforeEach(async () => {
    await issueNext(system, 8n);
    await deposit(system, pool, system.operator, 7n, 500n);
    await deposit(system, pool, system.operator, 8n, 500n);
  });

  it("burns as many shares and keeps the fee, rounded up to the milligram, as shares of the pool's own", async () => {
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
    expect([await creditsOf(operator, 7n), await creditsOf(operator, 8n)]).toEqual([baseUnits(401n), baseUnits(500n)]);
    await expect(pool.balanceOf(poolAddress)).resolves.toBe(baseUnits(2n));
    await expect(Promise.all([0n, 1n, 100n, 101n].map(async (mg) => pool.choiceFeeUp(mg)))).resolves.toEqual([0n, 1n, 1n, 2n]);
    expect(await booksOf(system, pool, [7n, 8n])).toEqual({ held: [499n, 400n], exact: true });
  });

  it("names each batch once, in order, with something to take", async () => {
    const { operator } = system;
    const redeem = (...amounts: [bigint, bigint][]) =>
      refusal(pool.connect(operator).redeemBatches(amounts.map(([batchId, milligrams]) => ({ batchId, milligrams }))));
    await expect(redeem()).resolves.toBe("AmountsMissing()");
    await expect(redeem([8n, 1n], [7n, 1n])).resolves.toBe("BatchesNotAscending(8,7)");
    await expect(redeem([7n, 1n], [7n, 1n])).resolves.toBe("BatchesNotAscending(7,7)");
    await expect(redeem([7n, 1n], [8n, 0n])).resolves.toBe("AmountZero(8)");
    await expect(redeem([7n, 501n])).resolves.toBe("HoldingTooSmall(7,501,500)");
    await expect(redeem([9n, 1n])).resolves.toBe("HoldingTooSmall(9,1,0)");
    await expect(refusal(pool.connect(operator).redeem(7n, 0n))).resolves.toBe("AmountZero(7)");
    await expect(refusal(pool.connect(operator).redeem(7n, 501n))).resolves.toBe("HoldingTooSmall(7,501,500)");
  });

  it("needs the shares and the fee, unfrozen", async () => {
    const { operator, corporate, regulator } = system;
    await pool.connect(operator).transfer(corporate.address, baseUnits(100n));
    await expect(refusal(pool.connect(corporate).redeem(7n, 100n))).resolves.toBe(
      `ERC20InsufficientBalance(${corporate.address},0,${String(baseUnits(1n))})`,
    );
    await expect(refusal(pool.connect(corporate).redeem(7n, 101n))).resolves.toMatch(/^ERC20InsufficientBalance/);
    await pool.connect(regulator).setFrozenTokens(corporate.address, baseUnits(1n));
    for (const attempt of [
      pool.connect(corporate).redeem(7n, 99n),
      pool.connect(corporate).redeemOldest(100n, 4),
      pool.connect(corporate).retire(retirementOf(system, [{ batchId: 7n, milligrams: 99n }])),
    ]) {
      await expect(refusal(attempt)).resolves.toBe(
        `ERC7943InsufficientUnfrozenBalance(${corporate.address},${String(baseUnits(100n))},${String(baseUnits(99n))})`,
      );
    }
    await pool.connect(corporate).redeem(7n, 98n);
    await expect(pool.balanceOf(corporate.address)).resolves.toBe(baseUnits(1n));
  });

  it("goes to active participants only", async () => {
    const { operator, regulator, participants } = system;
    await participants.connect(regulator).setStatus(operator.address, 2);
    await expect(refusal(pool.connect(operator).redeem(7n, 1n))).resolves.toBe(`ERC7943CannotReceive(${operator.address})`);
    await expect(refusal(pool.connect(operator).redeemOldest(1n, 1))).resolves.toBe(`ERC7943CannotReceive(${operator.address})`);
    await expect(refusal(pool.connect(operator).retire(retirementOf(system, [{ batchId: 7n, milligrams: 1n }])))).resolves.toBe(
      `ERC7943CannotSend(${operator.address})`,
    );
  });

  it("is not stopped by a collector who can't receive; what took its place collects", async () => {
    const { operator, regulator, participants, bank } = system;
    await participants.connect(regulator).setStatus(bank.address, 2);
    await pool.connect(operator).redeem(7n, 100n);
    await expect(refusal(pool.collectFees())).resolves.toBe(`ERC7943CannotReceive(${bank.address})`);
    await participants.connect(regulator).setStatus(bank.address, 1);
    const replacement = await replace(bank.address);
    await pool.collectFees();
    await expect(pool.balanceOf(replacement)).resolves.toBe(baseUnits(1n));
  });
});

/** Recovers a wallet by the guardians; an account that was nobody takes its place. */
async function replace(lost: string): Promise<string> {
  const { ethers, participants, guardians, outsider } = system;
  const recovery = { lost, replacement: outsider.address, reasonHash: ethers.id("lost"), deadline: 2n ** 40n };
  const digest = {
    name: "Microtonne ParticipantRegistry",
    version: "1",
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await participants.getAddress(),
  };
  const fields = ["address lost", "address replacement", "bytes32 reasonHash", "uint64 deadline"];
  const types = { Recovery: fields.map((field) => ({ type: field.split(" ")[0] ?? "", name: field.split(" ")[1] ?? "" })) };
  const signatures = await Promise.all(guardians.slice(0, 2).map((guardian) => guardian.signTypedData(digest, types, recovery)));
  await participants.announceRecovery(recovery, signatures);
  await participants.completeRecovery(lost);
  return outsider.address;
}

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

  it("takes by the end of the vintage, without a fee, and takes emptied batches out of the order", async () => {
    const { operator } = system;
    await expect(pool.oldest(9)).resolves.toEqual([2n, 1n, 4n, 3n]);
    await expect(pool.oldest(2)).resolves.toEqual([2n, 1n]);
    await pool.connect(operator).redeemOldest(150n, 2);
    expect(await booksOf(system, pool, [1n, 2n, 3n, 4n])).toEqual({ held: [50n, 0n, 100n, 100n], exact: true });
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
    const take = (milligrams: bigint, most: number) => refusal(pool.connect(operator).redeemOldest(milligrams, most));
    await expect(take(101n, 1)).resolves.toBe("OldestTooSmall(1)");
    await expect(take(1n, 0)).resolves.toBe("OldestTooSmall(1)");
    await expect(take(401n, 9)).resolves.toBe("OldestTooSmall(1)");
    await expect(take(0n, 9)).resolves.toBe("AmountsMissing()");
    expect(await booksOf(system, pool, [1n, 2n, 3n, 4n])).toEqual({ held: [100n, 100n, 100n, 100n], exact: true });
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
    expect(await booksOf(system, pool, [1n, 2n, 3n, 4n])).toEqual({ held: [0n, 100n, 50n, 100n], exact: true });
    await expect(refusal(pool.connect(operator).redeemOldest(51n, 9))).resolves.toBe("OldestTooSmall(1)");
    await expect(refusal(pool.connect(operator).redeem(2n, 1n))).resolves.toBe("TransferSuspended(2)");
    await expect(refusal(pool.connect(operator).deposit(2n, 1n))).resolves.toBe("TransferSuspended(2)");
    await expect(refusal(pool.connect(operator).retire(retirementOf(system, [{ batchId: 2n, milligrams: 1n }])))).resolves.toBe(
      "BatchSuspended(2,16)",
    );
    await reinstate(2n);
    await pool.connect(operator).redeemOldest(100n, 1);
    expect(await booksOf(system, pool, [1n, 2n, 3n, 4n])).toEqual({ held: [0n, 0n, 50n, 100n], exact: true });
  });

  it("costs nothing for suspended batches that anybody took out of the order, until anybody puts them back", async () => {
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

  it("burns shares and the fee, takes serials of the batches and gives the caller record and certificate", async () => {
    const { corporate, retirements, batches } = system;
    const amounts = [
      { batchId: 7n, milligrams: 50n },
      { batchId: 8n, milligrams: 100n },
    ];
    const request = retirementOf(system, amounts);
    await pool.connect(corporate).retire(request);
    const id = await retirements.retirementIdOf(corporate.address, request.nonce);
    await expect(retirements.ownerOf(BigInt(id))).resolves.toBe(corporate.address);
    const [event] = await retirements.queryFilter(retirements.filters.Retired(id, corporate.address, poolAddress));
    expect(event?.args.retirement.lines.map((line) => [line.batchId, line.start, line.end])).toEqual([
      [7n, 0n, 50n],
      [8n, 0n, 100n],
    ]);
    expect([(await batches.batchOf(7n)).retiredMg, (await batches.batchOf(8n)).retiredMg]).toEqual([50n, 100n]);
    expect(await sharesOf(corporate)).toBe(baseUnits(300n - 150n - 2n));
    expect(await booksOf(system, pool, [7n, 8n])).toEqual({ held: [450n, 0n], exact: true });
    await expect(pool.oldest(9)).resolves.toEqual([7n]);
  });

  it("is refused as one of the caller's own would be", async () => {
    const { corporate, ethers } = system;
    const retire = (changes: object, milligrams = 1n) =>
      refusal(pool.connect(corporate).retire({ ...retirementOf(system, [{ batchId: 7n, milligrams }]), ...changes }));
    await expect(retire({ amounts: [] })).resolves.toBe("AmountsMissing()");
    await expect(retire({ purpose: 6 })).resolves.toBe("PurposeOutOfRange(6)");
    await expect(retire({ beneficiaryHash: ethers.ZeroHash })).resolves.toBe("BeneficiaryMissing()");
    await expect(retire({}, 0n)).resolves.toBe("AmountZero(7)");
    const twice = [
      { batchId: 7n, milligrams: 500n },
      { batchId: 7n, milligrams: 1n },
    ];
    await expect(retire({ amounts: twice })).resolves.toMatch(/^(BatchesNotAscending|ERC20InsufficientBalance)/);
    await expect(retire({}, 501n)).resolves.toBe("HoldingTooSmall(7,501,500)");
    await pool.connect(corporate).retire(retirementOf(system, [{ batchId: 7n, milligrams: 1n }]));
    await expect(retire({})).resolves.toMatch(/^RetirementKnown/);
  });
});

describe("a pause", () => {
  it("of shares and of credits stops neither redemption nor retirement, nor the collection of fees", async () => {
    const { operator, corporate, credit, bank } = system;
    await deposit(system, pool, operator, 7n, 100n);
    await pool.setPaused(true);
    await credit.setPaused(true);
    await expect(refusal(pool.connect(operator).transfer(corporate.address, 1n))).resolves.toBe("TransfersPaused()");
    await expect(refusal(pool.connect(operator).deposit(7n, 1n))).resolves.toBe("TransfersPaused()");
    await pool.connect(operator).redeem(7n, 10n);
    await pool.connect(operator).redeemOldest(10n, 1);
    await pool.connect(operator).redeemBatches([{ batchId: 7n, milligrams: 10n }]);
    await pool.connect(operator).retire(retirementOf(system, [{ batchId: 7n, milligrams: 10n }]));
    await pool.collectFees();
    expect(await sharesOf(bank)).toBe(baseUnits(3n));
    expect(await booksOf(system, pool, [7n])).toEqual({ held: [60n], exact: true });
  });
});

describe("credits that nobody deposited", () => {
  it("don't get into a pool: by transfer, batch transfer, order or enforcement", async () => {
    const { credit, operator, regulator } = system;
    const send = credit.connect(operator).safeTransferFrom(operator.address, poolAddress, 7n, 1n, "0x");
    await expect(refusal(send)).resolves.toBe(`ERC7943CannotReceive(${poolAddress})`);
    const sendMany = credit.connect(operator).safeBatchTransferFrom(operator.address, poolAddress, [7n], [1n], "0x");
    await expect(refusal(sendMany)).resolves.toBe(`ERC7943CannotReceive(${poolAddress})`);
    const order = credit.connect(regulator).forcedTransfer(operator.address, poolAddress, 7n, 1n);
    await expect(refusal(order)).resolves.toMatch(/^(DepositsOnly\(\)|ERC7943CannotReceive)/);
    await expect(credit.balanceOf(poolAddress, 7n)).resolves.toBe(0n);
  });

  it("are refused by the receiver hooks from any other token and any other mover", async () => {
    const { ethers, credit, operator } = system;
    const hooks = (from: string) => [
      pool.onERC1155Received.staticCall(from, operator.address, 7n, 1n, "0x"),
      pool.onERC1155BatchReceived.staticCall(from, operator.address, [7n], [1n], "0x"),
    ];
    for (const call of [...hooks(poolAddress), ...hooks(operator.address)]) await expect(refusal(call)).resolves.toBe("DepositsOnly()");
    const asCredit = pool.connect(await ethers.getImpersonatedSigner(await credit.getAddress()));
    await expect(refusal(asCredit.onERC1155Received.staticCall(operator.address, operator.address, 7n, 1n, "0x"))).resolves.toBe(
      "DepositsOnly()",
    );
    await expect(asCredit.onERC1155Received.staticCall(poolAddress, operator.address, 7n, 1n, "0x")).resolves.toBe("0xf23a6e61");
  });
});

describe("a receiver that calls back while it is being paid", () => {
  it.each(["redeem", "redeemOldest", "redeemBatches", "deposit", "admitAndDeposit", "retire", "requeue"])("can't call %s", async (name) => {
    const { operator, credit } = system;
    const party = await contractHolder(system);
    await deposit(system, pool, operator, 7n, 100n);
    await pool.connect(operator).transfer(await party.getAddress(), baseUnits(100n));
    const one = [{ batchId: 7n, milligrams: 1n }];
    const calls: Record<string, string> = {
      redeem: pool.interface.encodeFunctionData("redeem", [7n, 1n]),
      redeemOldest: pool.interface.encodeFunctionData("redeemOldest", [1n, 1n]),
      redeemBatches: pool.interface.encodeFunctionData("redeemBatches", [one]),
      deposit: pool.interface.encodeFunctionData("deposit", [7n, 1n]),
      admitAndDeposit: pool.interface.encodeFunctionData("admitAndDeposit", [7n, 1n, provenanceOf(system)]),
      retire: pool.interface.encodeFunctionData("retire", [retirementOf(system, one)]),
      requeue: pool.interface.encodeFunctionData("requeue", [7n]),
    };
    await party.arm(pool, calls[name] ?? "0x");
    await party.execute(pool, calls["redeem"] ?? "0x");
    await expect(party.attackRan()).resolves.toBe(true);
    await expect(party.attackSucceeded()).resolves.toBe(false);
    expect(describeError(await party.attackAnswer())).toBe("ReentrancyGuardReentrantCall()");
    await expect(credit.balanceOf(await party.getAddress(), 7n)).resolves.toBe(baseUnits(1n));
    expect(await booksOf(system, pool, [7n])).toEqual({ held: [99n], exact: true });
  });
});

describe("shares", () => {
  it("are ERC-20 with 18 decimals and ERC-7943 Fungible, and the pool receives ERC-1155", async () => {
    for (const id of ["0x3edbb4c4", "0x4e2312e0", "0x01ffc9a7"]) await expect(pool.supportsInterface(id)).resolves.toBe(true);
    await expect(pool.supportsInterface("0xffffffff")).resolves.toBe(false);
    await expect(pool.decimals()).resolves.toBe(18n);
  });

  it("move freely between active participants, to the base unit, but not into a pool", async () => {
    const { operator, corporate, outsider } = system;
    await deposit(system, pool, operator, 7n, 1n);
    await pool.connect(operator).transfer(corporate.address, 1n);
    await expect(refusal(pool.connect(operator).transfer(outsider.address, 1n))).resolves.toBe(`ERC7943CannotReceive(${outsider.address})`);
    await expect(refusal(pool.connect(operator).transfer(poolAddress, 1n))).resolves.toBe(`ERC7943CannotReceive(${poolAddress})`);
    expect([await sharesOf(operator), await sharesOf(corporate)]).toEqual([baseUnits(1n) - 1n, 1n]);
    // Dust is no milligram: it moves, and waits for more.
    await expect(refusal(pool.connect(operator).redeemOldest(1n, 1))).resolves.toMatch(/^ERC20InsufficientBalance/);
  });

  it("of a lost wallet follow it, freeze and all, and are redeemed by what took its place", async () => {
    const { operator, corporate, regulator, outsider, credit } = system;
    await deposit(system, pool, operator, 7n, 100n);
    await pool.connect(operator).transfer(corporate.address, baseUnits(100n));
    await pool.connect(regulator).setFrozenTokens(corporate.address, baseUnits(40n));
    await expect(refusal(pool.recover(corporate.address))).resolves.toBe(`NotRecovered(${corporate.address})`);
    await replace(corporate.address);
    await pool.recover(corporate.address);
    expect([await sharesOf(corporate), await sharesOf(outsider)]).toEqual([0n, baseUnits(100n)]);
    await expect(refusal(pool.connect(outsider).redeemOldest(61n, 1))).resolves.toMatch(/^ERC7943InsufficientUnfrozenBalance/);
    await pool.connect(outsider).redeemOldest(60n, 1);
    await expect(credit.balanceOf(outsider.address, 7n)).resolves.toBe(baseUnits(60n));
  });

  it("move by a regulator's order without touching what is behind them", async () => {
    const { operator, corporate, regulator } = system;
    await deposit(system, pool, operator, 7n, 100n);
    await pool.connect(regulator).forcedTransfer(operator.address, corporate.address, baseUnits(30n));
    expect([await sharesOf(operator), await sharesOf(corporate)]).toEqual([baseUnits(70n), baseUnits(30n)]);
    expect(await booksOf(system, pool, [7n])).toEqual({ held: [100n], exact: true });
  });
});

describe("a batch that is committed but not minted", () => {
  it("has nothing to deposit", async () => {
    await commit(system, { batchId: 8n, root: system.ethers.id("8"), previousBatchId: 7n });
    await expect(refusal(deposit(system, pool, system.operator, 8n, 1n))).resolves.toMatch(/^ERC1155InsufficientBalance/);
  });
});
