import { describe, expect, it } from "vitest";
import { CASH, freshDisputes, type DisputeSystem } from "../support/disputes.ts";
import { replaceWallet } from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import { admissionOf, KIND } from "../support/system.ts";

const [SENDER, RECEIVER, PAUSED, POOL, BALANCE, ENCUMBERED] = [1n, 2n, 4n, 5n, 6n, 7n];

describe("settlement cash", () => {
  it("moves between active participants only", async () => {
    const { cash, corporate, otherCorporate, outsider, participants, regulator } = await freshDisputes();
    await cash.connect(corporate).transfer(otherCorporate.address, 7n);
    await expect(refusal(cash.connect(corporate).transfer(outsider.address, 1n))).resolves.toBe(
      `ERC7943CannotReceive(${outsider.address})`,
    );
    await participants.connect(regulator).setStatus(corporate.address, 2);
    await expect(refusal(cash.connect(corporate).transfer(otherCorporate.address, 1n))).resolves.toBe(
      `ERC7943CannotSend(${corporate.address})`,
    );
    await expect(refusal(cash.connect(otherCorporate).transfer(corporate.address, 1n))).resolves.toBe(
      `ERC7943CannotReceive(${corporate.address})`,
    );
  });

  it("can't be sent to a pool, which could never give it back", async () => {
    const { cash, corporate, participants, ethers, outsider, regulator } = await freshDisputes();
    await participants.appoint(admissionOf(ethers, outsider.address, KIND.pool), 0);
    await expect(refusal(cash.connect(corporate).transfer(outsider.address, 1n))).resolves.toBe(
      `ERC7943CannotReceive(${outsider.address})`,
    );
    await expect(cash.transferRefusal(corporate.address, outsider.address, 1n)).resolves.toBe(POOL);
    await expect(cash.canReceive(outsider.address)).resolves.toBe(false);
    const forced = cash.connect(regulator).forcedTransfer(corporate.address, outsider.address, 1n);
    await expect(refusal(forced)).resolves.toBe(`ERC7943CannotReceive(${outsider.address})`);
  });
});

describe("a pause of settlement cash", () => {
  /** Cash paused, with an escrow that holds some. */
  async function paused(): Promise<DisputeSystem> {
    const system = await freshDisputes();
    const { cash, participants, ethers, outsider, corporate, otherCorporate } = system;
    await participants.appoint(admissionOf(ethers, outsider.address, KIND.escrow), 0);
    for (const holder of [outsider, otherCorporate])
      await cash.connect(corporate).transfer(holder.address, 100n);
    await cash.setPaused(true);
    return system;
  }

  it("stops ordinary transfers, and is the access manager's to set", async () => {
    const { cash, corporate, otherCorporate, outsider } = await paused();
    await expect(cash.isPaused()).resolves.toBe(true);
    await expect(refusal(cash.connect(corporate).transfer(otherCorporate.address, 1n))).resolves.toBe(
      "TransfersPaused()",
    );
    await expect(refusal(cash.connect(corporate).transfer(outsider.address, 1n))).resolves.toBe(
      "TransfersPaused()",
    );
    await expect(cash.transferRefusal(corporate.address, otherCorporate.address, 1n)).resolves.toBe(PAUSED);
    await expect(refusal(cash.connect(outsider).setPaused(false))).resolves.toBe(
      `AccessManagedUnauthorized(${outsider.address})`,
    );
    await cash.setPaused(false);
    await cash.connect(corporate).transfer(otherCorporate.address, 1n);
  });

  it("never stops repayment, release, issue or redemption", async () => {
    const { cash, cashIssuer, bank, corporate, otherCorporate, outsider } = await paused();
    await cash.connect(corporate).transfer(bank.address, 1n);
    await cash.connect(corporate).transfer(cashIssuer.address, 1n);
    await cash.connect(outsider).transfer(otherCorporate.address, 1n);
    await cash.connect(cashIssuer).issue(corporate.address, 1n);
    await cash.connect(cashIssuer).redeem(1n);
    await expect(cash.canTransfer(corporate.address, bank.address, 1n)).resolves.toBe(true);
  });
});

describe("ERC-7943 on settlement cash", () => {
  it("has the interface ids of the standards", async () => {
    const { cash } = await freshDisputes();
    for (const id of ["0x3edbb4c4", "0x01ffc9a7", "0x36372b07"])
      await expect(cash.supportsInterface(id)).resolves.toBe(true);
    for (const id of ["0x41c4fbad", "0xffffffff"])
      await expect(cash.supportsInterface(id)).resolves.toBe(false);
  });

  it("freezes exactly what a regulator wrote, more than the balance too", async () => {
    const { cash, corporate, otherCorporate, regulator, bank } = await freshDisputes();
    await expect(refusal(cash.connect(bank).setFrozenTokens(corporate.address, 1n))).resolves.toBe(
      `CallerNotEntitled(${bank.address},${String(KIND.regulator)})`,
    );
    await cash.connect(regulator).setFrozenTokens(corporate.address, CASH - 5n);
    await expect(cash.getFrozenTokens(corporate.address)).resolves.toBe(CASH - 5n);
    await cash.connect(corporate).transfer(otherCorporate.address, 4n);
    await expect(refusal(cash.connect(corporate).transfer(otherCorporate.address, 2n))).resolves.toBe(
      `ERC7943InsufficientUnfrozenBalance(${corporate.address},2,1)`,
    );
    await expect(cash.transferRefusal(corporate.address, otherCorporate.address, 2n)).resolves.toBe(
      ENCUMBERED,
    );
    await cash.connect(regulator).setFrozenTokens(corporate.address, 2n ** 256n - 1n);
    await expect(cash.getFrozenTokens(corporate.address)).resolves.toBe(2n ** 256n - 1n);
    await expect(
      refusal(cash.connect(corporate).transfer(otherCorporate.address, CASH + 1n)),
    ).resolves.toMatch(/^ERC20InsufficientBalance/);
    await expect(refusal(cash.connect(corporate).transfer(otherCorporate.address, 1n))).resolves.toBe(
      `ERC7943InsufficientUnfrozenBalance(${corporate.address},1,0)`,
    );
    await expect(cash.canTransfer(corporate.address, otherCorporate.address, 0n)).resolves.toBe(true);
  });

  it("holds frozen cash against redemption as well", async () => {
    const { cash, cashIssuer, regulator } = await freshDisputes();
    await cash.connect(cashIssuer).issue(cashIssuer.address, 10n);
    await cash.connect(regulator).setFrozenTokens(cashIssuer.address, 8n);
    await expect(refusal(cash.connect(cashIssuer).redeem(3n))).resolves.toBe(
      `ERC7943InsufficientUnfrozenBalance(${cashIssuer.address},3,2)`,
    );
  });

  it("moves by force what was frozen, and says so before the transfer", async () => {
    const { cash, corporate, otherCorporate, regulator, participants, outsider } = await freshDisputes();
    await participants.connect(regulator).setStatus(corporate.address, 2);
    await cash.connect(regulator).setFrozenTokens(corporate.address, CASH);
    const transaction = await cash
      .connect(regulator)
      .forcedTransfer(corporate.address, otherCorporate.address, 30n);
    const receipt = await transaction.wait();
    const names = receipt?.logs.map((log) => cash.interface.parseLog(log)?.name);
    expect(names).toEqual(["Frozen", "ForcedTransfer", "Transfer"]);
    await expect(cash.getFrozenTokens(corporate.address)).resolves.toBe(CASH - 30n);
    await expect(cash.balanceOf(otherCorporate.address)).resolves.toBe(30n);
    const asRegulator = cash.connect(regulator);
    await expect(refusal(asRegulator.forcedTransfer(corporate.address, outsider.address, 1n))).resolves.toBe(
      `ERC7943CannotReceive(${outsider.address})`,
    );
    await expect(
      refusal(asRegulator.forcedTransfer(corporate.address, otherCorporate.address, CASH)),
    ).resolves.toBe(`ERC20InsufficientBalance(${corporate.address},${String(CASH - 30n)},${String(CASH)})`);
    const byOther = cash
      .connect(otherCorporate)
      .forcedTransfer(corporate.address, otherCorporate.address, 1n);
    await expect(refusal(byOther)).resolves.toBe(
      `CallerNotEntitled(${otherCorporate.address},${String(KIND.regulator)})`,
    );
  });

  it("unfreezes nothing by a forced transfer to oneself", async () => {
    const { cash, corporate, regulator } = await freshDisputes();
    await cash.connect(regulator).setFrozenTokens(corporate.address, CASH);
    await cash.connect(regulator).forcedTransfer(corporate.address, corporate.address, CASH);
    await expect(cash.getFrozenTokens(corporate.address)).resolves.toBe(CASH);
  });

  it("answers views for anybody without reverting", async () => {
    const { cash, corporate, outsider, otherCorporate, ethers } = await freshDisputes();
    const zero = ethers.ZeroAddress;
    await expect(cash.canSend(zero)).resolves.toBe(false);
    await expect(cash.canReceive(outsider.address)).resolves.toBe(false);
    await expect(cash.canSend(corporate.address)).resolves.toBe(true);
    await expect(cash.transferRefusal(outsider.address, corporate.address, 1n)).resolves.toBe(SENDER);
    await expect(cash.transferRefusal(corporate.address, zero, 1n)).resolves.toBe(RECEIVER);
    await expect(
      cash.transferRefusal(corporate.address, otherCorporate.address, 2n ** 256n - 1n),
    ).resolves.toBe(BALANCE);
    await expect(cash.canTransfer(corporate.address, otherCorporate.address, CASH)).resolves.toBe(true);
    await expect(cash.canTransfer(corporate.address, otherCorporate.address, CASH + 1n)).resolves.toBe(false);
  });

  it("lets balance and freeze follow a recovered wallet", async () => {
    const system = await freshDisputes();
    const { cash, cashIssuer, outsider, regulator } = system;
    await cash.connect(cashIssuer).issue(cashIssuer.address, 50n);
    await cash.connect(regulator).setFrozenTokens(cashIssuer.address, 20n);
    await expect(refusal(cash.recover(cashIssuer.address))).resolves.toBe(
      `NotRecovered(${cashIssuer.address})`,
    );
    await replaceWallet(system, cashIssuer.address, outsider.address);
    await cash.recover(cashIssuer.address);
    await expect(cash.balanceOf(outsider.address)).resolves.toBe(50n);
    await expect(cash.getFrozenTokens(outsider.address)).resolves.toBe(20n);
    await expect(cash.getFrozenTokens(cashIssuer.address)).resolves.toBe(0n);
    await cash.recover(cashIssuer.address);
    await expect(cash.getFrozenTokens(outsider.address)).resolves.toBe(20n);
  });
});
