import { beforeEach, describe, expect, it } from "vitest";
import type { AuthorityOrders, ContractParty } from "../../../types/ethers-contracts/index.js";
import { guard, recoveryStatement } from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import {
  type Account,
  admissionOf,
  blockTime,
  firmWordOf,
  freshSystem,
  KIND,
  plain,
  setNextBlockTime,
  type System,
} from "../support/system.ts";

const ORDER_SECONDS = 3_600n;
const LAPSE_SECONDS = 86_400n;
let system: System;
let orders: AuthorityOrders;
/** Stands where a contract that takes by order will. */
let taker: ContractParty;
let target: string;
let one: Account;
let other: Account;
let stranger: Account;
const ACTION = "0x12345678aabbccdd";
let orderHash: string;
beforeEach(async () => {
  system = await freshSystem();
  const { ethers, manager, participants, regulator, outsider, disputes } = system;
  orders = await ethers.deployContract("AuthorityOrders", [
    manager,
    participants,
    ORDER_SECONDS,
    LAPSE_SECONDS,
  ]);
  taker = await ethers.deployContract("ContractParty", [outsider.address]);
  target = await taker.getAddress();
  [one, other, stranger] = [regulator, outsider, disputes];
  orderHash = ethers.id("order of a court");
  await appoint(other, one);
  await appoint(stranger, stranger);
});

const appoint = async (wallet: Account, firm: Account, kinds: number = KIND.regulator) =>
  system.participants.appoint(admissionOf(system.ethers, wallet.address, kinds, firm.address), 0);
const announce = async (by = one, action = ACTION, hash = orderHash) =>
  orders.connect(by).announce(target, action, hash);
/** As a contract does in a function that takes: it says who called it and with what. */
const use = async (caller = other, action = ACTION, contract = taker) => {
  const call = orders.interface.encodeFunctionData("use", [caller.address, system.ethers.keccak256(action)]);
  return contract.execute(await orders.getAddress(), call);
};
const hashOf = (firm = one, action = ACTION, contract = target) =>
  system.ethers.keccak256(
    system.ethers.AbiCoder.defaultAbiCoder().encode(
      ["address", "bytes32", "bytes32"],
      [contract, system.ethers.keccak256(action), firmWordOf(firm.address)],
    ),
  );
const wait = async (seconds = ORDER_SECONDS) =>
  setNextBlockTime(system.ethers, (await blockTime(system.ethers)) + seconds);
const setStatus = async (account: Account, status: number) =>
  system.participants.connect(stranger).setStatus(account.address, status);

describe("an act that takes", () => {
  it("is announced by one wallet, told with its call and order, and carried out by another", async () => {
    await announce();
    const now = await blockTime(system.ethers);
    const [earliest, latest] = [now + ORDER_SECONDS, now + ORDER_SECONDS + LAPSE_SECONDS];
    await expect(
      orders.hashAction(target, system.ethers.keccak256(ACTION), firmWordOf(one.address)),
    ).resolves.toBe(hashOf());
    const [told] = await orders.queryFilter(orders.filters.OrderAnnounced());
    expect(told?.args).toEqual([target, hashOf(), orderHash, one.address, ACTION, earliest, latest]);
    expect(plain(await orders.announcementOf(hashOf()))).toEqual({
      announcer: one.address,
      earliest,
      latest,
      orderHash,
    });
    await wait();
    await system.ethers.provider.send("evm_mine", []);
    const call = orders.interface.encodeFunctionData("use", [other.address, system.ethers.keccak256(ACTION)]);
    await expect(taker.execute.staticCall(await orders.getAddress(), call)).resolves.toBe(orderHash);
    await use();
    const [done] = await orders.queryFilter(orders.filters.OrderCarriedOut());
    expect(done?.args).toEqual([target, hashOf(), orderHash, one.address, other.address]);
  });

  it("is not one stolen key's: who announces doesn't carry out, and nothing goes unannounced", async () => {
    await expect(refusal(use(one))).resolves.toBe(`OrderUnknown(${hashOf()})`);
    await announce();
    await wait();
    await expect(refusal(use(one))).resolves.toBe(`SameWallet(${one.address})`);
    await expect(refusal(use(stranger))).resolves.toBe(`OrderUnknown(${hashOf(stranger)})`);
    await expect(refusal(use(system.corporate))).resolves.toBe(
      `CallerNotEntitled(${system.corporate.address},8192)`,
    );
  });

  it("waits for its time to the second, and lapses after its last one", async () => {
    await announce();
    const { earliest, latest } = await orders.announcementOf(hashOf());
    await setNextBlockTime(system.ethers, earliest - 1n);
    await expect(refusal(use())).resolves.toBe(`OrderTooEarly(${String(earliest)})`);
    await setNextBlockTime(system.ethers, latest + 1n);
    await expect(refusal(use())).resolves.toBe(`OrderLapsed(${String(latest)})`);
    await announce();
    const next = await orders.announcementOf(hashOf());
    await setNextBlockTime(system.ethers, next.latest);
    await use();
  });

  it("at its first second is carried out", async () => {
    await announce();
    await setNextBlockTime(system.ethers, (await orders.announcementOf(hashOf())).earliest);
    await use();
    await expect(orders.queryFilter(orders.filters.OrderCarriedOut())).resolves.toHaveLength(1);
  });

  it("is carried out once, and again only after another announcement", async () => {
    await announce();
    await wait();
    await use();
    await expect(refusal(use())).resolves.toBe(`OrderUnknown(${hashOf()})`);
    await announce(other);
    await wait();
    await use(one);
    await expect(refusal(use())).resolves.toBe(`OrderUnknown(${hashOf()})`);
  });

  it("is that call, of that contract: another amount or another contract was not announced", async () => {
    await announce();
    await wait();
    await expect(refusal(use(other, `${ACTION}00`))).resolves.toBe(
      `OrderUnknown(${hashOf(one, `${ACTION}00`)})`,
    );
    const second = await system.ethers.deployContract("ContractParty", [system.outsider.address]);
    const elsewhere = await second.getAddress();
    await expect(refusal(use(other, ACTION, second))).resolves.toBe(
      `OrderUnknown(${hashOf(one, ACTION, elsewhere)})`,
    );
    await use();
  });

  it("of one authority is not another's: each has its own announcements of the same call", async () => {
    const second = system.otherDeployer;
    await appoint(second, stranger);
    await announce();
    await announce(stranger, ACTION, system.ethers.id("another court"));
    await wait();
    await use();
    await use(second);
    const done = await orders.queryFilter(orders.filters.OrderCarriedOut());
    expect(done.map(({ args }) => args.orderHash)).toEqual([orderHash, system.ethers.id("another court")]);
  });

  it("needs both wallets to be active regulators when it is carried out", async () => {
    await announce();
    await wait();
    await setStatus(one, 2);
    await expect(refusal(use())).resolves.toBe(`AnnouncerNotEntitled(${one.address})`);
    await setStatus(one, 1);
    await setStatus(other, 2);
    await expect(refusal(use())).resolves.toBe(`CallerNotEntitled(${other.address},8192)`);
    await setStatus(other, 1);
    await use();
  });

  it("is not carried out by the wallet that took the announcer's place", async () => {
    const { participants, guardians, ethers } = system;
    await appoint(one, one, KIND.regulator | KIND.bank);
    await announce();
    const heir = system.otherDeployer;
    const recovery = recoveryStatement(system, { lost: one.address, replacement: heir.address });
    await participants.announceRecovery(recovery, await guard(system, recovery, guardians.slice(0, 2)));
    await participants.completeRecovery(one.address);
    await appoint(heir, one);
    await setNextBlockTime(ethers, (await orders.announcementOf(hashOf())).earliest);
    await expect(refusal(use(heir))).resolves.toBe(`SameWallet(${heir.address})`);
    await expect(refusal(use())).resolves.toBe(`AnnouncerNotEntitled(${one.address})`);
  });
});

describe("an announcement", () => {
  it("is an active regulator's, with its order's hash and a contract", async () => {
    const { ethers, corporate, admin } = system;
    for (const by of [corporate, admin])
      await expect(refusal(announce(by))).resolves.toBe(`CallerNotEntitled(${by.address},8192)`);
    await expect(refusal(announce(one, ACTION, ethers.ZeroHash))).resolves.toBe("OrderIncomplete()");
    const nowhere = orders.connect(one).announce(ethers.ZeroAddress, ACTION, orderHash);
    await expect(refusal(nowhere)).resolves.toBe("OrderIncomplete()");
    await setStatus(one, 2);
    await expect(refusal(announce())).resolves.toBe(`CallerNotEntitled(${one.address},8192)`);
  });

  it("stands until it is used, withdrawn or lapsed: nobody writes over it", async () => {
    await announce();
    for (const by of [one, other])
      await expect(refusal(announce(by))).resolves.toBe(`OrderKnown(${hashOf()})`);
    const { latest } = await orders.announcementOf(hashOf());
    await setNextBlockTime(system.ethers, latest);
    await expect(refusal(announce(other))).resolves.toBe(`OrderKnown(${hashOf()})`);
    await setNextBlockTime(system.ethers, latest + 1n);
    await announce(other);
    expect((await orders.announcementOf(hashOf())).announcer).toBe(other.address);
  });

  it("is withdrawn by any wallet of its authority, and by nobody else", async () => {
    const { ethers, corporate } = system;
    const withdraw = async (by: Account) => orders.connect(by).withdraw(hashOf());
    await expect(refusal(withdraw(one))).resolves.toBe(`OrderUnknown(${hashOf()})`);
    await announce();
    for (const by of [stranger, corporate])
      await expect(refusal(withdraw(by))).resolves.toBe(`CallerNotEntitled(${by.address},8192)`);
    await appoint(system.otherDeployer, one, KIND.bank);
    await expect(refusal(withdraw(system.otherDeployer))).resolves.toMatch(/^CallerNotEntitled/);
    await withdraw(other);
    const [told] = await orders.queryFilter(orders.filters.OrderWithdrawn());
    expect(told?.args).toEqual([hashOf(), orderHash, other.address]);
    expect((await orders.announcementOf(hashOf())).orderHash).toBe(ethers.ZeroHash);
    await wait();
    await expect(refusal(use())).resolves.toBe(`OrderUnknown(${hashOf()})`);
  });
});

describe("times", () => {
  it("are the access manager's admin's, for announcements from then on", async () => {
    const call = orders.connect(one).setTimes(0, 1);
    await expect(refusal(call)).resolves.toBe(`AccessManagedUnauthorized(${one.address})`);
    await announce();
    await orders.setTimes(0, 60);
    expect(await orders.times()).toEqual([0n, 60n]);
    const [, told] = await orders.queryFilter(orders.filters.TimesSet());
    expect(told?.args).toEqual([0n, 60n]);
    await expect(refusal(use())).resolves.toMatch(/^OrderTooEarly/);
    await announce(one, "0x01");
    await use(other, "0x01");
  });

  it("and the contract's links are complete from the start", async () => {
    const { ethers, manager, participants } = system;
    for (const links of [
      [ethers.ZeroAddress, participants],
      [manager, ethers.ZeroAddress],
    ] as const) {
      const deployment = ethers.deployContract("AuthorityOrders", [...links, 0, 1]);
      await expect(refusal(deployment)).resolves.toBe("ZeroDependency()");
    }
  });
});
