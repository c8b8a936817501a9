import { beforeEach, describe, expect, it } from "vitest";
import {
  appointed,
  type Consent,
  consentTo,
  eventsOf,
  lienAgentOf,
  placeBy,
  pledge,
  signConsent,
  termsOf,
  type Terms,
} from "../support/liens.ts";
import { refusal } from "../support/refusal.ts";
import {
  type Account,
  admissionOf,
  baseUnits,
  blockTime,
  freshSystem,
  issue,
  KIND,
  plain,
  setNextBlockTime,
  type System,
} from "../support/system.ts";

const BATCH = 7n;
const ALL = baseUnits(900n);
const MAX = 2n ** 256n - 1n;
let system: System;
let operator: string;
let agent: Account;
let liquidator: string;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  agent = await lienAgentOf(system);
  liquidator = await appointed(system, "liquidator", KIND.liquidator);
  operator = system.operator.address;
});

const text = (...values: unknown[]) => values.map(String).join(",");
const fields = (terms: Terms) =>
  [terms.holder, terms.tokenId, terms.beneficiary, terms.agent, terms.agreementHash].map(String).join(",");
const place = async (terms: Terms, amount: bigint, by: Account = system.operator) =>
  placeBy(system, by, terms, amount);
const placeRefused = async (changes: Partial<Terms>, amount = 1n, by: Account = system.operator) =>
  refusal(place(termsOf(system, changes), amount, by));
const id = async (terms: Terms) => system.credit.lienIdOf(terms);
const pledged = async () => system.credit.heldOf(operator, BATCH);
const aboveLimit = (amount: bigint, limit: bigint) => `AmountAboveLimit(${String(amount)},${String(limit)})`;
const apart = () => ({ agreementHash: system.ethers.id("other") });
const lien = (holder: string, amount: bigint) => ({
  holder,
  amount,
  kind: 0n,
  expiry: 0n,
  origin: system.ethers.ZeroHash,
});

describe("placing a lien", () => {
  it("pledges credits under the hash of its terms and tells all of them", async () => {
    const { credit, ethers } = system;
    const terms = termsOf(system);
    const expectedId = ethers.keccak256(
      ethers.AbiCoder.defaultAbiCoder().encode(
        ["address", "uint256", "address", "address", "bytes32"],
        [terms.holder, terms.tokenId, terms.beneficiary, terms.agent, terms.agreementHash],
      ),
    );
    await expect(id(terms)).resolves.toBe(expectedId);
    const told = await eventsOf(system, place(terms, 100n));
    expect(told).toEqual([`LienPlaced(${text(expectedId, operator, BATCH, fields(terms), 100n)})`]);
    expect(plain(await credit.holdOf(expectedId, BATCH))).toEqual(lien(operator, 100n));
    await expect(credit.encumberedOf(operator, BATCH)).resolves.toBe(100n);
  });

  it("needs both parties, each as the caller or by its signature, and neither twice", async () => {
    const { bank, corporate } = system;
    const terms = termsOf(system, { agent: agent.address });
    for (const by of [bank, corporate, agent]) {
      const unsigned = system.credit.connect(by).placeLien(consentTo(terms), 1n, "0x", "0x");
      await expect(refusal(unsigned)).resolves.toBe(`ConsentMissing(${operator})`);
    }
    await expect(
      refusal(system.credit.connect(system.operator).placeLien(consentTo(terms), 1n, "0x", "0x")),
    ).resolves.toBe(`ConsentMissing(${bank.address})`);
    await place(terms, 1n, bank);
    await place({ ...terms, ...apart() }, 1n, agent);
    await place({ ...terms, agreementHash: system.ethers.id("third") }, 1n, corporate);
    await place({ ...terms, agreementHash: system.ethers.id("fourth") }, 1n);
    await expect(pledged()).resolves.toBe(4n);
  });

  it("binds what was signed: terms, amount, time and token, by the party itself", async () => {
    const { credit, ethers, bank, corporate } = system;
    const terms = termsOf(system);
    const consent = consentTo(terms, { maxAmount: 10n, deadline: (await blockTime(ethers)) + 1_000n });
    const signature = await signConsent(system, consent, system.operator);
    const byBank = async (changes: Partial<Consent>, amount = 1n, signed = signature) =>
      refusal(credit.connect(bank).placeLien({ ...consent, ...changes }, amount, signed, "0x"));
    const missing = `ConsentMissing(${operator})`;
    await expect(byBank({}, 11n)).resolves.toBe("ConsentExceeded(11,10)");
    await expect(byBank({ maxAmount: 11n }, 11n)).resolves.toBe(missing);
    await expect(byBank({ deadline: consent.deadline + 1n })).resolves.toBe(missing);
    await expect(byBank({ terms: { ...terms, ...apart() } })).resolves.toBe(missing);
    await expect(byBank({}, 1n, await signConsent(system, consent, corporate))).resolves.toBe(missing);
    await expect(byBank({}, 1n, `${signature}00`)).resolves.toMatch(/^SignatureInvalid\(0\)/);
    await setNextBlockTime(ethers, consent.deadline + 1n);
    await expect(byBank({})).resolves.toBe(`ConsentExpired(${String(consent.deadline)})`);
  });

  it("is not had by an approval of all that somebody holds", async () => {
    const { credit, bank, corporate } = system;
    for (const approved of [agent, bank, corporate])
      await credit.connect(system.operator).setApprovalForAll(approved.address, true);
    const all = credit.connect(bank).placeLien(consentTo(termsOf(system)), ALL, "0x", "0x");
    await expect(refusal(all)).resolves.toBe(`ConsentMissing(${operator})`);
  });

  it("is refused of a suspended id", async () => {
    await system.batches.connect(system.regulator).suspend(BATCH, 16);
    await expect(placeRefused({})).resolves.toBe("TransferSuspended(7)");
  });

  it("takes no agent that is none, or none any more", async () => {
    const { participants, regulator, bank } = system;
    await expect(placeRefused({ agent: bank.address })).resolves.toBe(
      `CallerNotEntitled(${bank.address},2048)`,
    );
    await participants.connect(regulator).setStatus(agent.address, 2);
    await expect(placeRefused({ agent: agent.address }, 1n, agent)).resolves.toBe(
      `CallerNotEntitled(${agent.address},2048)`,
    );
  });

  it("needs an amount and an active beneficiary that is somebody else", async () => {
    const { outsider } = system;
    const incomplete = "LienIncomplete()";
    await expect(placeRefused({}, 0n)).resolves.toBe(incomplete);
    await expect(placeRefused({ beneficiary: outsider.address })).resolves.toBe(incomplete);
    await expect(placeRefused({ beneficiary: operator })).resolves.toBe(incomplete);
  });

  it("needs an active holder that is no pool", async () => {
    const { ethers, participants, regulator } = system;
    await participants.connect(regulator).setStatus(operator, 2);
    await expect(placeRefused({})).resolves.toBe(`ERC7943CannotSend(${operator})`);
    await participants.connect(regulator).setStatus(operator, 1);
    await participants.appoint(admissionOf(ethers, operator, KIND.operator | KIND.pool), 0);
    await expect(placeRefused({})).resolves.toBe(`HeldByPool(${operator})`);
  });

  it("takes only credits that are there and free", async () => {
    const { credit, regulator } = system;
    await expect(placeRefused({}, ALL + 1n)).resolves.toBe(aboveLimit(ALL + 1n, ALL));
    await credit.connect(regulator).setFrozenTokens(operator, BATCH, 10n);
    await place(termsOf(system), 20n);
    const second = { agreementHash: system.ethers.id("second") };
    await expect(placeRefused(second, ALL - 29n)).resolves.toBe(aboveLimit(ALL - 29n, ALL - 30n));
    await place(termsOf(system, second), ALL - 30n);
    await expect(placeRefused(apart(), 1n)).resolves.toBe(aboveLimit(1n, 0n));
  });

  it("never gives an id out again, released or not", async () => {
    const { credit, bank } = system;
    const terms = await pledge(system, 5n);
    await expect(placeRefused({}, 1n)).resolves.toBe(`HoldKnown(${await id(terms)})`);
    await credit.connect(bank).releaseLien(terms, 5n);
    expect(plain(await credit.holdOf(await id(terms), BATCH))).toEqual(lien(operator, 0n));
    await expect(placeRefused({}, 1n)).resolves.toBe(`HoldKnown(${await id(terms)})`);
    await expect(refusal(credit.connect(system.operator).increaseLien(terms, 1n))).resolves.toBe(
      `HoldUnknown(${await id(terms)})`,
    );
  });
});

describe("increasing a lien", () => {
  it("pledges more under the same id, by its holder", async () => {
    const { credit, bank } = system;
    const terms = await pledge(system, 5n, { agent: agent.address });
    const told = await eventsOf(system, credit.connect(system.operator).increaseLien(terms, 2n));
    expect(told).toEqual([`LienPlaced(${text(await id(terms), operator, BATCH, fields(terms), 2n)})`]);
    expect((await credit.holdOf(await id(terms), BATCH)).amount).toBe(7n);
    await expect(pledged()).resolves.toBe(7n);
    for (const by of [bank, agent]) {
      const more = credit.connect(by).increaseLien(terms, 1n);
      await expect(refusal(more)).resolves.toBe(`CallerNotPartyToHold(${by.address},${await id(terms)})`);
    }
  });

  it("refuses nothing at all, an unknown lien, too much and a holder that is not active", async () => {
    const { credit, participants, regulator } = system;
    const terms = await pledge(system, 5n);
    const increase = async (amount: bigint, changes: Partial<Terms> = {}) =>
      refusal(credit.connect(system.operator).increaseLien({ ...terms, ...changes }, amount));
    await expect(increase(0n)).resolves.toBe("LienIncomplete()");
    await expect(increase(1n, apart())).resolves.toBe(`HoldUnknown(${await id({ ...terms, ...apart() })})`);
    await expect(increase(ALL - 4n)).resolves.toBe(aboveLimit(ALL - 4n, ALL - 5n));
    await participants.connect(regulator).setStatus(operator, 2);
    await expect(increase(1n)).resolves.toBe(`ERC7943CannotSend(${operator})`);
  });
});

describe("releasing a lien", () => {
  it("gives free by the beneficiary or the agent, in part or wholly", async () => {
    const { credit, bank } = system;
    const terms = await pledge(system, 10n, { agent: agent.address });
    const told = await eventsOf(system, credit.connect(bank).releaseLien(terms, 4n));
    expect(told).toEqual([`LienReduced(${text(await id(terms), operator, BATCH, 4n, 6n)})`]);
    await credit.connect(agent).releaseLien(terms, 6n);
    await expect(pledged()).resolves.toBe(0n);
    const again = credit.connect(bank).releaseLien(terms, 1n);
    await expect(refusal(again)).resolves.toBe(`HoldUnknown(${await id(terms)})`);
  });

  it("is not for the borrower, nor for anybody else", async () => {
    const { credit, admin, regulator } = system;
    const terms = await pledge(system, 10n, { agent: agent.address });
    for (const other of [system.operator, system.corporate, admin, regulator]) {
      const expected = `CallerNotPartyToHold(${other.address},${await id(terms)})`;
      await expect(refusal(credit.connect(other).releaseLien(terms, 1n))).resolves.toBe(expected);
    }
  });

  it("can't be had by terms that name another beneficiary", async () => {
    const { credit } = system;
    const terms = await pledge(system, 10n);
    const forged = { ...terms, beneficiary: operator };
    const call = credit.connect(system.operator).releaseLien(forged, 1n);
    await expect(refusal(call)).resolves.toBe(`HoldUnknown(${await id(forged)})`);
  });

  it("refuses nothing and more than is pledged", async () => {
    const { credit, bank } = system;
    const terms = await pledge(system, 10n);
    for (const amount of [0n, 11n, MAX]) {
      const call = credit.connect(bank).releaseLien(terms, amount);
      await expect(refusal(call)).resolves.toBe(`HoldExceeded(${text(await id(terms), amount, 10n)})`);
    }
  });

  it("is for those that are active: neither a suspended bank nor a former agent lets go", async () => {
    const { credit, bank, participants, regulator } = system;
    const terms = await pledge(system, 10n, { agent: agent.address });
    await participants.connect(regulator).setStatus(bank.address, 2);
    await participants.connect(regulator).setStatus(agent.address, 2);
    await expect(refusal(credit.connect(bank).releaseLien(terms, 1n))).resolves.toMatch(
      /^CallerNotPartyToHold/,
    );
    await expect(refusal(credit.connect(agent).releaseLien(terms, 1n))).resolves.toBe(
      `CallerNotEntitled(${agent.address},2048)`,
    );
  });

  it("is the successor's too where the agent has one, and so is enforcement", async () => {
    const { credit, participants, ethers, corporate, otherCorporate } = system;
    const terms = await pledge(system, 10n, { agent: agent.address });
    const [next, last] = [corporate, otherCorporate];
    await expect(refusal(credit.connect(next).releaseLien(terms, 1n))).resolves.toMatch(/^CallerNotParty/);
    for (const one of [next, last])
      await participants.appoint(admissionOf(ethers, one.address, KIND.lienAgent), 0);
    await participants.setSuccessor(agent.address, next.address);
    await participants.setSuccessor(next.address, last.address);
    await expect(refusal(credit.connect(next).releaseLien(terms, 1n))).resolves.toMatch(/^CallerNotParty/);
    await credit.connect(last).releaseLien(terms, 1n);
    await credit.connect(last).enforceLien(terms, liquidator, 4n);
    await credit.connect(agent).releaseLien(terms, 5n);
    await expect(pledged()).resolves.toBe(0n);
  });

  it("by a bank that was its own agent works when it is no agent any more", async () => {
    const { credit, bank, participants, ethers } = system;
    await participants.appoint(admissionOf(ethers, bank.address, KIND.bank | KIND.lienAgent), 0);
    const terms = await pledge(system, 10n, { agent: bank.address });
    await participants.appoint(admissionOf(ethers, bank.address, KIND.bank), 0);
    await credit.connect(bank).releaseLien(terms, 10n);
    await expect(pledged()).resolves.toBe(0n);
  });

  it("works for a suspended id, a suspended holder and while transfers are paused", async () => {
    const { credit, bank, batches, participants, regulator } = system;
    const terms = await pledge(system, 10n);
    await batches.connect(regulator).suspend(BATCH, 16);
    await participants.connect(regulator).setStatus(operator, 2);
    await credit.setPaused(true);
    await credit.connect(bank).releaseLien(terms, 10n);
    await expect(pledged()).resolves.toBe(0n);
  });
});

describe("enforcing a lien", () => {
  const enforce = async (terms: Terms, amount: bigint, to = liquidator, by = agent) =>
    system.credit.connect(by).enforceLien(terms, to, amount);

  it("moves pledged credits to a liquidator and reduces the lien by as much", async () => {
    const { credit } = system;
    const terms = await pledge(system, 10n, { agent: agent.address });
    await expect(eventsOf(system, enforce(terms, 4n))).resolves.toEqual([
      `LienReduced(${text(await id(terms), operator, BATCH, 4n, 6n)})`,
      `LienEnforced(${text(await id(terms), operator, liquidator, BATCH, 4n)})`,
      `TransferSingle(${text(agent.address, operator, liquidator, BATCH, 4n)})`,
    ]);
    await expect(credit.balanceOf(operator, BATCH)).resolves.toBe(ALL - 4n);
    await expect(credit.balanceOf(liquidator, BATCH)).resolves.toBe(4n);
    await expect(pledged()).resolves.toBe(6n);
    await expect(refusal(enforce(terms, 7n))).resolves.toBe(`HoldExceeded(${text(await id(terms), 7n, 6n)})`);
  });

  it("is for the agent of the terms, while it is one", async () => {
    const { bank, participants, regulator } = system;
    const terms = await pledge(system, 10n, { agent: agent.address });
    for (const other of [bank, system.operator, regulator]) {
      const expected = `CallerNotPartyToHold(${other.address},${await id(terms)})`;
      await expect(refusal(enforce(terms, 1n, liquidator, other))).resolves.toBe(expected);
    }
    await participants.connect(regulator).setStatus(agent.address, 2);
    await expect(refusal(enforce(terms, 1n))).resolves.toBe(`CallerNotEntitled(${agent.address},2048)`);
  });

  it("without an agent in the terms is nobody's", async () => {
    const terms = await pledge(system, 10n);
    for (const other of [agent, system.bank]) {
      await expect(refusal(enforce(terms, 1n, liquidator, other))).resolves.toMatch(/^CallerNotPartyToHold/);
    }
  });

  it("gives to active liquidators only, and never into a pool", async () => {
    const { participants, regulator, bank } = system;
    const terms = await pledge(system, 10n, { agent: agent.address });
    const pool = await appointed(system, "pool", KIND.pool | KIND.liquidator);
    for (const to of [bank.address, pool, system.outsider.address, system.ethers.ZeroAddress]) {
      await expect(refusal(enforce(terms, 1n, to))).resolves.toBe(`ERC7943CannotReceive(${to})`);
    }
    await participants.connect(regulator).setStatus(liquidator, 2);
    await expect(refusal(enforce(terms, 1n))).resolves.toBe(`ERC7943CannotReceive(${liquidator})`);
  });

  it("is not stopped by an attachment, which ranks behind it", async () => {
    const { credit, regulator } = system;
    const terms = await pledge(system, 600n, { agent: agent.address });
    await credit.connect(regulator).setFrozenTokens(operator, BATCH, ALL);
    await enforce(terms, 600n);
    await expect(credit.getFrozenTokens(operator, BATCH)).resolves.toBe(ALL);
  });

  it("takes nothing that is prohibited: at most the balance less the prohibition", async () => {
    const { credit, ethers, regulator } = system;
    const prohibit = async (amount: bigint) =>
      credit.connect(regulator).freezeByOrder(ethers.id("order"), 1, operator, BATCH, amount);
    const terms = await pledge(system, 100n, { agent: agent.address });
    await prohibit(ALL - 30n);
    await expect(credit.prohibitedOf(operator, BATCH)).resolves.toBe(ALL - 30n);
    await expect(refusal(enforce(terms, 31n))).resolves.toBe(aboveLimit(31n, 30n));
    await enforce(terms, 30n);
    await expect(refusal(enforce(terms, 1n))).resolves.toBe(aboveLimit(1n, 0n));
    await expect(credit.getFrozenTokens(operator, BATCH)).resolves.toBe(ALL - 30n);
    await prohibit(0n);
    await enforce(terms, 1n);
  });

  it("waits while the id is suspended, but neither for a pause nor for a suspended holder", async () => {
    const { credit, batches, participants, regulator } = system;
    const terms = await pledge(system, 10n, { agent: agent.address });
    await batches.connect(regulator).suspend(BATCH, 16);
    await expect(refusal(enforce(terms, 1n))).resolves.toBe("TransferSuspended(7)");
    await batches.connect(regulator).reinstate(BATCH, 16);
    await credit.setPaused(true);
    await participants.connect(regulator).setStatus(operator, 2);
    await enforce(terms, 10n);
    await expect(credit.balanceOf(liquidator, BATCH)).resolves.toBe(10n);
  });

  it("takes other liens' credits from nobody", async () => {
    const { ethers, credit } = system;
    const first = await pledge(system, 10n, { agent: agent.address });
    const second = await pledge(system, ALL - 10n, {
      agent: agent.address,
      agreementHash: ethers.id("second"),
    });
    await expect(refusal(enforce(first, 11n))).resolves.toBe(
      `HoldExceeded(${text(await id(first), 11n, 10n)})`,
    );
    await enforce(first, 10n);
    expect((await credit.holdOf(await id(second), BATCH)).amount).toBe(ALL - 10n);
    await enforce(second, ALL - 10n);
    await expect(credit.balanceOf(operator, BATCH)).resolves.toBe(0n);
  });
});
