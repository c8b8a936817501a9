import { beforeEach, describe, expect, it } from "vitest";
import { refusalOfCommit } from "../support/commits.ts";
import { guard, recoveryStatement } from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import {
  type Account,
  admissionOf,
  ascending,
  attest,
  commit,
  contractSignature,
  firmIdOf,
  firmWordOf,
  freshSystem,
  KIND,
  METHODOLOGY,
  NO_FIRM,
  sign,
  statementOf,
  type System,
  WUHAN,
} from "../support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
});
const FIRM_KINDS = [
  "operator",
  "verifier",
  "bank",
  "exchange",
  "liquidator",
  "registry",
  "regulator",
  "guardian",
  "cashIssuer",
  "signer",
] as const;
const verifier = (at: number): Account => system.verifiers[at] as Account;
/** Another wallet of a verifier's firm. */
const appointTwin = async (of: Account, twin = system.outsider, kinds: number = KIND.verifier) =>
  system.participants.appoint(admissionOf(system.ethers, twin.address, kinds, of.address), 0);
const signedBy = async (signers: readonly Account[]) =>
  Promise.all(ascending(signers).map((signer) => sign(system, statementOf(system), signer)));
const firmsIn = async (set: number) => Number(await system.participants.firmCountOf(set));

describe("a firm", () => {
  it("is known of whoever signs, orders, issues or stands as one of several", async () => {
    const { participants, ethers, outsider } = system;
    const firmless = (kinds: number) => ({
      ...admissionOf(ethers, outsider.address, kinds),
      firmId: NO_FIRM,
    });
    for (const kind of FIRM_KINDS) {
      const call = participants.appoint(firmless(KIND[kind] | KIND.platform), 0);
      await expect(refusal(call)).resolves.toBe(`FirmMissing(${outsider.address})`);
    }
    for (const kind of [KIND.bank, KIND.exchange]) {
      const call = participants.connect(system.registrar).register(firmless(kind));
      await expect(refusal(call)).resolves.toBe(`FirmMissing(${outsider.address})`);
    }
    const others = Object.entries(KIND).filter(([name]) => !(FIRM_KINDS as readonly string[]).includes(name));
    for (const [, kind] of others) await participants.appoint(firmless(kind), 0);
    await expect(participants.firmOf(outsider.address)).resolves.toBe(ethers.ZeroHash);
  });

  it("once known is a wallet's for good: not by update, by appointment, or after a recovery", async () => {
    const { participants, ethers, corporate, registrar, outsider } = system;
    const { address } = corporate;
    const firmId = firmIdOf(address);
    await expect(participants.firmOf(address)).resolves.toBe(firmWordOf(address));
    for (const other of [NO_FIRM, firmIdOf("another firm")]) {
      const admission = { ...admissionOf(ethers, address, KIND.corporate), firmId: other };
      const expected = `FirmFixed(${address},${firmId})`;
      await expect(refusal(participants.connect(registrar).update(admission))).resolves.toBe(expected);
      await expect(refusal(participants.appoint(admission, 0))).resolves.toBe(expected);
    }
    const recovery = recoveryStatement(system, { lost: address });
    await participants.announceRecovery(recovery, await guard(system, recovery));
    await participants.completeRecovery(address);
    for (const wallet of [address, outsider.address])
      await expect(participants.firmOf(wallet)).resolves.toBe(firmWordOf(address));
    const call = participants.appoint(admissionOf(ethers, outsider.address, KIND.bank), 0);
    await expect(refusal(call)).resolves.toBe(`FirmFixed(${outsider.address},${firmId})`);
  });

  it("may be learnt later, of a wallet that had none", async () => {
    const { participants, ethers, registrar, outsider } = system;
    const admission = admissionOf(ethers, outsider.address, KIND.corporate);
    const firmless = { ...admission, firmId: NO_FIRM };
    await participants.connect(registrar).register(firmless);
    const call = participants.connect(registrar).update({ ...firmless, kinds: KIND.bank });
    await expect(refusal(call)).resolves.toBe(`FirmMissing(${outsider.address})`);
    await participants.connect(registrar).update(admission);
    await expect(participants.firmOf(outsider.address)).resolves.toBe(firmWordOf(outsider.address));
  });
});

describe("signatures of one firm", () => {
  it("count once, however many wallets it has: two don't attest 2 of 2", async () => {
    await appointTwin(verifier(0));
    const both = ascending([verifier(0), system.outsider]);
    await expect(refusalOfCommit(system, {}, await signedBy(both))).resolves.toBe(
      `FirmKnown(${String(both[1]?.address)})`,
    );
    await system.batches.setQuorum(WUHAN, 3, 0);
    const three = ascending([verifier(0), system.outsider, verifier(1)]);
    await expect(refusalOfCommit(system, {}, await signedBy(three))).resolves.toMatch(/^FirmKnown\(/);
  });

  it("don't count in its own matter: no other wallet of the operator's firm attests", async () => {
    await appointTwin(system.operator);
    const signers = [verifier(0), system.outsider];
    await expect(refusalOfCommit(system, {}, await signedBy(signers))).resolves.toBe(
      `SignerExcluded(${system.outsider.address})`,
    );
  });

  it("don't count for the recovery of its own wallet, nor twice for another's", async () => {
    const { participants, guardians, outsider, operator, otherOperator, ethers } = system;
    const third = (await ethers.getSigners())[18] as Account;
    const [one, two] = guardians as [Account, Account];
    await appointTwin(operator, third, KIND.guardian);
    const recovery = recoveryStatement(system);
    const refused = async (lost: Account, signers: readonly Account[]) => {
      const statement = { ...recovery, lost: lost.address };
      const signatures = await guard(system, statement, ascending(signers));
      return refusal(participants.announceRecovery(statement, signatures));
    };
    await expect(refused(operator, [one, third])).resolves.toBe(`SignerExcluded(${third.address})`);
    const twin = (await ethers.getSigners())[17] as Account;
    await appointTwin(one, twin, KIND.guardian);
    await expect(refused(otherOperator, [one, twin])).resolves.toMatch(/^FirmKnown\(/);
    await expect(refused(otherOperator, [one, two, twin])).resolves.toMatch(/^FirmKnown\(/);
    expect(outsider.address).toBe(recovery.replacement);
  });
});

describe("the attesters of a batch", () => {
  it("are the threshold and no more, so that some verifiers are left to rule on it", async () => {
    const statement = statementOf(system);
    await expect(refusalOfCommit(system, {}, await attest(system, statement, 3))).resolves.toBe(
      "QuorumTooLarge(3,2)",
    );
    await system.batches
      .connect(system.operator)
      .commit(statement, [METHODOLOGY], await attest(system, statement));
  });

  it("come from a set that has a firm more than sign", async () => {
    const { batches, participants, ethers, verifiers } = system;
    await batches.setQuorum(WUHAN, 5, 0);
    await expect(refusalOfCommit(system, {}, await attest(system, statementOf(system), 5))).resolves.toBe(
      "QuorumFirmsTooFew(5,5)",
    );
    await batches.setQuorum(WUHAN, 2, 4);
    for (const { address } of verifiers.slice(0, 2))
      await participants.appoint(admissionOf(ethers, address, KIND.verifier), 0b1000);
    await expect(refusalOfCommit(system, {})).resolves.toBe("QuorumFirmsTooFew(2,2)");
    // Another wallet is not another firm.
    await participants.appoint(
      admissionOf(ethers, system.outsider.address, KIND.verifier, verifier(1).address),
      0b1000,
    );
    await expect(refusalOfCommit(system, {})).resolves.toBe("QuorumFirmsTooFew(2,2)");
    // The operator's own could neither attest nor rule.
    const third = (await ethers.getSigners())[18] as Account;
    await participants.appoint(
      admissionOf(ethers, third.address, KIND.verifier, system.operator.address),
      0b1000,
    );
    expect(await firmsIn(4)).toBe(3);
    await expect(refusalOfCommit(system, {})).resolves.toBe("QuorumFirmsTooFew(2,2)");
    await participants.appoint(admissionOf(ethers, verifier(2).address, KIND.verifier), 0b1000);
    await commit(system);
  });
});

describe("the count of a set's firms", () => {
  it("follows appointments, suspensions and recoveries of each wallet", async () => {
    const { participants, ethers, regulator, outsider } = system;
    const put = async (account: Account, kinds: number, sets: number, firm = account) =>
      participants.appoint(admissionOf(ethers, account.address, kinds, firm.address), sets);
    const setStatus = async (account: Account, status: number) =>
      participants.connect(regulator).setStatus(account.address, status);
    expect([await firmsIn(0), await firmsIn(1), await firmsIn(32)]).toEqual([5, 0, 0]);
    await put(verifier(0), KIND.verifier, 2 ** 31 + 1);
    await put(outsider, KIND.verifier | KIND.bank, 1, verifier(0));
    expect([await firmsIn(0), await firmsIn(1), await firmsIn(32)]).toEqual([5, 1, 1]);
    await setStatus(verifier(0), 2);
    expect([await firmsIn(0), await firmsIn(1), await firmsIn(32)]).toEqual([5, 1, 0]);
    await put(outsider, KIND.bank, 0, verifier(0));
    expect([await firmsIn(0), await firmsIn(1), await firmsIn(32)]).toEqual([4, 0, 0]);
    await setStatus(verifier(0), 4);
    await setStatus(verifier(0), 1);
    expect([await firmsIn(0), await firmsIn(1), await firmsIn(32)]).toEqual([5, 1, 1]);
    await put(verifier(0), KIND.verifier, 2);
    expect([await firmsIn(1), await firmsIn(2), await firmsIn(32)]).toEqual([0, 1, 0]);
    expect(await firmsIn(33)).toBe(0);
  });

  it("leaves out a firm that is asked about, where it is in the set", async () => {
    const { participants } = system;
    const beside = async (set: number, firm: string) =>
      Number(await participants.firmCountBeside(set, firmWordOf(firm)));
    expect(await beside(0, verifier(0).address)).toBe(4);
    expect(await beside(0, system.operator.address)).toBe(5);
    expect(await beside(1, verifier(0).address)).toBe(0);
  });

  it("leaves out a verifier whose recovery is under way or done", async () => {
    const { participants, ethers, outsider } = system;
    const lost = verifier(0);
    await participants.appoint(admissionOf(ethers, lost.address, KIND.verifier | KIND.bank), 1);
    const recovery = recoveryStatement(system, { lost: lost.address });
    await participants.announceRecovery(recovery, await guard(system, recovery));
    expect([await firmsIn(0), await firmsIn(1)]).toEqual([4, 0]);
    await participants.connect(lost).objectToRecovery();
    expect([await firmsIn(0), await firmsIn(1)]).toEqual([5, 1]);
    const again = { ...recovery, deadline: recovery.deadline - 1n };
    await participants.announceRecovery(again, await guard(system, again));
    await participants.completeRecovery(lost.address);
    expect([await firmsIn(0), await firmsIn(1)]).toEqual([4, 0]);
    await participants.appoint(admissionOf(ethers, outsider.address, KIND.verifier, lost.address), 1);
    expect([await firmsIn(0), await firmsIn(1)]).toEqual([5, 1]);
  });
});

describe("a contract's signature", () => {
  it("may be of any length, also empty or such that the whole is as long as a key's", async () => {
    const { ethers, participants, batches, operator } = system;
    const wallet = await ethers.deployContract("AnySignature");
    const address = await wallet.getAddress();
    await participants.appoint(admissionOf(ethers, address, KIND.verifier), 0);
    let previousBatchId = 0n;
    for (const length of [0, 1, 43, 44, 45, 46, 65, 200]) {
      const statement = statementOf(system, {
        batchId: BigInt(length + 1),
        root: ethers.id(String(length)),
        previousBatchId,
      });
      const inner = `0x${"5a".repeat(length)}`;
      await wallet.accept(await batches.hashStatement(statement), inner);
      const key = await sign(system, statement, verifier(0));
      const contract = contractSignature(ethers, address, inner);
      const inOrder = BigInt(address) < BigInt(verifier(0).address) ? [contract, key] : [key, contract];
      await batches.connect(operator).commit(statement, [METHODOLOGY], inOrder);
      await expect(batches.headOf(operator.address)).resolves.toBe(statement.batchId);
      previousBatchId = statement.batchId;
    }
  });

  it("ends in 0, and nothing else does: neither form passes for the other", async () => {
    const { ethers, participants, batches } = system;
    const wallet = await ethers.deployContract("AnySignature");
    const address = await wallet.getAddress();
    await participants.appoint(admissionOf(ethers, address, KIND.verifier), 0);
    const statement = statementOf(system);
    const inner = `0x${"5a".repeat(44)}`;
    await wallet.accept(await batches.hashStatement(statement), inner);
    const key = await sign(system, statement, verifier(0));
    const asKeys = ethers.concat([address, inner, "0x1b"]);
    for (const bad of [
      ethers.concat([address, inner]),
      ethers.concat([address, inner, "0x01"]),
      ethers.concat([address, inner.slice(0, -2), "0x00"]),
      address,
    ]) {
      await expect(refusalOfCommit(system, {}, [key, bad])).resolves.toBe("SignatureInvalid(1)");
    }
    // Of a key's length and end: of whatever key it may be, it is not the contract's.
    await expect(refusalOfCommit(system, {}, [key, asKeys])).resolves.toMatch(
      /^(SignatureInvalid|SignerNotEntitled|SignersNotAscending)\(/,
    );
    const withKeysEnd = ethers.concat([key, "0x00"]);
    await expect(refusalOfCommit(system, {}, [withKeysEnd, key])).resolves.toBe("SignatureInvalid(0)");
  });
});
