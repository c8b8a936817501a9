import { beforeEach, describe, expect, it } from "vitest";
import { appointed, eventsOf, pledge, termsOf } from "../support/liens.ts";
import { refusal } from "../support/refusal.ts";
import { admissionOf, baseUnits, freshSystem, issue, KIND, type System } from "../support/system.ts";

const BATCH = 7n;
const ALL = baseUnits(900n);
const MAX = 2n ** 256n - 1n;
let system: System;
let operator: string;
let corporate: string;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  [operator, corporate] = [system.operator.address, system.corporate.address];
});

const orders = () => system.credit.connect(system.regulator);
const freeze = async (amount: bigint, account = operator) => orders().setFrozenTokens(account, BATCH, amount);
const frozen = async (account = operator) => system.credit.getFrozenTokens(account, BATCH);
const move = async (amount: bigint) =>
  system.credit.connect(system.operator).safeTransferFrom(operator, corporate, BATCH, amount, "0x");
const aboveLimit = (amount: bigint, limit: bigint) => `AmountAboveLimit(${String(amount)},${String(limit)})`;
/** The most that one authority freezes. */
const MOST = 2n ** 120n - 1n;
const unfrozenBalance = (amount: bigint, unfrozen: bigint, account = operator) =>
  `ERC7943InsufficientUnfrozenBalance(${account},7,${String(amount)},${String(unfrozen)})`;
const text = (...values: unknown[]) => values.map(String).join(",");

describe("setFrozenTokens", () => {
  it("overwrites, tells so, and reads back exactly, up to any amount and back", async () => {
    const amounts = [1n, ALL, ALL + 1n, MOST, MOST - 1n, 5n, MOST, 0n];
    for (const amount of amounts) {
      await expect(eventsOf(system, freeze(amount))).resolves.toEqual([
        `Frozen(${text(operator, BATCH, amount)})`,
      ]);
      await expect(frozen()).resolves.toBe(amount);
    }
  });

  it("refuses more than a word has room for", async () => {
    await expect(refusal(freeze(MOST + 1n))).resolves.toBe(`FreezeTooLarge(${String(MOST + 1n)})`);
  });

  it("answers true", async () => {
    await expect(orders().setFrozenTokens.staticCall(operator, BATCH, 1n)).resolves.toBe(true);
  });

  it("holds back what is above the freeze only, of this id only", async () => {
    await issue(system, { batchId: 8n, root: system.ethers.id("eighth"), previousBatchId: 7n });
    await freeze(ALL - 10n);
    await expect(refusal(move(11n))).resolves.toBe(unfrozenBalance(11n, 10n));
    await move(10n);
    await expect(refusal(move(1n))).resolves.toBe(unfrozenBalance(1n, 0n));
    await system.credit.connect(system.operator).safeTransferFrom(operator, corporate, 8n, ALL, "0x");
  });

  it("withholds what comes later where it exceeds the balance", async () => {
    await freeze(10n, corporate);
    await move(4n);
    const back = async (amount: bigint) =>
      system.credit.connect(system.corporate).safeTransferFrom(corporate, operator, BATCH, amount, "0x");
    await expect(refusal(back(4n))).resolves.toBe(unfrozenBalance(4n, 0n, corporate));
    await move(7n);
    await expect(refusal(back(2n))).resolves.toBe(unfrozenBalance(2n, 1n, corporate));
    await back(1n);
    await back(0n);
  });

  it("leaves an amount above the balance to ERC-1155's own error", async () => {
    await freeze(1n);
    await expect(refusal(move(ALL + 1n))).resolves.toBe(
      `ERC1155InsufficientBalance(${text(operator, ALL, ALL + 1n, BATCH)})`,
    );
  });

  it("stops retirement, and burns by an issuer", async () => {
    const { credit, externalUnits } = system;
    await freeze(ALL - baseUnits(2n));
    const burn = externalUnits.execute(
      credit,
      credit.interface.encodeFunctionData("burnByIssuer", [operator, BATCH, baseUnits(3n)]),
    );
    await expect(refusal(burn)).resolves.toBe(unfrozenBalance(baseUnits(3n), baseUnits(2n)));
  });

  it("does not erase a lien, nor a lien the freeze: they add up", async () => {
    const { credit, bank } = system;
    const terms = await pledge(system, 100n);
    await freeze(ALL - 150n);
    await expect(credit.encumberedOf(operator, BATCH)).resolves.toBe(ALL - 50n);
    await expect(refusal(move(51n))).resolves.toBe(unfrozenBalance(51n, 50n));
    await freeze(0n);
    await expect(credit.heldOf(operator, BATCH)).resolves.toBe(100n);
    await expect(refusal(move(ALL - 99n))).resolves.toBe(unfrozenBalance(ALL - 99n, ALL - 100n));
    await freeze(10n);
    await credit.connect(bank).releaseLien(terms, 100n);
    await expect(frozen()).resolves.toBe(10n);
    await freeze(MOST);
    const second = { agreementHash: system.ethers.id("second") };
    await expect(refusal(pledge(system, 1n, second))).resolves.toBe(aboveLimit(1n, 0n));
    await expect(credit.encumberedOf(operator, BATCH)).resolves.toBe(MOST);
  });

  it("is for regulators", async () => {
    const { credit, admin, registrar, participants, regulator } = system;
    for (const other of [admin, registrar, system.operator]) {
      const expected = `CallerNotEntitled(${other.address},8192)`;
      await expect(refusal(credit.connect(other).setFrozenTokens(operator, BATCH, 1n))).resolves.toBe(
        expected,
      );
      await expect(
        refusal(credit.connect(other).forcedTransfer(operator, corporate, BATCH, 1n)),
      ).resolves.toBe(expected);
      await expect(
        refusal(credit.connect(other).forcedTransferReleasing(operator, corporate, BATCH, 1n, [])),
      ).resolves.toBe(expected);
    }
    await participants.connect(regulator).setStatus(regulator.address, 2);
    await expect(refusal(freeze(1n))).resolves.toBe(`CallerNotEntitled(${regulator.address},8192)`);
  });
});

describe("forcedTransfer", () => {
  const force = async (amount: bigint, from = operator, to = corporate) =>
    orders().forcedTransfer(from, to, BATCH, amount);

  it("takes free credits and leaves the freeze alone", async () => {
    await freeze(ALL - 10n);
    await expect(eventsOf(system, force(10n))).resolves.toEqual([
      `ForcedTransfer(${text(operator, corporate, BATCH, 10n)})`,
      `TransferSingle(${text(system.regulator.address, operator, corporate, BATCH, 10n)})`,
    ]);
    await expect(frozen()).resolves.toBe(ALL - 10n);
    await expect(orders().forcedTransfer.staticCall(operator, corporate, BATCH, 1n)).resolves.toBe(true);
  });

  it("takes the freeze down by what moves of it, and says so before the transfer", async () => {
    await freeze(ALL - 10n);
    await expect(eventsOf(system, force(15n))).resolves.toEqual([
      `Frozen(${text(operator, BATCH, ALL - 15n)})`,
      `ForcedTransfer(${text(operator, corporate, BATCH, 15n)})`,
      `TransferSingle(${text(system.regulator.address, operator, corporate, BATCH, 15n)})`,
    ]);
    await expect(refusal(move(1n))).resolves.toBe(unfrozenBalance(1n, 0n));
  });

  it("keeps what a freeze withholds beyond the balance", async () => {
    await freeze(ALL + 50n);
    await force(30n);
    await expect(frozen()).resolves.toBe(ALL + 20n);
    await freeze(MOST);
    await force(1n);
    await expect(frozen()).resolves.toBe(MOST - 1n);
  });

  it("to oneself is no way to unfreeze", async () => {
    await freeze(ALL);
    await expect(eventsOf(system, force(ALL, operator, operator))).resolves.toEqual([
      `ForcedTransfer(${text(operator, operator, BATCH, ALL)})`,
      `TransferSingle(${text(system.regulator.address, operator, operator, BATCH, ALL)})`,
    ]);
    await expect(frozen()).resolves.toBe(ALL);
    await expect(refusal(force(ALL + 1n, operator, operator))).resolves.toMatch(
      /^ERC1155InsufficientBalance/,
    );
  });

  it("works from a suspended holder, of a suspended id, while transfers are paused", async () => {
    const { participants, batches, credit, regulator } = system;
    await participants.connect(regulator).setStatus(operator, 2);
    await batches.connect(regulator).suspend(BATCH, 16);
    await credit.setPaused(true);
    await force(ALL);
    await expect(credit.balanceOf(corporate, BATCH)).resolves.toBe(ALL);
  });

  it("refuses a receiver that is not active, more than there is, and credits out of nothing", async () => {
    const { ethers, outsider, participants, regulator } = system;
    await expect(refusal(force(1n, operator, outsider.address))).resolves.toBe(
      `ERC7943CannotReceive(${outsider.address})`,
    );
    await expect(refusal(force(1n, operator, ethers.ZeroAddress))).resolves.toBe(
      `ERC7943CannotReceive(${ethers.ZeroAddress})`,
    );
    await expect(refusal(force(ALL + 1n))).resolves.toBe(
      `ERC1155InsufficientBalance(${text(operator, ALL, ALL + 1n, BATCH)})`,
    );
    await expect(refusal(force(1n, ethers.ZeroAddress, corporate))).resolves.toBe(
      `ERC1155InsufficientBalance(${text(ethers.ZeroAddress, 0n, 1n, BATCH)})`,
    );
    await participants.connect(regulator).setStatus(corporate, 2);
    await expect(refusal(force(1n))).resolves.toBe(`ERC7943CannotReceive(${corporate})`);
  });

  it("asks a contract that receives, with the regulator as operator", async () => {
    const { ethers, participants, credit } = system;
    const party = await ethers.deployContract("ContractParty", [corporate]);
    const address = await party.getAddress();
    await participants.appoint(admissionOf(ethers, address, KIND.escrow), 0);
    await force(1n, operator, address);
    await expect(credit.balanceOf(address, BATCH)).resolves.toBe(1n);
    const deaf = await system.batches.getAddress();
    await participants.appoint(admissionOf(ethers, deaf, KIND.escrow), 0);
    await expect(refusal(force(1n, operator, deaf))).resolves.toBe(`ERC1155InvalidReceiver(${deaf})`);
  });

  it("respects liens, and releases those that the call names before it moves", async () => {
    const { credit, ethers } = system;
    const first = await pledge(system, 100n);
    const second = await pledge(system, 200n, { agreementHash: ethers.id("second") });
    await freeze(50n);
    await expect(refusal(force(ALL - 299n))).resolves.toBe(aboveLimit(ALL - 299n, ALL - 300n));
    const releasing = orders().forcedTransferReleasing(operator, corporate, BATCH, ALL - 220n, [first]);
    await expect(eventsOf(system, releasing)).resolves.toEqual([
      `LienReduced(${text(await credit.lienIdOf(first), operator, BATCH, 100n, 0n)})`,
      `Frozen(${text(operator, BATCH, 20n)})`,
      `ForcedTransfer(${text(operator, corporate, BATCH, ALL - 220n)})`,
      `TransferSingle(${text(system.regulator.address, operator, corporate, BATCH, ALL - 220n)})`,
    ]);
    await expect(credit.heldOf(operator, BATCH)).resolves.toBe(200n);
    const again = orders().forcedTransferReleasing(operator, corporate, BATCH, 21n, []);
    await expect(refusal(again)).resolves.toBe(aboveLimit(21n, 20n));
    await orders().forcedTransferReleasing(operator, corporate, BATCH, 220n, [second]);
    await expect(credit.balanceOf(operator, BATCH)).resolves.toBe(0n);
  });

  it("releases only liens of this holder on this id that are there", async () => {
    const { credit, ethers, bank } = system;
    const terms = await pledge(system, 100n);
    const id = await credit.lienIdOf(terms);
    const release = async (from: string, batchId: bigint, liens: object[]) =>
      refusal(orders().forcedTransferReleasing(from, bank.address, batchId, 0n, liens as (typeof terms)[]));
    await expect(release(corporate, BATCH, [terms])).resolves.toBe(`HoldUnknown(${id})`);
    await expect(release(operator, 8n, [terms])).resolves.toBe(`HoldUnknown(${id})`);
    await expect(release(operator, BATCH, [terms, terms])).resolves.toBe(`HoldUnknown(${id})`);
    const other = termsOf(system, { agreementHash: ethers.id("other") });
    await expect(release(operator, BATCH, [other])).resolves.toBe(
      `HoldUnknown(${await credit.lienIdOf(other)})`,
    );
    const self = orders().forcedTransferReleasing(operator, operator, BATCH, 5n, [terms]);
    await expect(refusal(self)).resolves.toBe(
      `ERC7943CannotTransfer(${text(operator, operator, BATCH, 5n)})`,
    );
    await expect(credit.heldOf(operator, BATCH)).resolves.toBe(100n);
  });
});

describe("canSend, canReceive and canTransfer", () => {
  it("follow the registration of the account", async () => {
    const { credit, outsider, participants, regulator, ethers } = system;
    for (const [account, expected] of [
      [operator, true] as const,
      [outsider.address, false] as const,
      [ethers.ZeroAddress, false] as const,
    ]) {
      await expect(credit.canSend(account)).resolves.toBe(expected);
      await expect(credit.canReceive(account)).resolves.toBe(expected);
    }
    await participants.connect(regulator).setStatus(operator, 2);
    await expect(credit.canSend(operator)).resolves.toBe(false);
    await expect(credit.canReceive(operator)).resolves.toBe(false);
  });

  it("name what stands in the way of a transfer, and a transfer fails by just that", async () => {
    const { ethers, credit, batches, participants, regulator, outsider } = system;
    const pool = await appointed(system, "pool", KIND.pool);
    const cases = [
      { reason: 1, from: outsider.address, to: corporate, amount: 0n },
      { reason: 2, from: operator, to: outsider.address, amount: 0n },
      { reason: 2, from: operator, to: ethers.ZeroAddress, amount: 0n },
      { reason: 5, from: operator, to: pool, amount: 0n },
      { reason: 6, from: operator, to: corporate, amount: ALL + 1n },
      { reason: 0, from: operator, to: corporate, amount: ALL },
      { reason: 0, from: operator, to: operator, amount: ALL },
      { reason: 0, from: operator, to: corporate, amount: 0n },
    ];
    for (const { reason, from, to, amount } of cases) {
      await expect(credit.transferRefusal(from, to, BATCH, amount)).resolves.toBe(BigInt(reason));
      const call = credit
        .connect(await ethers.getSigner(from))
        .safeTransferFrom.staticCall(from, to, BATCH, amount, "0x");
      expect(
        await call.then(
          () => true,
          () => false,
        ),
      ).toBe(reason === 0);
    }
    const reason = async () => credit.transferRefusal(operator, corporate, BATCH, 1n);
    await credit.setPaused(true);
    await expect(reason()).resolves.toBe(4n);
    await credit.setPaused(false);
    await batches.connect(regulator).suspend(BATCH, 16);
    await expect(reason()).resolves.toBe(3n);
    await expect(credit.canTransfer(operator, corporate, BATCH, 1n)).resolves.toBe(false);
    await batches.connect(regulator).reinstate(BATCH, 16);
    await freeze(ALL);
    await expect(reason()).resolves.toBe(7n);
    await freeze(0n);
    await participants.connect(regulator).setStatus(operator, 2);
    await expect(reason()).resolves.toBe(1n);
  });

  it("do not judge a plain balance, but what is frozen or pledged", async () => {
    const { credit, bank } = system;
    const can = async (amount: bigint) => credit.canTransfer(operator, corporate, BATCH, amount);
    await expect(can(MAX)).resolves.toBe(true);
    const terms = await pledge(system, 1n);
    await expect(can(ALL - 1n)).resolves.toBe(true);
    await expect(can(ALL)).resolves.toBe(false);
    await expect(can(ALL + 1n)).resolves.toBe(true);
    await expect(can(MAX)).resolves.toBe(true);
    await credit.connect(bank).releaseLien(terms, 1n);
    await freeze(1n);
    await expect(can(ALL - 1n)).resolves.toBe(true);
    await expect(can(ALL)).resolves.toBe(false);
    await freeze(MOST);
    await expect(can(0n)).resolves.toBe(true);
    await expect(can(1n)).resolves.toBe(false);
  });

  it("never revert", async () => {
    const { credit, ethers } = system;
    await freeze(MOST);
    for (const account of [ethers.ZeroAddress, operator, await credit.getAddress()]) {
      for (const amount of [0n, MAX]) {
        const answers = Promise.all([
          credit.canTransfer(account, account, MAX, amount),
          credit.transferRefusal(account, operator, BATCH, amount),
          credit.transferRefusal(operator, account, BATCH, amount),
          credit.getFrozenTokens(account, amount),
          credit.encumberedOf(account, BATCH),
          credit.canSend(account),
          credit.canReceive(account),
        ]);
        await expect(answers).resolves.toHaveLength(7);
      }
    }
  });
});
