import { beforeEach, describe, expect, it } from "vitest";
import { appointed, eventsOf, lienAgentOf, pledge, type Terms } from "../support/liens.ts";
import { replaceWallet } from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import {
  type Account,
  baseUnits,
  CHINA,
  freshSystem,
  issue,
  KIND,
  plain,
  type System,
} from "../support/system.ts";

const BATCH = 7n;
const ALL = baseUnits(900n);
let system: System;
let lost: string;
let replacement: string;
let agent: Account;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  agent = await lienAgentOf(system);
  [lost, replacement] = [system.operator.address, system.outsider.address];
});

const text = (...values: unknown[]) => values.map(String).join(",");
const id = async (terms: Terms) => system.credit.lienIdOf(terms);
/** Anybody may call. */
const recover = async (wallet = lost) => system.credit.connect(system.corporate).recover(wallet, BATCH);
const holding = async (account: string) => {
  const { credit } = system;
  const [balance, frozen, pledged] = await Promise.all([
    credit.balanceOf(account, BATCH),
    credit.getFrozenTokens(account, BATCH),
    credit.heldOf(account, BATCH),
  ]);
  return { balance, frozen, pledged };
};
const NOTHING = { balance: 0n, frozen: 0n, pledged: 0n };

describe("recover", () => {
  it("moves balance, freeze and all liens of one id together", async () => {
    const { credit, regulator } = system;
    const first = await pledge(system, 100n);
    await pledge(system, 50n, { agreementHash: system.ethers.id("second") });
    await credit.connect(regulator).setFrozenTokens(lost, BATCH, 7n);
    await replaceWallet(system, lost, replacement);
    await expect(eventsOf(system, recover())).resolves.toEqual([
      `Frozen(${text(lost, BATCH, 0n)})`,
      `Frozen(${text(replacement, BATCH, 7n)})`,
      `HoldingRecovered(${text(lost, replacement, BATCH, ALL)})`,
      `TransferSingle(${text(system.corporate.address, lost, replacement, BATCH, ALL)})`,
    ]);
    await expect(holding(lost)).resolves.toEqual(NOTHING);
    await expect(holding(replacement)).resolves.toEqual({ balance: ALL, frozen: 7n, pledged: 150n });
    expect(plain(await credit.holdOf(await id(first), BATCH))).toMatchObject({
      holder: replacement,
      amount: 100n,
    });
  });

  it("is for wallets that were replaced", async () => {
    await expect(refusal(recover())).resolves.toBe(`NotRecovered(${lost})`);
    await expect(refusal(recover(replacement))).resolves.toBe(`NotRecovered(${replacement})`);
  });

  it("costs the same whatever number of liens there is", async () => {
    const { credit, ethers } = system;
    const gasOf = async (count: number) => {
      const snapshot: unknown = await ethers.provider.send("evm_snapshot", []);
      for (let i = 0; i < count; i += 1) await pledge(system, 1n, { agreementHash: ethers.id(String(i)) });
      await replaceWallet(system, lost, replacement);
      const { gasUsed } = (await (await recover()).wait()) ?? {};
      await expect(credit.heldOf(replacement, BATCH)).resolves.toBe(BigInt(count));
      await ethers.provider.send("evm_revert", [snapshot]);
      return gasUsed;
    };
    const [one, many] = [await gasOf(1), await gasOf(30)];
    expect(many).toBe(one);
  });

  it("adds the freeze to what is frozen on the replacement, of each authority", async () => {
    const { credit, regulator } = system;
    const orders = credit.connect(regulator);
    await orders.setFrozenTokens(lost, BATCH, 5n);
    await orders.setFrozenTokens(replacement, BATCH, 6n);
    await replaceWallet(system, lost, replacement);
    await recover();
    await expect(holding(replacement)).resolves.toEqual({ balance: ALL, frozen: 11n, pledged: 0n });
    // A freeze of the lost wallet is one of the holding, wherever it lies now.
    await orders.setFrozenTokens(lost, BATCH, 4n);
    await expect(holding(replacement)).resolves.toEqual({ balance: ALL, frozen: 4n, pledged: 0n });
    await expect(holding(lost)).resolves.toEqual(NOTHING);
  });

  it("works for a suspended id, in a pause of transfers, into a contract that takes no credits", async () => {
    const { credit, batches, regulator } = system;
    const deaf = await batches.getAddress();
    await batches.connect(regulator).suspend(BATCH, 16);
    await credit.setPaused(true);
    await replaceWallet(system, lost, deaf);
    await recover();
    await expect(credit.balanceOf(deaf, BATCH)).resolves.toBe(ALL);
  });

  it("follows a chain of replacements to its end, wherever the holding lies", async () => {
    const { ethers, credit } = system;
    const last = ethers.getAddress(ethers.id("last").slice(0, 42));
    const terms = await pledge(system, 100n);
    await replaceWallet(system, lost, replacement);
    await recover();
    await replaceWallet(system, replacement, last);
    await recover(replacement);
    await expect(holding(last)).resolves.toEqual({ balance: ALL, frozen: 0n, pledged: 100n });
    expect(plain(await credit.holdOf(await id(terms), BATCH))).toMatchObject({ holder: last, amount: 100n });
  });

  it("goes straight to the last wallet where nobody called in between", async () => {
    const { ethers } = system;
    const last = ethers.getAddress(ethers.id("last").slice(0, 42));
    await pledge(system, 100n);
    await replaceWallet(system, lost, replacement);
    await replaceWallet(system, replacement, last);
    await recover();
    await expect(holding(last)).resolves.toEqual({ balance: ALL, frozen: 0n, pledged: 100n });
  });
});

describe("a lost wallet", () => {
  it("moves, pledges, retires and receives nothing any more, nor does who it approved", async () => {
    const { credit, operator, corporate, otherCorporate } = system;
    await credit.connect(operator).safeTransferFrom(lost, corporate.address, BATCH, 1n, "0x");
    await credit.connect(operator).setApprovalForAll(otherCorporate.address, true);
    await replaceWallet(system, lost, replacement);
    const to = corporate.address;
    const own = credit.connect(operator).safeTransferFrom(lost, to, BATCH, 1n, "0x");
    await expect(refusal(own)).resolves.toBe(`ERC7943CannotSend(${lost})`);
    const approved = credit.connect(otherCorporate).safeTransferFrom(lost, to, BATCH, 1n, "0x");
    await expect(refusal(approved)).resolves.toBe(`ERC7943CannotSend(${lost})`);
    const back = credit.connect(corporate).safeTransferFrom(to, lost, BATCH, 1n, "0x");
    await expect(refusal(back)).resolves.toBe(`ERC7943CannotReceive(${lost})`);
    await expect(refusal(pledge(system, 1n))).resolves.toBe(`ERC7943CannotSend(${lost})`);
    await expect(refusal(system.retirements.connect(operator).retire(request()))).resolves.toBe(
      `ERC7943CannotSend(${lost})`,
    );
    await recover();
    await expect(refusal(credit.connect(operator).safeTransferFrom(lost, to, BATCH, 0n, "0x"))).resolves.toBe(
      `ERC7943CannotSend(${lost})`,
    );
  });

  it("of a bank releases no lien any more; the wallet in its place does, along any chain", async () => {
    const { credit, bank, outsider, otherDeployer } = system;
    const terms = await pledge(system, 100n, { agent: agent.address });
    await replaceWallet(system, bank.address, replacement);
    const refused = `CallerNotPartyToHold(${bank.address},${await id(terms)})`;
    await expect(refusal(credit.connect(bank).releaseLien(terms, 1n))).resolves.toBe(refused);
    await credit.connect(outsider).releaseLien(terms, 1n);
    await replaceWallet(system, replacement, otherDeployer.address);
    for (const former of [bank, outsider]) {
      await expect(refusal(credit.connect(former).releaseLien(terms, 1n))).resolves.toMatch(
        /^CallerNotPartyToHold/,
      );
    }
    await credit.connect(otherDeployer).releaseLien(terms, 98n);
    await credit.connect(agent).releaseLien(terms, 1n);
    await expect(credit.heldOf(lost, BATCH)).resolves.toBe(0n);
  });

  it("of a borrower leaves the liens enforceable before and after its credits followed", async () => {
    const { credit } = system;
    const liquidator = await appointed(system, "liquidator", KIND.liquidator);
    const terms = await pledge(system, 100n, { agent: agent.address });
    await replaceWallet(system, lost, replacement);
    await credit.connect(agent).enforceLien(terms, liquidator, 40n);
    await recover();
    await credit.connect(agent).enforceLien(terms, liquidator, 60n);
    await expect(credit.balanceOf(liquidator, BATCH)).resolves.toBe(100n);
    await expect(holding(replacement)).resolves.toEqual({ balance: ALL - 100n, frozen: 0n, pledged: 0n });
  });

  it("passes its lien on: the replacement can increase it, the lost wallet can't", async () => {
    const { credit, operator, outsider } = system;
    const terms = await pledge(system, 100n);
    await replaceWallet(system, lost, replacement);
    await expect(refusal(credit.connect(operator).increaseLien(terms, 1n))).resolves.toBe(
      `ERC7943CannotSend(${lost})`,
    );
    await recover();
    await expect(refusal(credit.connect(operator).increaseLien(terms, 1n))).resolves.toMatch(
      /^CallerNotPartyToHold/,
    );
    await credit.connect(outsider).increaseLien(terms, 1n);
    await expect(credit.heldOf(replacement, BATCH)).resolves.toBe(101n);
    const free = credit
      .connect(outsider)
      .safeTransferFrom(replacement, system.corporate.address, BATCH, ALL - 100n, "0x");
    await expect(refusal(free)).resolves.toBe(
      `ERC7943InsufficientUnfrozenBalance(${text(replacement, BATCH, ALL - 100n, ALL - 101n)})`,
    );
  });
});

describe("a holder whose wallet is lost", () => {
  it("has all again in the new one: credits, freeze, liens and certificates", async () => {
    const { credit, retirements, operator, outsider, regulator, bank } = system;
    await retirements.connect(operator).retire(request());
    const certificate = BigInt(await retirements.retirementIdOf(lost, request().nonce));
    const record = await retirements.recordHashOf(await retirements.retirementIdOf(lost, request().nonce));
    const terms = await pledge(system, 100n);
    await credit.connect(regulator).setFrozenTokens(lost, BATCH, 7n);
    await expect(refusal(retirements.recoverCertificates(lost, [certificate]))).resolves.toBe(
      `NotRecovered(${lost})`,
    );

    await replaceWallet(system, lost, replacement);
    await recover();
    await retirements.recoverCertificates(lost, [certificate]);

    const left = ALL - baseUnits(10n);
    await expect(holding(replacement)).resolves.toEqual({ balance: left, frozen: 7n, pledged: 100n });
    await expect(holding(lost)).resolves.toEqual(NOTHING);
    await expect(retirements.ownerOf(certificate)).resolves.toBe(replacement);
    await expect(
      retirements.recordHashOf(await retirements.retirementIdOf(lost, request().nonce)),
    ).resolves.toBe(record);
    await expect(credit.totalSupply(BATCH)).resolves.toBe(left);
    await credit.connect(bank).releaseLien(terms, 100n);
    await credit.connect(regulator).setFrozenTokens(replacement, BATCH, 0n);
    await credit.connect(outsider).safeTransferFrom(replacement, system.corporate.address, BATCH, left, "0x");
  });

  it("and then loses the next one too has them in the third", async () => {
    const { retirements, participants, operator, otherDeployer } = system;
    await retirements.connect(operator).retire(request());
    const certificate = BigInt(await retirements.retirementIdOf(lost, request().nonce));
    await replaceWallet(system, lost, replacement);
    await replaceWallet(system, replacement, otherDeployer.address);
    await recover();
    await retirements.recoverCertificates(lost, [certificate]);
    await expect(retirements.ownerOf(certificate)).resolves.toBe(otherDeployer.address);
    await expect(participants.hasKind(otherDeployer.address, KIND.operator)).resolves.toBe(true);
  });
});

function request() {
  return {
    nonce: system.ethers.id("nonce"),
    beneficiaryHash: system.ethers.id("beneficiary"),
    documentHash: system.ethers.ZeroHash,
    purpose: 3,
    reportingYear: 2026,
    country: CHINA,
    amounts: [{ batchId: BATCH, milligrams: 10n }],
  };
}
