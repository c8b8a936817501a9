import { beforeEach, describe, expect, it } from "vitest";
import { eventsOf, lienAgentOf, pledge, type Terms } from "../support/liens.ts";
import { type Lock, lockBy, lockOf, settlementOf, signLock } from "../support/locks.ts";
import { replaceWallet } from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import {
  type Account,
  baseUnits,
  blockTime,
  freshSystem,
  issue,
  plain,
  setNextBlockTime,
  type System,
} from "../support/system.ts";

const BATCH = 7n;
const ALL = baseUnits(900n);
let system: System;
let operator: string;
let agent: Account;
let buyer: string;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  agent = await settlementOf(system);
  [operator, buyer] = [system.operator.address, system.corporate.address];
});

const id = async (lock: Lock) => system.credit.lockIdOf(lock);
const held = async (account = operator) => system.credit.heldOf(account, BATCH);
const placeRefused = async (changes: Partial<Lock>) =>
  refusal(lockBy(system, agent, await lockOf(system, agent, changes)));
const deliver = async (lock: Lock, amount: bigint, to = buyer, by = agent) =>
  system.credit.connect(by).deliverLock(lock, to, amount);
const expire = async (lock: Lock) => setNextBlockTime(system.ethers, lock.expiry);

describe("placing a lock", () => {
  it("takes free credits, by the holder or by the agent with its signature", async () => {
    const { credit, ethers } = system;
    const lock = await lockOf(system, agent);
    await expect(eventsOf(system, lockBy(system, agent, lock))).resolves.toEqual([
      `LockPlaced(${await id(lock)},${operator},7,${Object.values(lock).map(String).join(",")})`,
    ]);
    const own = { ...lock, instructionHash: ethers.id("own") };
    await credit.connect(system.operator).placeLock(own, "0x");
    await expect(held()).resolves.toBe(200n);
    expect(plain(await credit.holdOf(await id(lock), BATCH))).toEqual({
      holder: operator,
      amount: 100n,
      kind: 1n,
      expiry: lock.expiry,
      origin: ethers.ZeroHash,
    });
    await expect(refusal(lockBy(system, agent, lock))).resolves.toBe(`HoldKnown(${await id(lock)})`);
  });

  it("is nobody's without the holder's own signature over these terms", async () => {
    const { credit, bank, corporate } = system;
    const lock = await lockOf(system, agent);
    const signature = await signLock(system, lock, system.operator);
    const missing = `ConsentMissing(${operator})`;
    await credit.connect(system.operator).setApprovalForAll(agent.address, true);
    const by = credit.connect(agent);
    await expect(refusal(by.placeLock(lock, "0x"))).resolves.toBe(missing);
    await expect(refusal(by.placeLock({ ...lock, amount: 101n }, signature))).resolves.toBe(missing);
    const others = await signLock(system, lock, corporate);
    await expect(refusal(by.placeLock(lock, others))).resolves.toBe(missing);
    await expect(refusal(credit.connect(bank).placeLock(lock, signature))).resolves.toBe(
      `CallerNotPartyToHold(${bank.address},${await id(lock)})`,
    );
  });

  it("needs an amount, an end within the longest life, a settlement contract and no origin", async () => {
    const { credit, ethers, bank } = system;
    const now = await blockTime(ethers);
    const incomplete = "LockIncomplete()";
    await expect(placeRefused({ amount: 0n })).resolves.toBe(incomplete);
    await expect(placeRefused({ expiry: now })).resolves.toBe(incomplete);
    await expect(placeRefused({ expiry: now + 181n * 86_400n })).resolves.toBe(incomplete);
    await expect(placeRefused({ origin: ethers.id("lien") })).resolves.toBe(incomplete);
    const own = credit
      .connect(system.operator)
      .placeLock(await lockOf(system, agent, { agent: bank.address }), "0x");
    await expect(refusal(own)).resolves.toBe(incomplete);
    await credit.setMaxLockSeconds(60);
    await expect(placeRefused({})).resolves.toBe(incomplete);
    await expect(refusal(credit.connect(bank).setMaxLockSeconds(1))).resolves.toMatch(/^AccessManaged/);
  });

  it("is refused of a suspended id, a suspended holder and of what is not free", async () => {
    const { batches, participants, regulator } = system;
    await expect(placeRefused({ amount: ALL + 1n })).resolves.toBe(
      `AmountAboveLimit(${String(ALL + 1n)},${String(ALL)})`,
    );
    await batches.connect(regulator).suspend(BATCH, 16);
    await expect(placeRefused({})).resolves.toBe("TransferSuspended(7)");
    await batches.connect(regulator).reinstate(BATCH, 16);
    await participants.connect(regulator).setStatus(operator, 2);
    await expect(placeRefused({})).resolves.toBe(`ERC7943CannotSend(${operator})`);
  });
});

describe("delivering a lock", () => {
  it("moves to any active buyer, in parts, whatever became of the holder since", async () => {
    const { credit, participants, regulator } = system;
    const lock = await lockOf(system, agent);
    await lockBy(system, agent, lock);
    await participants.connect(regulator).setStatus(operator, 2);
    await credit.setPaused(true);
    await expect(eventsOf(system, deliver(lock, 30n))).resolves.toEqual([
      `LockDelivered(${await id(lock)},${operator},${buyer},7,30,70)`,
      `TransferSingle(${agent.address},${operator},${buyer},7,30)`,
    ]);
    await expect(refusal(deliver(lock, 71n))).resolves.toBe(`HoldExceeded(${await id(lock)},71,70)`);
    await deliver(lock, 70n);
    await expect(held()).resolves.toBe(0n);
    await expect(credit.balanceOf(buyer, BATCH)).resolves.toBe(100n);
  });

  it("is its agent's, before the expiry, to who may receive, and never what is prohibited", async () => {
    const { credit, ethers, bank, batches, outsider, regulator } = system;
    const lock = await lockOf(system, agent);
    await lockBy(system, agent, lock);
    await expect(refusal(deliver(lock, 1n, buyer, bank))).resolves.toMatch(/^CallerNotPartyToHold/);
    await expect(refusal(deliver(lock, 1n, outsider.address))).resolves.toMatch(/^ERC7943CannotReceive/);
    await batches.connect(regulator).suspend(BATCH, 16);
    await expect(refusal(deliver(lock, 1n))).resolves.toBe("TransferSuspended(7)");
    await batches.connect(regulator).reinstate(BATCH, 16);
    const orders = credit.connect(regulator);
    await orders.setFrozenTokens(operator, BATCH, ALL);
    await deliver(lock, 1n);
    await orders.freezeByOrder(ethers.id("order"), 1, operator, BATCH, ALL);
    await expect(refusal(deliver(lock, 1n))).resolves.toBe("AmountAboveLimit(1,0)");
    await orders.freezeByOrder(ethers.id("order"), 1, operator, BATCH, 0n);
    await expire(lock);
    await expect(refusal(deliver(lock, 1n))).resolves.toBe(`LockExpired(${String(lock.expiry)})`);
  });
});

describe("the end of a lock", () => {
  it("is anybody's from its expiry on, under pause and suspension too; until then it counts", async () => {
    const { credit, batches, ethers, outsider, regulator } = system;
    const lock = await lockOf(system, agent, { amount: ALL });
    await lockBy(system, agent, lock);
    const end = async () => credit.connect(outsider).endLock(lock);
    await expect(refusal(end())).resolves.toBe(`LockStanding(${String(lock.expiry)})`);
    await credit.setPaused(true);
    await batches.connect(regulator).suspend(BATCH, 16);
    await credit.connect(regulator).freezeByOrder(ethers.id("order"), 1, operator, BATCH, 1n);
    await setNextBlockTime(ethers, lock.expiry + 10n);
    await ethers.provider.send("evm_mine", []);
    await expect(held()).resolves.toBe(ALL);
    await expect(eventsOf(system, end())).resolves.toEqual([
      `LockEnded(${await id(lock)},${operator},7,${String(ALL)},${ethers.ZeroHash})`,
    ]);
    await expect(held()).resolves.toBe(0n);
    await expect(refusal(end())).resolves.toBe(`HoldUnknown(${await id(lock)})`);
  });

  it("is its agent's at any time", async () => {
    const lock = await lockOf(system, agent);
    await lockBy(system, agent, lock);
    await system.credit.connect(agent).endLock(lock);
    await expect(held()).resolves.toBe(0n);
  });
});

describe("a lock of pledged credits", () => {
  let lienAgent: Account;
  let lien: Terms;
  let lock: Lock;
  beforeEach(async () => {
    lienAgent = await lienAgentOf(system);
    lien = await pledge(system, 600n, { agent: lienAgent.address });
    lock = await lockOf(system, agent, { origin: await system.credit.lienIdOf(lien), amount: 400n });
  });
  const take = async (by = lienAgent, terms = lock) =>
    system.credit.connect(by).placeLockFromLien(terms, lien);
  const lienLeft = async () => (await system.credit.holdOf(await system.credit.lienIdOf(lien), BATCH)).amount;

  it("is the lien agent's, and is delivered to any buyer", async () => {
    await expect(refusal(take(system.bank))).resolves.toMatch(/^CallerNotPartyToHold/);
    await expect(refusal(take(lienAgent, { ...lock, amount: 601n }))).resolves.toMatch(/^HoldExceeded/);
    await take();
    await expect(held()).resolves.toBe(600n);
    await expect(lienLeft()).resolves.toBe(200n);
    await deliver(lock, 400n);
    await expect(held()).resolves.toBe(200n);
  });

  it("goes back to the lien when it ends, never to the borrower, also after a recovery", async () => {
    const { credit, outsider } = system;
    await take();
    await replaceWallet(system, operator, outsider.address);
    await credit.recover(operator, BATCH);
    await expire(lock);
    await credit.endLock(lock);
    await expect(held(outsider.address)).resolves.toBe(600n);
    await expect(lienLeft()).resolves.toBe(600n);
    await credit.connect(system.bank).releaseLien(lien, 600n);
    await expect(held(outsider.address)).resolves.toBe(0n);
  });

  it("names the lien that it comes from, and who holds it", async () => {
    const { ethers, bank } = system;
    for (const changes of [{ origin: ethers.id("other") }, { holder: bank.address }, { tokenId: 8n }]) {
      const terms = { ...lock, ...changes };
      await expect(refusal(take(lienAgent, terms))).resolves.toBe(`HoldUnknown(${terms.origin})`);
    }
  });
});
