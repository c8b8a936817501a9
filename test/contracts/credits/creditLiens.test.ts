import { beforeEach, describe, expect, it } from "vitest";
import { appointed, eventsOf, lienAgentOf, pledge, termsOf, type Terms } from "../support/liens.ts";
import { refusal } from "../support/refusal.ts";
import {
  type Account,
  admissionOf,
  baseUnits,
  freshSystem,
  issue,
  KIND,
  plain,
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
  [terms.holder, terms.batchId, terms.beneficiary, terms.agent, terms.rank, terms.agreementHash]
    .map(String)
    .join(",");
const place = async (terms: Terms, amount: bigint, by: Account = system.operator) =>
  system.credit.connect(by).placeLien(terms, amount);
const placeRefused = async (changes: Partial<Terms>, amount = 1n, by: Account = system.operator) =>
  refusal(place(termsOf(system, changes), amount, by));
const id = async (terms: Terms) => system.credit.lienIdOf(terms);
const pledged = async () => system.credit.pledgedOf(operator, BATCH);
const unfrozenBalance = (amount: bigint, unfrozen: bigint) =>
  `ERC7943InsufficientUnfrozenBalance(${operator},7,${String(amount)},${String(unfrozen)})`;

describe("placing a lien", () => {
  it("pledges credits under the hash of its terms and tells all of them", async () => {
    const { credit, ethers } = system;
    const terms = termsOf(system);
    const expectedId = ethers.keccak256(
      ethers.AbiCoder.defaultAbiCoder().encode(
        ["address", "uint256", "address", "address", "uint16", "bytes32"],
        [terms.holder, terms.batchId, terms.beneficiary, terms.agent, terms.rank, terms.agreementHash],
      ),
    );
    await expect(credit.connect(system.operator).placeLien.staticCall(terms, 100n)).resolves.toBe(expectedId);
    const told = await eventsOf(system, place(terms, 100n));
    expect(told).toEqual([`LienPlaced(${text(expectedId, operator, BATCH, fields(terms), 100n)})`]);
    expect(plain(await credit.lienOf(expectedId))).toEqual({ holder: operator, amount: 100n });
    await expect(credit.encumberedOf(operator, BATCH)).resolves.toBe(100n);
  });

  it("is for the holder, or for the agent of the terms", async () => {
    const withAgent = { agent: agent.address };
    for (const stranger of [system.bank, system.corporate, system.admin]) {
      const expected = `CallerNotPartyToLien(${stranger.address},${await id(termsOf(system, withAgent))})`;
      await expect(placeRefused(withAgent, 1n, stranger)).resolves.toBe(expected);
    }
    await expect(placeRefused({}, 1n, agent)).resolves.toMatch(/^CallerNotPartyToLien/);
    await place(termsOf(system, withAgent), 1n, agent);
    await place(termsOf(system, { ...withAgent, rank: 2 }), 1n);
    await expect(pledged()).resolves.toBe(2n);
  });

  it("takes no agent that is none, or none any more", async () => {
    const { participants, regulator, bank } = system;
    await expect(placeRefused({ agent: bank.address })).resolves.toBe(
      `CallerNotEntitled(${bank.address},2048)`,
    );
    await expect(placeRefused({ agent: bank.address }, 1n, bank)).resolves.toBe(
      `CallerNotEntitled(${bank.address},2048)`,
    );
    await participants.connect(regulator).setStatus(agent.address, 2);
    await expect(placeRefused({ agent: agent.address }, 1n, agent)).resolves.toBe(
      `CallerNotEntitled(${agent.address},2048)`,
    );
  });

  it("needs an amount, a rank, and an active beneficiary that is somebody else", async () => {
    const { outsider } = system;
    const incomplete = "LienIncomplete()";
    await expect(placeRefused({}, 0n)).resolves.toBe(incomplete);
    await expect(placeRefused({ rank: 0 })).resolves.toBe(incomplete);
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
    await expect(placeRefused({}, ALL + 1n)).resolves.toBe(
      `ERC1155InsufficientBalance(${text(operator, ALL, ALL + 1n, BATCH)})`,
    );
    await expect(placeRefused({}, MAX)).resolves.toBe(
      `ERC1155InsufficientBalance(${text(operator, ALL, MAX, BATCH)})`,
    );
    await credit.connect(regulator).setFrozenTokens(operator, BATCH, 10n);
    await place(termsOf(system), 20n);
    const second = { agreementHash: system.ethers.id("second") };
    await expect(placeRefused(second, ALL - 29n)).resolves.toBe(unfrozenBalance(ALL - 29n, ALL - 30n));
    await place(termsOf(system, second), ALL - 30n);
    await expect(placeRefused({ rank: 9 }, 1n)).resolves.toBe(unfrozenBalance(1n, 0n));
  });

  it("never gives an id out again, released or not", async () => {
    const { credit, bank } = system;
    const terms = await pledge(system, 5n);
    await expect(placeRefused({}, 1n)).resolves.toBe(`LienKnown(${await id(terms)})`);
    await credit.connect(bank).releaseLien(terms, 5n);
    expect(plain(await credit.lienOf(await id(terms)))).toEqual({
      holder: system.ethers.ZeroAddress,
      amount: 0n,
    });
    await expect(placeRefused({}, 1n)).resolves.toBe(`LienKnown(${await id(terms)})`);
    await expect(refusal(credit.connect(system.operator).increaseLien(terms, 1n))).resolves.toBe(
      `LienUnknown(${await id(terms)})`,
    );
  });
});

describe("increasing a lien", () => {
  it("pledges more under the same id, by holder or agent", async () => {
    const { credit, bank } = system;
    const terms = await pledge(system, 5n, { agent: agent.address });
    const told = await eventsOf(system, credit.connect(system.operator).increaseLien(terms, 2n));
    expect(told).toEqual([`LienPlaced(${text(await id(terms), operator, BATCH, fields(terms), 2n)})`]);
    await credit.connect(agent).increaseLien(terms, 3n);
    expect((await credit.lienOf(await id(terms))).amount).toBe(10n);
    await expect(pledged()).resolves.toBe(10n);
    const byBank = credit.connect(bank).increaseLien(terms, 1n);
    await expect(refusal(byBank)).resolves.toBe(`CallerNotPartyToLien(${bank.address},${await id(terms)})`);
  });

  it("refuses nothing at all, an unknown lien, too much and a holder that is not active", async () => {
    const { credit, participants, regulator } = system;
    const terms = await pledge(system, 5n);
    const increase = async (amount: bigint, changes: Partial<Terms> = {}) =>
      refusal(credit.connect(system.operator).increaseLien({ ...terms, ...changes }, amount));
    await expect(increase(0n)).resolves.toBe("LienIncomplete()");
    await expect(increase(1n, { rank: 3 })).resolves.toBe(`LienUnknown(${await id({ ...terms, rank: 3 })})`);
    await expect(increase(ALL - 4n)).resolves.toBe(unfrozenBalance(ALL - 4n, ALL - 5n));
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
    await expect(refusal(again)).resolves.toBe(`LienUnknown(${await id(terms)})`);
  });

  it("is not for the borrower, nor for anybody else", async () => {
    const { credit, admin, regulator } = system;
    const terms = await pledge(system, 10n, { agent: agent.address });
    for (const other of [system.operator, system.corporate, admin, regulator]) {
      const expected = `CallerNotPartyToLien(${other.address},${await id(terms)})`;
      await expect(refusal(credit.connect(other).releaseLien(terms, 1n))).resolves.toBe(expected);
    }
  });

  it("can't be had by terms that name another beneficiary", async () => {
    const { credit } = system;
    const terms = await pledge(system, 10n);
    const forged = { ...terms, beneficiary: operator };
    const call = credit.connect(system.operator).releaseLien(forged, 1n);
    await expect(refusal(call)).resolves.toBe(`LienUnknown(${await id(forged)})`);
  });

  it("refuses nothing and more than is pledged", async () => {
    const { credit, bank } = system;
    const terms = await pledge(system, 10n);
    for (const amount of [0n, 11n, MAX]) {
      const call = credit.connect(bank).releaseLien(terms, amount);
      await expect(refusal(call)).resolves.toBe(`LienExceeded(${text(await id(terms), amount, 10n)})`);
    }
  });

  it("is for those that are active: neither a suspended bank nor a former agent lets go", async () => {
    const { credit, bank, participants, regulator } = system;
    const terms = await pledge(system, 10n, { agent: agent.address });
    await participants.connect(regulator).setStatus(bank.address, 2);
    await participants.connect(regulator).setStatus(agent.address, 2);
    await expect(refusal(credit.connect(bank).releaseLien(terms, 1n))).resolves.toMatch(
      /^CallerNotPartyToLien/,
    );
    await expect(refusal(credit.connect(agent).releaseLien(terms, 1n))).resolves.toBe(
      `CallerNotEntitled(${agent.address},2048)`,
    );
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
    await expect(refusal(enforce(terms, 7n))).resolves.toBe(`LienExceeded(${text(await id(terms), 7n, 6n)})`);
  });

  it("is for the agent of the terms, while it is one", async () => {
    const { bank, participants, regulator } = system;
    const terms = await pledge(system, 10n, { agent: agent.address });
    for (const other of [bank, system.operator, regulator]) {
      const expected = `CallerNotPartyToLien(${other.address},${await id(terms)})`;
      await expect(refusal(enforce(terms, 1n, liquidator, other))).resolves.toBe(expected);
    }
    await participants.connect(regulator).setStatus(agent.address, 2);
    await expect(refusal(enforce(terms, 1n))).resolves.toBe(`CallerNotEntitled(${agent.address},2048)`);
  });

  it("without an agent in the terms is nobody's", async () => {
    const terms = await pledge(system, 10n);
    for (const other of [agent, system.bank]) {
      await expect(refusal(enforce(terms, 1n, liquidator, other))).resolves.toMatch(/^CallerNotPartyToLien/);
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

  it("takes nothing that a regulator froze: at most the balance less the freeze", async () => {
    const { credit, regulator } = system;
    const terms = await pledge(system, 100n, { agent: agent.address });
    await credit.connect(regulator).setFrozenTokens(operator, BATCH, ALL - 30n);
    await expect(refusal(enforce(terms, 31n))).resolves.toBe(unfrozenBalance(31n, 30n));
    await enforce(terms, 30n);
    await expect(refusal(enforce(terms, 1n))).resolves.toBe(unfrozenBalance(1n, 0n));
    await expect(credit.getFrozenTokens(operator, BATCH)).resolves.toBe(ALL - 30n);
    await credit.connect(regulator).setFrozenTokens(operator, BATCH, MAX);
    await expect(refusal(enforce(terms, 1n))).resolves.toBe(unfrozenBalance(1n, 0n));
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
      rank: 2,
      agreementHash: ethers.id("second"),
    });
    await expect(refusal(enforce(first, 11n))).resolves.toBe(
      `LienExceeded(${text(await id(first), 11n, 10n)})`,
    );
    await enforce(first, 10n);
    expect((await credit.lienOf(await id(second))).amount).toBe(ALL - 10n);
    await enforce(second, ALL - 10n);
    await expect(credit.balanceOf(operator, BATCH)).resolves.toBe(0n);
  });
});
