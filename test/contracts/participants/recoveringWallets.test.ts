import { beforeEach, describe, expect, it } from "vitest";
import { refusalOfCommit } from "../support/commits.ts";
import { announce, guard, recoveryStatement } from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import {
  type Account,
  admissionOf,
  attest,
  blockTime,
  freshSystem,
  issue,
  KIND,
  setNextBlockTime,
  statementOf,
  type System,
} from "../support/system.ts";

const PERIOD = 7n * 86_400n;
const COMPLETION = 30n * 86_400n;
let system: System;
let lost: Account;
let replacement: string;
beforeEach(async () => {
  system = await freshSystem({ objectionPeriod: Number(PERIOD) });
  [lost, replacement] = [system.operator, system.outsider.address];
});
const statusOf = async (account = lost.address) =>
  Number((await system.participants.participantOf(account)).status);
const setStatus = async (status: number, by = system.regulator) =>
  system.participants.connect(by).setStatus(lost.address, status);
const lapse = async () => system.participants.connect(system.bank).lapseRecovery(lost.address);
const complete = async () => system.participants.completeRecovery(lost.address);
/** What may be done at these seconds of the recovery that was announced last. */
const endsOf = async () => {
  const [, completableAt, endsAt] = await system.participants.recoveryOf(lost.address);
  return { completableAt, endsAt };
};

describe("a wallet whose recovery was announced", () => {
  it("does nothing: it moves nothing, commits nothing and its signatures don't count", async () => {
    const { credit, participants, corporate, ethers, verifiers } = system;
    const { batchId } = await issue(system);
    await announce(system);
    expect(await statusOf()).toBe(5);
    await expect(participants.hasKind(lost.address, KIND.operator)).resolves.toBe(false);
    const transfer = credit
      .connect(lost)
      .safeTransferFrom(lost.address, corporate.address, batchId, 1n, "0x");
    await expect(refusal(transfer)).resolves.toBe(`ERC7943CannotSend(${lost.address})`);
    const next = { batchId: 8n, root: ethers.id("next"), previousBatchId: batchId };
    await expect(refusalOfCommit(system, next)).resolves.toMatch(/^OperatorNotRegistered/);

    const verifier = verifiers[0] as Account;
    await participants.appoint(admissionOf(ethers, verifier.address, KIND.verifier | KIND.bank), 0);
    await announce(system, { lost: verifier.address });
    const statement = statementOf(system, {
      ...next,
      operator: system.otherOperator.address,
      previousBatchId: 0n,
    });
    await expect(refusalOfCommit(system, statement, await attest(system, statement))).resolves.toBe(
      `SignerNotEntitled(${verifier.address})`,
    );
  });

  it("is active again once it objects", async () => {
    await announce(system);
    await system.participants.connect(lost).objectToRecovery();
    expect(await statusOf()).toBe(1);
  });

  it("is not made active by anybody else: not by a registrar, not by a regulator", async () => {
    const { participants, corporate, registrar, regulator } = system;
    lost = corporate;
    await announce(system, { lost: lost.address });
    for (const by of [registrar, regulator]) {
      await setStatus(1, by);
      expect(await statusOf()).toBe(5);
      await setStatus(2, by);
      await expect(refusal(participants.connect(lost).objectToRecovery())).resolves.toMatch(
        /^ParticipantSuspended/,
      );
      await setStatus(1, by);
      expect(await statusOf()).toBe(5);
    }
    await participants.connect(lost).objectToRecovery();
    expect(await statusOf()).toBe(1);
    await setStatus(2);
    await setStatus(1);
    expect(await statusOf()).toBe(1);
  });

  it("keeps a suspension or a bar through announcement, objection and lapse", async () => {
    for (const status of [2, 4]) {
      await setStatus(status);
      await announce(system, { deadline: 2n ** 40n - BigInt(status) });
      expect(await statusOf()).toBe(status);
      await setNextBlockTime(system.ethers, (await endsOf()).endsAt + 1n);
      await lapse();
      expect(await statusOf()).toBe(status);
    }
  });

  it("keeps being recovering through an appointment and a second announcement", async () => {
    const { participants, ethers } = system;
    await announce(system);
    await participants.appoint(admissionOf(ethers, lost.address, KIND.operator | KIND.bank), 0);
    expect(await statusOf()).toBe(5);
    await announce(system, { deadline: 2n ** 40n - 1n });
    expect(await statusOf()).toBe(5);
    await setNextBlockTime(ethers, (await endsOf()).completableAt);
    await complete();
    expect([await statusOf(), await statusOf(replacement)]).toEqual([3, 1]);
    await expect(participants.predecessorOf(replacement)).resolves.toBe(lost.address);
    for (const other of [lost.address, system.bank.address])
      await expect(participants.predecessorOf(other)).resolves.toBe(ethers.ZeroAddress);
  });
});

describe("a recovery that nobody completes", () => {
  it("may be completed up to its last second, and lapses from the next on, never both", async () => {
    const { participants, ethers } = system;
    await announce(system);
    const { completableAt, endsAt } = await endsOf();
    expect(endsAt).toBe(completableAt + COMPLETION);
    await setNextBlockTime(ethers, endsAt);
    await expect(refusal(lapse())).resolves.toBe(`RecoveryStanding(${lost.address},${String(endsAt)})`);
    await setNextBlockTime(ethers, endsAt + 1n);
    await expect(refusal(complete())).resolves.toBe(`RecoveryOverdue(${lost.address},${String(endsAt)})`);
    await lapse();
    expect(await statusOf()).toBe(1);
    const [lapsed] = await participants.queryFilter(participants.filters.RecoveryLapsed(lost.address));
    expect(lapsed?.args).toEqual([lost.address, replacement]);
    for (const call of [lapse, complete, () => participants.connect(lost).objectToRecovery()])
      await expect(refusal(call())).resolves.toBe(`RecoveryUnknown(${lost.address})`);
  });

  it("in its last second is completed", async () => {
    await announce(system);
    await setNextBlockTime(system.ethers, (await endsOf()).endsAt);
    await complete();
    expect(await statusOf()).toBe(3);
  });

  it("is not announced again by the same signatures", async () => {
    const recovery = await announce(system);
    await setNextBlockTime(system.ethers, (await endsOf()).endsAt + 1n);
    await lapse();
    const call = system.participants.announceRecovery(recovery, await guard(system, recovery));
    await expect(refusal(call)).resolves.toBe(`RecoveryKnown(${lost.address})`);
  });

  it("has the completion period of its announcement; the access manager's admin sets it", async () => {
    const { participants, outsider, ethers } = system;
    const call = participants.connect(outsider).setCompletionPeriod(5);
    await expect(refusal(call)).resolves.toBe(`AccessManagedUnauthorized(${outsider.address})`);
    await announce(system);
    const { endsAt } = await endsOf();
    await participants.setCompletionPeriod(5);
    const [, told] = await participants.queryFilter(participants.filters.CompletionPeriodSet());
    expect(told?.args).toEqual([5n]);
    expect((await endsOf()).endsAt).toBe(endsAt);
    await announce(system, { deadline: 2n ** 40n - 1n });
    const { completableAt, endsAt: sooner } = await endsOf();
    expect([completableAt, sooner]).toEqual([
      (await blockTime(ethers)) + PERIOD,
      (await blockTime(ethers)) + PERIOD + 5n,
    ]);
  });
});

describe("contracts", () => {
  it("that keep cash or deliver locks are not recovered by guardians, whatever else they are", async () => {
    const { participants, ethers } = system;
    for (const kind of [KIND.escrow, KIND.settlement, KIND.lienAgent]) {
      const contract = await (await ethers.deployContract("AnySignature")).getAddress();
      await participants.appoint(admissionOf(ethers, contract, kind | KIND.platform), 0);
      const recovery = recoveryStatement(system, { lost: contract });
      const call = participants.announceRecovery(recovery, await guard(system, recovery));
      await expect(refusal(call)).resolves.toBe(
        `ParticipantPrivileged(${contract},${String(kind | KIND.platform)})`,
      );
    }
  });

  it("that keep cash are neither admitted, changed nor suspended by a registrar", async () => {
    const { participants, ethers, registrar, bank } = system;
    const contract = await (await ethers.deployContract("AnySignature")).getAddress();
    const byRegistrar = participants.connect(registrar);
    for (const account of [bank.address, contract]) {
      const call =
        account === contract
          ? byRegistrar.register(admissionOf(ethers, account, KIND.escrow))
          : byRegistrar.update(admissionOf(ethers, account, KIND.escrow | KIND.bank));
      await expect(refusal(call)).resolves.toMatch(/^KindsOutOfRange/);
    }
    await participants.appoint(admissionOf(ethers, contract, KIND.escrow), 0);
    for (const call of [
      byRegistrar.setStatus(contract, 2),
      byRegistrar.update(admissionOf(ethers, contract, KIND.platform)),
    ])
      await expect(refusal(call)).resolves.toBe(`ParticipantPrivileged(${contract},${String(KIND.escrow)})`);
  });
});
