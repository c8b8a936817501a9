import { beforeEach, describe, expect, it } from "vitest";
import { eventsOf, pledge } from "../support/liens.ts";
import { refusal } from "../support/refusal.ts";
import {
  type Account,
  admissionOf,
  baseUnits,
  firmWordOf,
  freshSystem,
  issue,
  KIND,
  plain,
  type System,
} from "../support/system.ts";

const BATCH = 7n;
const ALL = baseUnits(900n);
const [ATTACHMENT, PROHIBITION] = [0, 1];
let system: System;
let operator: string;
let court: Account;
/** Another wallet of the court. */
let clerk: Account;
let customs: Account;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  operator = system.operator.address;
  [court, clerk, customs] = [system.regulator, system.outsider, system.otherDeployer];
  const { ethers, participants } = system;
  await participants.appoint(admissionOf(ethers, clerk.address, KIND.regulator, court.address), 0);
  await participants.appoint(admissionOf(ethers, customs.address, KIND.regulator), 0);
});

const freeze = async (by: Account, amount: bigint) =>
  system.credit.connect(by).setFrozenTokens(operator, BATCH, amount);
const order = async (by: Account, kind: number, amount: bigint, orderHash = system.ethers.id("order")) =>
  system.credit.connect(by).freezeByOrder(orderHash, kind, operator, BATCH, amount);
const frozen = async () => system.credit.getFrozenTokens(operator, BATCH);
const own = async (of: Account) =>
  plain(await system.credit.frozenByOf(operator, BATCH, firmWordOf(of.address)));
const force = async (by: Account, amount: bigint) =>
  system.credit.connect(by).forcedTransfer(operator, system.corporate.address, BATCH, amount);

describe("freezes of several authorities", () => {
  it("add up, and none overwrites another's; wallets of one authority share one", async () => {
    await freeze(court, 700n);
    await expect(eventsOf(system, freeze(customs, 50n))).resolves.toEqual([`Frozen(${operator},7,750)`]);
    await freeze(customs, 0n);
    await expect(frozen()).resolves.toBe(700n);
    await freeze(clerk, 600n);
    await expect(frozen()).resolves.toBe(600n);
  });

  it("are an authority's, not a wallet's: they stay when the wallet is gone", async () => {
    await freeze(court, 700n);
    await system.participants.connect(customs).setStatus(court.address, 2);
    await expect(frozen()).resolves.toBe(700n);
    await freeze(clerk, 0n);
    await expect(frozen()).resolves.toBe(0n);
  });

  it("are not for another authority to take: an order lowers its own alone", async () => {
    await freeze(court, ALL - 10n);
    await freeze(customs, 8n);
    await expect(refusal(force(customs, 11n))).resolves.toBe("AmountAboveLimit(11,10)");
    await force(customs, 10n);
    await expect(own(customs)).resolves.toEqual({ attached: 0n, prohibited: 0n });
    await expect(own(court)).resolves.toEqual({ attached: ALL - 10n, prohibited: 0n });
    await expect(frozen()).resolves.toBe(ALL - 10n);
  });

  it("are never in the way of a lien that stood before, nor is a lien in the way of theirs", async () => {
    await pledge(system, 600n);
    await freeze(court, ALL);
    await expect(refusal(force(court, ALL - 599n))).resolves.toBe(
      `AmountAboveLimit(${String(ALL - 599n)},${String(ALL - 600n)})`,
    );
    await force(court, ALL - 600n);
    await expect(system.credit.heldOf(operator, BATCH)).resolves.toBe(600n);
  });
});

describe("a freeze by order", () => {
  it("carries the order's hash and its class, and states all of the class", async () => {
    const hash = system.ethers.id("case 12");
    await expect(eventsOf(system, order(court, PROHIBITION, 300n, hash))).resolves.toEqual([
      `FrozenByOrder(${hash},${operator},7,${firmWordOf(court.address)},1,300)`,
      `Frozen(${operator},7,300)`,
    ]);
    await order(court, ATTACHMENT, 100n);
    await order(customs, PROHIBITION, 7n);
    await expect(own(court)).resolves.toEqual({ attached: 100n, prohibited: 300n });
    await expect(frozen()).resolves.toBe(407n);
    await expect(system.credit.prohibitedOf(operator, BATCH)).resolves.toBe(307n);
    await order(court, PROHIBITION, 0n);
    await expect(system.credit.prohibitedOf(operator, BATCH)).resolves.toBe(7n);
    await expect(frozen()).resolves.toBe(107n);
  });

  it("has a hash, a regulator and no pool", async () => {
    const { credit, ethers, bank, participants } = system;
    await expect(refusal(order(court, PROHIBITION, 1n, ethers.ZeroHash))).resolves.toBe("OrderHashMissing()");
    await expect(refusal(order(bank, PROHIBITION, 1n))).resolves.toBe(
      `CallerNotEntitled(${bank.address},8192)`,
    );
    await order(court, PROHIBITION, 2n);
    await participants.appoint(admissionOf(ethers, operator, KIND.operator | KIND.pool), 0);
    await expect(refusal(order(court, PROHIBITION, 1n))).resolves.toBe(`HeldByPool(${operator})`);
    await expect(refusal(freeze(court, 1n))).resolves.toBe(`HeldByPool(${operator})`);
    await order(court, PROHIBITION, 0n);
    await expect(credit.getFrozenTokens(operator, BATCH)).resolves.toBe(0n);
  });
});
