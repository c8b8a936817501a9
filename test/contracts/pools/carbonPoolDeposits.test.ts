import { beforeEach, describe, expect, it } from "vitest";
import type { CarbonPool } from "../../../types/ethers-contracts/index.js";
import { booksOf, createPool, deposit, issueNext, provenanceOf, retirementOf } from "../support/pools.ts";
import { refusal } from "../support/refusal.ts";
import {
  baseUnits,
  blockTime,
  commit,
  DISPUTE,
  freshSystem,
  METHODOLOGY,
  setNextBlockTime,
  statementOf,
  attest,
  type System,
} from "../support/system.ts";

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

describe("a deposit", () => {
  it("gives a share for each base unit of credits, whatever the pool holds already", async () => {
    const { operator, corporate, credit } = system;
    await credit
      .connect(operator)
      .safeTransferFrom(operator.address, corporate.address, 7n, baseUnits(100n), "0x");
    await deposit(system, pool, operator, 7n, 300n);
    await deposit(system, pool, corporate, 7n, 100n);
    expect([await sharesOf(operator), await sharesOf(corporate)]).toEqual([baseUnits(300n), baseUnits(100n)]);
    expect(await booksOf(system, pool, [7n])).toEqual({ held: [400n], exact: true });
  });

  it("of a batch's first brings its provenance along, once; whoever is second may do so too", async () => {
    const { ethers, operator, verifiers } = system;
    await expect(refusal(pool.connect(operator).deposit(7n, 1n))).resolves.toBe("BatchNotAdmitted(7)");
    await expect(pool.connect(operator).admitAndDeposit(7n, 1n, provenanceOf(system))).resolves.toBeDefined();
    const [event] = await pool.queryFilter(pool.filters.BatchAdmitted(7n));
    expect(event?.args.vintageEndDay).toBe(20_030n);
    await pool.connect(operator).deposit(7n, 1n);
    // Not looked at any more.
    await pool.connect(operator).admitAndDeposit(7n, 1n, {
      attesters: [verifiers[4]?.address ?? ""],
      methodologyIds: [],
      termsHash: ethers.ZeroHash,
    });
    await expect(pool.queryFilter(pool.filters.BatchAdmitted())).resolves.toHaveLength(1);
    const { admitted, queued, vintageEndDay } = await pool.entryOf(7n);
    expect([admitted, queued, vintageEndDay]).toEqual([true, true, 20_030n]);
  });

  it("takes no other provenance than the batch was committed with", async () => {
    const { ethers, operator, verifiers } = system;
    const admit = (provenance: ReturnType<typeof provenanceOf>) =>
      refusal(pool.connect(operator).admitAndDeposit(7n, 1n, provenance));
    const good = provenanceOf(system);
    for (const forged of [
      { ...good, attesters: [...good.attesters, verifiers[2]?.address ?? ""] },
      { ...good, attesters: good.attesters.toReversed() },
      { ...good, attesters: [] },
      { ...good, methodologyIds: [] },
      { ...good, termsHash: ethers.id("other terms") },
      { ...good, methodologyIds: [METHODOLOGY, METHODOLOGY] },
      provenanceOf(system, 3),
    ]) {
      await expect(admit(forged)).resolves.toBe("ProvenanceMismatch(7)");
    }
    // Neither of a batch that is none.
    await expect(refusal(pool.connect(operator).admitAndDeposit(8n, 1n, good))).resolves.toBe(
      "ProvenanceMismatch(8)",
    );
  });

  it("of a batch with a methodology, region, vintage or quorum outside the terms is refused", async () => {
    const { operator, methodologies, ethers, batches } = system;
    const provenance = provenanceOf(system);
    const tryIn = async (terms: Parameters<typeof createPool>[1], batchId = 7n) =>
      refusal((await createPool(system, terms)).connect(operator).admitAndDeposit(batchId, 1n, provenance));
    await expect(tryIn({ methodologyIds: [OTHER] })).resolves.toBe(
      `MethodologyNotAdmitted(7,${METHODOLOGY})`,
    );
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
    const statement = statementOf(system, {
      batchId: 8n,
      root: ethers.id("8"),
      previousBatchId: 7n,
      methodologiesHash,
    });
    await batches.connect(operator).commit(statement, methodologyIds, await attest(system, statement));
    await batches.connect(operator).mint(8n);
    await expect(
      refusal(pool.connect(operator).admitAndDeposit(8n, 1n, { ...provenance, methodologyIds })),
    ).resolves.toBe(`MethodologyNotAdmitted(8,${OTHER})`);
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
    await expect(refusal(young.connect(operator).deposit(7n, 1n))).resolves.toBe(
      `BatchTooOld(7,20030,${String(20_030 + maxAgeDays)})`,
    );
    await young.connect(operator).redeem(7n, 1n);
  });

  it("of nothing, while closed, or while a dispute is open is refused; what is in comes out", async () => {
    const { operator, disputes, batches, outsider } = system;
    await deposit(system, pool, operator, 7n, 10n);
    await expect(refusal(pool.connect(operator).deposit(7n, 0n))).resolves.toBe("AmountZero(7)");
    await batches.connect(disputes).openDispute(7n, DISPUTE.gramChallenge);
    await expect(refusal(pool.connect(operator).deposit(7n, 1n))).resolves.toBe("BatchDisputed(7)");
    await pool.connect(operator).redeem(7n, 1n);
    await batches.connect(disputes).closeDispute(7n, DISPUTE.gramChallenge);
    await expect(refusal(pool.connect(outsider).setDepositsClosed(true))).resolves.toBe(
      `AccessManagedUnauthorized(${outsider.address})`,
    );
    await pool.setDepositsClosed(true);
    await expect(pool.depositsClosed()).resolves.toBe(true);
    await expect(refusal(pool.connect(operator).deposit(7n, 1n))).resolves.toBe("DepositsClosed()");
    await expect(refusal(pool.connect(operator).admitAndDeposit(7n, 1n, provenanceOf(system)))).resolves.toBe(
      "DepositsClosed()",
    );
    await pool.connect(operator).redeem(7n, 1n);
    await pool.connect(operator).retire(retirementOf(system, [{ batchId: 7n, milligrams: 1n }]));
    await pool.setDepositsClosed(false);
    await pool.connect(operator).deposit(7n, 1n);
    expect(await booksOf(system, pool, [7n])).toEqual({ held: [8n], exact: true });
  });

  it("takes what the caller owns and approved, and only from who may act", async () => {
    const { operator, corporate, participants, credit, regulator } = system;
    await expect(refusal(deposit(system, pool, operator, 7n, 901n))).resolves.toMatch(
      /^ERC1155InsufficientBalance/,
    );
    await credit.connect(operator).setApprovalForAll(poolAddress, false);
    await expect(refusal(deposit(system, pool, operator, 7n, 1n))).resolves.toBe(
      `ERC1155MissingApprovalForAll(${poolAddress},${operator.address})`,
    );
    await credit.connect(operator).setApprovalForAll(poolAddress, true);
    await credit.connect(regulator).setFrozenTokens(operator.address, 7n, baseUnits(900n));
    await expect(refusal(deposit(system, pool, operator, 7n, 1n))).resolves.toMatch(
      /^ERC7943InsufficientUnfrozenBalance/,
    );
    await credit.connect(operator).setApprovalForAll(poolAddress, true);
    await credit.connect(regulator).setFrozenTokens(operator.address, 7n, 0n);
    await participants.connect(regulator).setStatus(operator.address, 2);
    await expect(refusal(deposit(system, pool, operator, 7n, 1n))).resolves.toBe(
      `ERC7943CannotSend(${operator.address})`,
    );
    await expect(refusal(deposit(system, pool, corporate, 7n, 1n))).resolves.toMatch(
      /^ERC1155InsufficientBalance/,
    );
    expect(await booksOf(system, pool, [7n])).toEqual({ held: [0n], exact: true });
  });
});

describe("the concentration cap", () => {
  it("bounds a batch's share of the pool after its deposit, above the floor", async () => {
    const { operator } = system;
    for (const id of [8n, 9n]) await issueNext(system, id);
    const capped = await createPool(system, { capBps: 4_000, capFloorMg: 100n });
    const put = (batchId: bigint, milligrams: bigint) =>
      deposit(system, capped, operator, batchId, milligrams);
    await put(7n, 100n);
    await expect(refusal(put(7n, 1n))).resolves.toBe(
      `ConcentrationExceeded(7,${String(baseUnits(101n))},${String(baseUnits(100n))})`,
    );
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

describe("a batch that is committed but not minted", () => {
  it("has nothing to deposit", async () => {
    await commit(system, { batchId: 8n, root: system.ethers.id("8"), previousBatchId: 7n });
    await expect(refusal(deposit(system, pool, system.operator, 8n, 1n))).resolves.toMatch(
      /^ERC1155InsufficientBalance/,
    );
  });
});
