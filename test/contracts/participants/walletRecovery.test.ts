import { beforeEach, describe, expect, it } from "vitest";
import {
  announce,
  guard,
  recoveryDomain,
  recoveryStatement,
  RECOVERY_TYPES,
  replaceWallet,
  type Recovery,
} from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import {
  type Account,
  admissionOf,
  blockTime,
  CHINA,
  contractSignature,
  deploySystem,
  freshSystem,
  KIND,
  NO_FIRM,
  plain,
  setNextBlockTime,
  type System,
} from "../support/system.ts";

const PERIOD = 7n * 86_400n;
/** As it is at first. */
const COMPLETION = 30n * 86_400n;
let system: System;
let lost: string;
let replacement: string;
let third: Account;
beforeEach(async () => {
  system = await freshSystem({ objectionPeriod: Number(PERIOD) });
  [lost, replacement] = [system.operator.address, system.outsider.address];
  third = (await system.ethers.getSigners())[18] as Account;
});

const complete = async (wallet = lost) => system.participants.completeRecovery(wallet);
const setStatus = async (account: string, status: number) =>
  system.participants.connect(system.regulator).setStatus(account, status);
const pass = async (seconds: bigint) =>
  setNextBlockTime(system.ethers, (await blockTime(system.ethers)) + seconds);
const announceRefused = async (changes: Partial<Recovery>, signers?: readonly Account[]) => {
  const recovery = recoveryStatement(system, changes);
  return refusal(system.participants.announceRecovery(recovery, await guard(system, recovery, signers)));
};

describe("a recovery", () => {
  it("is announced by a quorum of guardians; after the objection period anybody completes it", async () => {
    const { participants, guardians, corporate } = system;
    const { reasonHash } = await announce(system);
    const completableAt = (await blockTime(system.ethers)) + PERIOD;
    const [announced] = await participants.queryFilter(participants.filters.RecoveryAnnounced(lost));
    const addresses = guardians.slice(0, 2).map(({ address }) => address);
    expect(announced?.args).toEqual([lost, replacement, reasonHash, completableAt, addresses]);
    const endsAt = completableAt + COMPLETION;
    expect(await participants.recoveryOf(lost)).toEqual([replacement, completableAt, endsAt]);
    await expect(participants.isActive(lost)).resolves.toBe(false);
    await expect(participants.isActive(replacement)).resolves.toBe(false);

    await setNextBlockTime(system.ethers, completableAt - 1n);
    await expect(refusal(complete())).resolves.toBe(`ObjectionPeriodOpen(${lost},${String(completableAt)})`);
    const before = { ...plain(await participants.participantOf(lost)), status: 1n };
    await setNextBlockTime(system.ethers, completableAt);
    await participants.connect(corporate).completeRecovery(lost);
    expect(plain(await participants.participantOf(replacement))).toEqual(before);
    expect(plain(await participants.participantOf(lost))).toEqual({ ...before, status: 3n });
    await expect(participants.replacementOf(lost)).resolves.toBe(replacement);
    expect(await participants.recoveryOf(lost)).toEqual([system.ethers.ZeroAddress, 0n, 0n]);
    const [recovered] = await participants.queryFilter(participants.filters.WalletRecovered(lost));
    expect(recovered?.args).toEqual([lost, replacement]);
    await expect(refusal(complete())).resolves.toBe(`RecoveryUnknown(${lost})`);
  });

  it("keeps verifier's and others' powers back: only what holds credits goes over", async () => {
    const { participants, ethers } = system;
    await participants.appoint(
      admissionOf(
        ethers,
        lost,
        KIND.bank | KIND.liquidator | KIND.verifier | KIND.cashIssuer | KIND.regulator,
      ),
      3,
    );
    await announce(system);
    await pass(PERIOD);
    await complete();
    const standing = plain(await participants.standingOf(replacement));
    expect(standing).toEqual({ kinds: BigInt(KIND.bank | KIND.liquidator), verifierSets: 0n });
  });

  it("is not for wallets with powers alone, nor for pools, factories and agents", async () => {
    const { participants, ethers, regulator, registrar, guardians, verifiers } = system;
    for (const { address } of [regulator, registrar, verifiers[0] as Account, guardians[2] as Account]) {
      await expect(announceRefused({ lost: address })).resolves.toMatch(
        new RegExp(`^ParticipantPrivileged\\(${address},`),
      );
    }
    for (const kind of [KIND.pool, KIND.poolFactory, KIND.lienAgent, KIND.escrow, KIND.settlement]) {
      await participants.appoint(admissionOf(ethers, lost, kind | KIND.platform), 0);
      await expect(announceRefused({})).resolves.toBe(
        `ParticipantPrivileged(${lost},${String(kind | KIND.platform)})`,
      );
    }
    await participants.appoint(admissionOf(ethers, lost, KIND.operator), 0);
    await announce(system);
    await participants.appoint(admissionOf(ethers, lost, KIND.operator | KIND.pool), 0);
    await pass(PERIOD);
    await expect(refusal(complete())).resolves.toBe(`ParticipantPrivileged(${lost},513)`);
  });

  it("ends where the wallet objects, and the same statement can't be announced again", async () => {
    const { participants, operator } = system;
    const recovery = await announce(system);
    await pass(PERIOD);
    await participants.connect(operator).objectToRecovery();
    const [objected] = await participants.queryFilter(participants.filters.RecoveryObjected(lost));
    expect(objected?.args).toEqual([lost, replacement]);
    await expect(refusal(complete())).resolves.toBe(`RecoveryUnknown(${lost})`);
    await expect(refusal(participants.connect(operator).objectToRecovery())).resolves.toBe(
      `RecoveryUnknown(${lost})`,
    );
    const again = participants.announceRecovery(
      recovery,
      await guard(system, recovery, system.guardians.slice(1)),
    );
    await expect(refusal(again)).resolves.toBe(`RecoveryKnown(${lost})`);
  });

  it("can't be stopped by anybody else, nor by a suspended wallet, which may have been stolen", async () => {
    const { participants, operator, corporate, outsider } = system;
    await announce(system);
    for (const other of [corporate, outsider]) {
      await expect(refusal(participants.connect(other).objectToRecovery())).resolves.toBe(
        `RecoveryUnknown(${other.address})`,
      );
    }
    for (const status of [2, 4]) {
      await setStatus(lost, status);
      await expect(refusal(participants.connect(operator).objectToRecovery())).resolves.toBe(
        `ParticipantSuspended(${lost})`,
      );
    }
    await pass(PERIOD);
    await complete();
    expect((await participants.participantOf(replacement)).status).toBe(4n);
    await expect(participants.isActive(replacement)).resolves.toBe(false);
  });

  it("keeps the expiry", async () => {
    const { participants, ethers } = system;
    const expiry = (await blockTime(ethers)) + PERIOD - 10n;
    await participants.appoint({ ...admissionOf(ethers, lost, KIND.operator), expiry }, 0);
    await announce(system);
    await pass(PERIOD);
    await complete();
    expect((await participants.participantOf(replacement)).expiry).toBe(expiry);
    await expect(participants.isActive(replacement)).resolves.toBe(false);
  });

  it("with a wrong replacement is put right by another announcement, whose period starts anew", async () => {
    const { participants, registrar, ethers } = system;
    await announce(system);
    await participants.connect(registrar).register(admissionOf(ethers, replacement, KIND.corporate));
    await pass(PERIOD);
    await expect(refusal(complete())).resolves.toBe(`ParticipantKnown(${replacement})`);
    await announce(system, { replacement: third.address });
    const completableAt = (await blockTime(ethers)) + PERIOD;
    await expect(refusal(complete())).resolves.toBe(`ObjectionPeriodOpen(${lost},${String(completableAt)})`);
    await pass(PERIOD);
    await complete();
    await expect(participants.replacementOf(lost)).resolves.toBe(third.address);
  });

  it("of two wallets to one replacement succeeds once", async () => {
    const { participants, otherOperator } = system;
    await announce(system);
    await announce(system, { lost: otherOperator.address });
    await pass(PERIOD);
    await complete();
    await expect(refusal(complete(otherOperator.address))).resolves.toBe(`ParticipantKnown(${replacement})`);
    await participants.connect(otherOperator).objectToRecovery();
    await expect(participants.isActive(otherOperator.address)).resolves.toBe(true);
  });

  it("may happen to a replacement in its turn: the first wallet leads to the last", async () => {
    const { participants, ethers } = system;
    await announce(system);
    await pass(PERIOD);
    await complete();
    await announce(system, { lost: replacement, replacement: third.address });
    await pass(PERIOD);
    await complete(replacement);
    for (const wallet of [lost, replacement])
      await expect(participants.replacementOf(wallet)).resolves.toBe(third.address);
    await expect(participants.replacementOf(third.address)).resolves.toBe(ethers.ZeroAddress);
    await expect(participants.hasKind(third.address, KIND.operator)).resolves.toBe(true);
  });
});

describe("an announcement", () => {
  it("needs a reason, a time before its deadline, a known wallet and a new one", async () => {
    const { ethers, corporate, outsider, participants } = system;
    await expect(announceRefused({ reasonHash: ethers.ZeroHash })).resolves.toBe("RecoveryIncomplete()");
    const now = (await blockTime(ethers)) + 100n;
    await setNextBlockTime(ethers, now);
    await expect(announceRefused({ deadline: now - 1n })).resolves.toBe(
      `RecoveryExpired(${String(now - 1n)},${String(now)})`,
    );
    await expect(announceRefused({ lost: outsider.address })).resolves.toBe(
      `ParticipantUnknown(${outsider.address})`,
    );
    await expect(announceRefused({ replacement: corporate.address })).resolves.toBe(
      `ParticipantKnown(${corporate.address})`,
    );
    await expect(announceRefused({ replacement: lost })).resolves.toBe(`ParticipantKnown(${lost})`);
    await expect(announceRefused({ replacement: ethers.ZeroAddress })).resolves.toBe("ZeroParticipant()");
    const atDeadline = now + 100n;
    await setNextBlockTime(ethers, atDeadline);
    await announce(system, { deadline: atDeadline });
    await pass(PERIOD);
    await complete();
    await expect(announceRefused({ replacement: third.address })).resolves.toBe(
      `ParticipantUnknown(${lost})`,
    );
    await expect(refusal(participants.appoint(admissionOf(ethers, lost, 1), 0))).resolves.toBe(
      `ParticipantPrivileged(${lost},1)`,
    );
  });

  it("needs enough different, active guardians, and none in its own matter", async () => {
    const { guardians, verifiers, participants, ethers } = system;
    const [one, two, three] = guardians as [Account, Account, Account];
    await expect(announceRefused({}, [one])).resolves.toBe("QuorumTooSmall(1,2)");
    await expect(announceRefused({}, [one, one])).resolves.toBe(
      `SignersNotAscending(${one.address},${one.address})`,
    );
    await expect(announceRefused({}, [two, one])).resolves.toBe(
      `SignersNotAscending(${two.address},${one.address})`,
    );
    const mixed = [one, verifiers[0] as Account].toSorted((a, b) =>
      BigInt(a.address) < BigInt(b.address) ? -1 : 1,
    );
    await expect(announceRefused({}, mixed)).resolves.toBe(
      `SignerNotEntitled(${String(verifiers[0]?.address)})`,
    );
    await setStatus(two.address, 2);
    await expect(announceRefused({}, [one, two])).resolves.toBe(`SignerNotEntitled(${two.address})`);
    await participants.appoint(admissionOf(ethers, three.address, KIND.guardian | KIND.bank), 0);
    await expect(announceRefused({ lost: three.address }, [one, three])).resolves.toBe(
      `SignerExcluded(${three.address})`,
    );
  });

  it("takes signatures for this registry, this chain and this statement only", async () => {
    const { participants, ethers } = system;
    const recovery = recoveryStatement(system);
    const domain = await recoveryDomain(system);
    const other = await deploySystem(ethers, { objectionPeriod: Number(PERIOD) });
    for (const foreign of [
      await recoveryDomain(other),
      { ...domain, chainId: 1n },
      { ...domain, name: "Microtonne BatchRegistry" },
    ]) {
      const call = participants.announceRecovery(recovery, await guard(system, recovery, undefined, foreign));
      await expect(refusal(call)).resolves.toMatch(/^(SignerNotEntitled|SignersNotAscending)/);
    }
    const signatures = await guard(system, recovery);
    for (const changed of [
      { replacement: third.address },
      { deadline: 2n ** 41n },
      { reasonHash: ethers.id("other") },
    ]) {
      const call = participants.announceRecovery({ ...recovery, ...changed }, signatures);
      await expect(refusal(call)).resolves.toMatch(/^(SignerNotEntitled|SignersNotAscending)/);
    }
    await expect(participants.hashRecovery(recovery)).resolves.toBe(
      ethers.TypedDataEncoder.hash(domain, RECOVERY_TYPES, recovery),
    );
  });

  it("counts a guardian that is a contract (ERC-1271) while it stands by its signature", async () => {
    const { participants, ethers, guardians, corporate } = system;
    const party = await ethers.deployContract("ContractParty", [corporate.address]);
    const address = await party.getAddress();
    await participants.appoint(admissionOf(ethers, address, KIND.guardian), 0);
    const recovery = recoveryStatement(system);
    const domain = await recoveryDomain(system);
    const one = guardians[0] as Account;
    const signedBy = async (signer: Account) => {
      const signature = await signer.signTypedData(domain, RECOVERY_TYPES, recovery);
      const contracts = contractSignature(ethers, address, signature);
      const own = await one.signTypedData(domain, RECOVERY_TYPES, recovery);
      return BigInt(address) < BigInt(one.address) ? [contracts, own] : [own, contracts];
    };
    await expect(
      refusal(participants.announceRecovery(recovery, await signedBy(system.operator))),
    ).resolves.toMatch(/^SignatureInvalid/);
    await participants.announceRecovery(recovery, await signedBy(corporate));
    await expect(participants.recoveryOf(lost)).resolves.toContain(replacement);
  });

  it("falls under the terms that the access manager's admin set last", async () => {
    const { participants, guardians, outsider, regulator } = system;
    for (const other of [outsider, regulator]) {
      const call = participants.connect(other).setRecoveryTerms(1, 0);
      await expect(refusal(call)).resolves.toBe(`AccessManagedUnauthorized(${other.address})`);
    }
    await expect(refusal(participants.setRecoveryTerms(0, 5))).resolves.toBe("ThresholdZero()");
    await participants.setRecoveryTerms(3, 60);
    expect(await participants.recoveryTerms()).toEqual([3n, 60n, COMPLETION]);
    const [, told] = await participants.queryFilter(participants.filters.RecoveryTermsSet());
    expect(told?.args).toEqual([3n, 60n]);
    await expect(announceRefused({})).resolves.toBe("QuorumTooSmall(2,3)");
    const recovery = recoveryStatement(system);
    await participants.announceRecovery(recovery, await guard(system, recovery, guardians));
    await pass(60n);
    await complete();
  });
});

describe("a wallet that was recovered", () => {
  it("stays so for good, whoever asks", async () => {
    const { participants, registrar, regulator } = system;
    await participants.setRecoveryTerms(2, 0);
    await replaceWallet(system, lost, replacement);
    for (const status of [1, 2, 4])
      await expect(refusal(setStatus(lost, status))).resolves.toBe(`ParticipantPrivileged(${lost},1)`);
    const admission = {
      account: lost,
      kinds: KIND.bank,
      country: CHINA,
      expiry: 0,
      firmId: NO_FIRM,
    };
    await expect(refusal(participants.connect(registrar).register(admission))).resolves.toBe(
      `ParticipantKnown(${lost})`,
    );
    await expect(refusal(participants.connect(registrar).update(admission))).resolves.toBe(
      `ParticipantPrivileged(${lost},1)`,
    );
    await expect(refusal(participants.appoint(admission, 0))).resolves.toBe(
      `ParticipantPrivileged(${lost},1)`,
    );
    const corporate = system.corporate.address;
    await replaceWallet(system, corporate, third.address);
    const ordinary = { ...admission, account: corporate };
    await expect(refusal(participants.connect(registrar).update(ordinary))).resolves.toBe(
      `ParticipantPrivileged(${corporate},4)`,
    );
    await expect(refusal(participants.connect(registrar).setStatus(corporate, 1))).resolves.toBe(
      `ParticipantPrivileged(${corporate},4)`,
    );
    expect(plain(await participants.kindsOf(lost, regulator.address))).toEqual({
      kindsOfOne: 0n,
      kindsOfOther: 8192n,
    });
  });

  it("has none of its powers any more, and signs for nobody", async () => {
    const { participants, guardians, ethers } = system;
    await participants.setRecoveryTerms(2, 0);
    const guardian = guardians[0] as Account;
    await participants.appoint(admissionOf(ethers, guardian.address, KIND.guardian | KIND.bank), 0);
    const recovery = recoveryStatement(system, { lost: guardian.address });
    await participants.announceRecovery(recovery, await guard(system, recovery, guardians.slice(1)));
    await complete(guardian.address);
    const next = { lost, replacement: third.address };
    await expect(announceRefused(next)).resolves.toBe(`SignerNotEntitled(${guardian.address})`);
    await expect(participants.hasKind(replacement, KIND.guardian)).resolves.toBe(false);
    await expect(participants.hasKind(replacement, KIND.bank)).resolves.toBe(true);
  });
});
