import { describe, expect, it } from "vitest";
import { stateReserve } from "../support/cash.ts";
import { CASH, freshDisputes } from "../support/disputes.ts";
import { refusal } from "../support/refusal.ts";
import { replaceWallet } from "../support/recovery.ts";
import { admissionOf, blockTime, firmIdOf, KIND, NO_FIRM, setNextBlockTime } from "../support/system.ts";

const HOUR = 3_600n;
/** What `freshDisputes` has issued. */
const ISSUED = 2n * CASH;

describe("the issuer of settlement cash", () => {
  it("is one firm, for good, which the access manager names", async () => {
    const { cash, cashIssuer, bank, outsider, ethers, manager, participants } = await freshDisputes();
    const other = await ethers.deployContract("SettlementCash", [manager, participants, "Cash", "CNYT"]);
    await expect(refusal(other.setIssuer(NO_FIRM))).resolves.toBe("IssuerMissing()");
    await expect(refusal(other.connect(outsider).setIssuer(firmIdOf(bank.address)))).resolves.toBe(
      `AccessManagedUnauthorized(${outsider.address})`,
    );
    await expect(other.issuer()).resolves.toBe(NO_FIRM);
    await other.setIssuer(firmIdOf(bank.address));
    await expect(other.issuer()).resolves.toBe(firmIdOf(bank.address));
    await expect(refusal(cash.setIssuer(firmIdOf(bank.address)))).resolves.toBe(
      `IssuerKnown(${firmIdOf(cashIssuer.address)})`,
    );
  });

  it("is no other bank, whatever its kinds: no two banks' money is one token", async () => {
    const { cash, cashIssuer, bank, admin, outsider, participants, ethers } = await freshDisputes();
    await participants.appoint(admissionOf(ethers, bank.address, KIND.bank | KIND.cashIssuer), 0);
    const issuer = firmIdOf(cashIssuer.address);
    for (const other of [bank, admin, outsider]) {
      const asOther = cash.connect(other);
      const statement = { amount: 1n, asOf: await blockTime(ethers), documentHash: ethers.id("document") };
      for (const call of [
        asOther.issue(other.address, 1n),
        asOther.redeem(0n),
        asOther.stateReserve(statement),
        asOther.lowerLimit(0n),
      ])
        await expect(refusal(call)).resolves.toBe(`CallerNotIssuer(${other.address},${issuer})`);
    }
  });

  it("is no wallet without a firm while nobody was named", async () => {
    const { ethers, manager, participants, corporate } = await freshDisputes();
    const cash = await ethers.deployContract("SettlementCash", [manager, participants, "Cash", "CNYT"]);
    await expect(refusal(cash.connect(corporate).issue(corporate.address, 1n))).resolves.toBe(
      `CallerNotIssuer(${corporate.address},${NO_FIRM})`,
    );
    await expect(cash.isCovered()).resolves.toBe(false);
  });

  it("issues and redeems by any of its wallets, also after one was lost", async () => {
    const system = await freshDisputes();
    const { cash, cashIssuer, outsider, corporate, participants, ethers } = system;
    await cash.connect(corporate).transfer(cashIssuer.address, 10n);
    await expect(refusal(cash.connect(cashIssuer).redeem(11n))).resolves.toBe(
      `ERC20InsufficientBalance(${cashIssuer.address},10,11)`,
    );
    await cash.connect(cashIssuer).redeem(4n);
    await expect(cash.totalSupply()).resolves.toBe(ISSUED - 4n);
    await replaceWallet(system, cashIssuer.address, outsider.address);
    await cash.recover(cashIssuer.address);
    // The power to issue does not go over by itself: the bank's new wallet is appointed.
    await expect(refusal(cash.connect(outsider).redeem(6n))).resolves.toMatch(/^CallerNotIssuer/);
    await participants.appoint(
      admissionOf(ethers, outsider.address, KIND.bank | KIND.cashIssuer, cashIssuer.address),
      0,
    );
    await cash.connect(outsider).redeem(6n);
    await expect(cash.totalSupply()).resolves.toBe(ISSUED - 10n);
  });

  it("issues to nobody who can't receive: no stranger, no suspended wallet, no pool", async () => {
    const { cash, cashIssuer, corporate, outsider, regulator, participants, ethers } = await freshDisputes();
    const issue = (to: string) => refusal(cash.connect(cashIssuer).issue(to, 1n));
    await expect(issue(outsider.address)).resolves.toBe(`ERC7943CannotReceive(${outsider.address})`);
    await expect(issue(ethers.ZeroAddress)).resolves.toBe(`ERC7943CannotReceive(${ethers.ZeroAddress})`);
    await participants.connect(regulator).setStatus(corporate.address, 2);
    await expect(issue(corporate.address)).resolves.toBe(`ERC7943CannotReceive(${corporate.address})`);
    await participants.appoint(admissionOf(ethers, outsider.address, KIND.pool), 0);
    await expect(issue(outsider.address)).resolves.toBe(`ERC7943CannotReceive(${outsider.address})`);
  });
});

describe("the limit of settlement cash", () => {
  it("stops one stolen issuing key", async () => {
    const { cash, cashIssuer, corporate } = await freshDisputes();
    const limit = await cash.limit();
    const issue = (amount: bigint) => cash.connect(cashIssuer).issue(corporate.address, amount);
    await expect(refusal(issue(limit - ISSUED + 1n))).resolves.toBe(
      `IssueExceedsLimit(${String(limit + 1n)},${String(limit)})`,
    );
    await issue(limit - ISSUED);
    await expect(cash.totalSupply()).resolves.toBe(limit);
  });

  it("is raised by the access manager only, which has a delay", async () => {
    const { cash, cashIssuer, regulator, outsider } = await freshDisputes();
    const limit = await cash.limit();
    for (const one of [cashIssuer, regulator, outsider])
      await expect(refusal(cash.connect(one).raiseLimit(limit + 1n))).resolves.toBe(
        `AccessManagedUnauthorized(${one.address})`,
      );
    await expect(refusal(cash.raiseLimit(limit))).resolves.toBe(
      `LimitNotRaised(${String(limit)},${String(limit)})`,
    );
    await cash.raiseLimit(limit + 1n);
    await expect(cash.limit()).resolves.toBe(limit + 1n);
  });

  it("is lowered at once by the issuer and by a regulator, below what is in circulation too", async () => {
    const { cash, cashIssuer, regulator, corporate } = await freshDisputes();
    const limit = await cash.limit();
    await expect(refusal(cash.connect(cashIssuer).lowerLimit(limit))).resolves.toBe(
      `LimitNotLowered(${String(limit)},${String(limit)})`,
    );
    await cash.connect(cashIssuer).lowerLimit(limit - 1n);
    await cash.connect(regulator).lowerLimit(ISSUED - 1n);
    await expect(refusal(cash.connect(cashIssuer).issue(corporate.address, 0n))).resolves.toBe(
      `IssueExceedsLimit(${String(ISSUED)},${String(ISSUED - 1n)})`,
    );
    const told = await cash.queryFilter(cash.filters.LimitSet());
    expect(told.slice(-2).map(({ args }) => [args.limit, args.by])).toEqual([
      [limit - 1n, cashIssuer.address],
      [ISSUED - 1n, regulator.address],
    ]);
  });
});

describe("the reserve statement of settlement cash", () => {
  it("bounds what is issued", async () => {
    const system = await freshDisputes();
    const { cash, cashIssuer, corporate, ethers } = system;
    const asOf = await stateReserve(system, cash, cashIssuer, ISSUED + 5n);
    const { amount, asOf: storedAsOf, documentHash } = await cash.reserveStatement();
    expect([amount, storedAsOf, documentHash]).toEqual([
      ISSUED + 5n,
      asOf,
      ethers.id("statement of account"),
    ]);
    await expect(refusal(cash.connect(cashIssuer).issue(corporate.address, 6n))).resolves.toBe(
      `IssueExceedsReserve(${String(ISSUED + 6n)},${String(ISSUED + 5n)})`,
    );
    await cash.connect(cashIssuer).issue(corporate.address, 5n);
    await expect(cash.isCovered()).resolves.toBe(true);
  });

  it("serves for a day and a half; without one nothing is issued, and redeeming goes on", async () => {
    const system = await freshDisputes();
    const { cash, cashIssuer, corporate, ethers } = system;
    const asOf = await stateReserve(system, cash, cashIssuer, 10n * CASH);
    await setNextBlockTime(ethers, asOf + 36n * HOUR);
    await cash.connect(cashIssuer).issue(cashIssuer.address, 1n);
    await expect(cash.isCovered()).resolves.toBe(true);
    await setNextBlockTime(ethers, asOf + 36n * HOUR + 1n);
    await expect(refusal(cash.connect(cashIssuer).issue(corporate.address, 1n))).resolves.toBe(
      `ReserveStatementOverdue(${String(asOf + 36n * HOUR)})`,
    );
    await cash.connect(cashIssuer).redeem(1n);
    await expect(cash.isCovered()).resolves.toBe(false);
    await stateReserve(system, cash, cashIssuer, 10n * CASH);
    await cash.connect(cashIssuer).issue(corporate.address, 1n);
  });

  it("is missing at first", async () => {
    const { ethers, manager, participants, cashIssuer, corporate } = await freshDisputes();
    const cash = await ethers.deployContract("SettlementCash", [manager, participants, "Cash", "CNYT"]);
    await cash.setIssuer(firmIdOf(cashIssuer.address));
    await cash.raiseLimit(1n);
    await expect(refusal(cash.connect(cashIssuer).issue(corporate.address, 1n))).resolves.toBe(
      "ReserveStatementOverdue(0)",
    );
  });

  it("may say that something is missing, and that stops issue and new locks at once", async () => {
    const system = await freshDisputes();
    const { cash, cashIssuer, corporate } = system;
    await stateReserve(system, cash, cashIssuer, ISSUED);
    await expect(cash.isCovered()).resolves.toBe(true);
    await stateReserve(system, cash, cashIssuer, ISSUED - 1n);
    await expect(cash.isCovered()).resolves.toBe(false);
    await expect(refusal(cash.connect(cashIssuer).issue(corporate.address, 0n))).resolves.toBe(
      `IssueExceedsReserve(${String(ISSUED)},${String(ISSUED - 1n)})`,
    );
  });

  it("names its document, and comes in the order of its times", async () => {
    const { cash, cashIssuer, ethers } = await freshDisputes();
    const asIssuer = cash.connect(cashIssuer);
    const { asOf: previous } = await cash.reserveStatement();
    const now = (await blockTime(ethers)) + 100n;
    const documentHash = ethers.id("document");
    const bare = asIssuer.stateReserve({ amount: 1n, asOf: now, documentHash: ethers.ZeroHash });
    await expect(refusal(bare)).resolves.toBe("ReserveStatementIncomplete()");
    await setNextBlockTime(ethers, now);
    for (const asOf of [previous, now + 1_000n])
      await expect(refusal(asIssuer.stateReserve({ amount: 1n, asOf, documentHash }))).resolves.toBe(
        `ReserveStatementOutOfOrder(${String(asOf)},${String(previous)})`,
      );
    await asIssuer.stateReserve({ amount: 7n, asOf: previous + 1n, documentHash });
    const [event] = (await cash.queryFilter(cash.filters.ReserveStated())).slice(-1);
    expect([...(event?.args ?? [])]).toEqual([cashIssuer.address, 7n, previous + 1n, documentHash]);
  });
});
