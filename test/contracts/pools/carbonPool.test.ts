import { beforeEach, describe, expect, it } from "vitest";
import type { CarbonPool } from "../../../types/ethers-contracts/index.js";
import {
  booksOf,
  contractHolder,
  createPool,
  deposit,
  issueNext,
  provenanceOf,
  retirementOf,
} from "../support/pools.ts";
import { replaceWallet } from "../support/recovery.ts";
import { describeError, refusal } from "../support/refusal.ts";
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

describe("a pause", () => {
  it("of shares and of credits stops neither redemption, retirement, nor collection of fees", async () => {
    const { operator, corporate, credit, bank } = system;
    await deposit(system, pool, operator, 7n, 100n);
    await pool.setPaused(true);
    await credit.setPaused(true);
    await expect(refusal(pool.connect(operator).transfer(corporate.address, 1n))).resolves.toBe(
      "TransfersPaused()",
    );
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
    const sendMany = credit
      .connect(operator)
      .safeBatchTransferFrom(operator.address, poolAddress, [7n], [1n], "0x");
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
    for (const call of [...hooks(poolAddress), ...hooks(operator.address)])
      await expect(refusal(call)).resolves.toBe("DepositsOnly()");
    const asCredit = pool.connect(await ethers.getImpersonatedSigner(await credit.getAddress()));
    await expect(
      refusal(asCredit.onERC1155Received.staticCall(operator.address, operator.address, 7n, 1n, "0x")),
    ).resolves.toBe("DepositsOnly()");
    await expect(
      asCredit.onERC1155Received.staticCall(poolAddress, operator.address, 7n, 1n, "0x"),
    ).resolves.toBe("0xf23a6e61");
  });
});

describe("a receiver that calls back while it is being paid", () => {
  it.each(["redeem", "redeemOldest", "redeemBatches", "deposit", "admitAndDeposit", "retire", "requeue"])(
    "can't call %s",
    async (name) => {
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
    },
  );
});

describe("shares", () => {
  it("are ERC-20 with 18 decimals and ERC-7943 Fungible, and the pool receives ERC-1155", async () => {
    for (const id of ["0x3edbb4c4", "0x4e2312e0", "0x01ffc9a7"])
      await expect(pool.supportsInterface(id)).resolves.toBe(true);
    await expect(pool.supportsInterface("0xffffffff")).resolves.toBe(false);
    await expect(pool.decimals()).resolves.toBe(18n);
  });

  it("move freely between active participants, to the base unit, but not into a pool", async () => {
    const { operator, corporate, outsider } = system;
    await deposit(system, pool, operator, 7n, 1n);
    await pool.connect(operator).transfer(corporate.address, 1n);
    await expect(refusal(pool.connect(operator).transfer(outsider.address, 1n))).resolves.toBe(
      `ERC7943CannotReceive(${outsider.address})`,
    );
    await expect(refusal(pool.connect(operator).transfer(poolAddress, 1n))).resolves.toBe(
      `ERC7943CannotReceive(${poolAddress})`,
    );
    expect([await sharesOf(operator), await sharesOf(corporate)]).toEqual([baseUnits(1n) - 1n, 1n]);
    // Dust is no milligram: it moves, and waits for more.
    await expect(refusal(pool.connect(operator).redeemOldest(1n, 1))).resolves.toMatch(
      /^ERC20InsufficientBalance/,
    );
  });

  it("of a lost wallet follow it, freeze and all, and are redeemed by what took its place", async () => {
    const { operator, corporate, regulator, outsider, credit } = system;
    await deposit(system, pool, operator, 7n, 100n);
    await pool.connect(operator).transfer(corporate.address, baseUnits(100n));
    await pool.connect(regulator).setFrozenTokens(corporate.address, baseUnits(40n));
    await expect(refusal(pool.recover(corporate.address))).resolves.toBe(
      `NotRecovered(${corporate.address})`,
    );
    await replaceWallet(system, corporate.address, outsider.address);
    await pool.recover(corporate.address);
    expect([await sharesOf(corporate), await sharesOf(outsider)]).toEqual([0n, baseUnits(100n)]);
    await expect(refusal(pool.connect(outsider).redeemOldest(61n, 1))).resolves.toMatch(
      /^ERC7943InsufficientUnfrozenBalance/,
    );
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
