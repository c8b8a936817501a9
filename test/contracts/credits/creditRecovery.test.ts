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
const MAX = 2n ** 256n - 1n;
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
const recover = async (liens: Terms[] = [], wallet = lost) =>
  system.credit.connect(system.corporate).recover(wallet, BATCH, liens);
const holding = async (account: string) => {
  const { credit } = system;
  const [balance, frozen, pledged] = await Promise.all([
    credit.balanceOf(account, BATCH),
    credit.getFrozenTokens(account, BATCH),
    credit.pledgedOf(account, BATCH),
  ]);
  return { balance, frozen, pledged };
};
const NOTHING = { balance: 0n, frozen: 0n, pledged: 0n };

describe("recover", () => {
  it("moves balance, freeze and all liens of one id together", async () => {
    const { credit, regulator } = system;
    const first = await pledge(system, 100n);
    const second = await pledge(system, 50n, { rank: 2 });
    await credit.connect(regulator).setFrozenTokens(lost, BATCH, 7n);
    await replaceWallet(system, lost, replacement);
    await expect(eventsOf(system, recover([second, first]))).resolves.toEqual([
      `LienMoved(${text(await id(second), lost, replacement)})`,
      `LienMoved(${text(await id(first), lost, replacement)})`,
      `Frozen(${text(lost, BATCH, 0n)})`,
      `Frozen(${text(replacement, BATCH, 7n)})`,
      `HoldingRecovered(${text(lost, replacement, BATCH, ALL)})`,
      `TransferSingle(${text(system.corporate.address, lost, replacement, BATCH, ALL)})`,
    ]);
    await expect(holding(lost)).resolves.toEqual(NOTHING);
    await expect(holding(replacement)).resolves.toEqual({ balance: ALL, frozen: 7n, pledged: 150n });
    expect(plain(await credit.lienOf(await id(first)))).toEqual({ holder: replacement, amount: 100n });
  });

  it("is for wallets that were replaced", async () => {
    await expect(refusal(recover())).resolves.toBe(`NotRecovered(${lost})`);
    await expect(refusal(recover([], replacement))).resolves.toBe(`NotRecovered(${replacement})`);
  });

  it("refuses to leave a lien behind, to count one twice or to take another's", async () => {
    const { corporate } = system;
    const first = await pledge(system, 100n);
    const second = await pledge(system, 50n, { rank: 2 });
    await system.credit.connect(system.operator).safeTransferFrom(lost, corporate.address, BATCH, 10n, "0x");
    const others = await pledge(system, 10n, { holder: corporate.address });
    const elsewhere = { ...first, batchId: 8n };
    await replaceWallet(system, lost, replacement);
    await expect(refusal(recover())).resolves.toBe("LiensIncomplete(0,150)");
    await expect(refusal(recover([first]))).resolves.toBe("LiensIncomplete(100,150)");
    await expect(refusal(recover([first, second, first]))).resolves.toBe(`LienUnknown(${await id(first)})`);
    await expect(refusal(recover([first, second, others]))).resolves.toBe(`LienUnknown(${await id(others)})`);
    await expect(refusal(recover([first, second, elsewhere]))).resolves.toBe(
      `LienUnknown(${await id(elsewhere)})`,
    );
    const otherId = system.credit.recover(lost, 8n, [first]);
    await expect(refusal(otherId)).resolves.toBe(`LienUnknown(${await id(first)})`);
    await recover([first, second]);
  });

  it("leaves out liens that were released", async () => {
    const { credit, bank } = system;
    const released = await pledge(system, 100n);
    const kept = await pledge(system, 1n, { rank: 2 });
    await credit.connect(bank).releaseLien(released, 100n);
    await replaceWallet(system, lost, replacement);
    await expect(refusal(recover([released, kept]))).resolves.toBe(`LienUnknown(${await id(released)})`);
    await recover([kept]);
    await expect(holding(replacement)).resolves.toEqual({ balance: ALL, frozen: 0n, pledged: 1n });
  });

  it("adds the freeze to what is frozen on the replacement, up to the largest", async () => {
    const { credit, regulator } = system;
    const orders = credit.connect(regulator);
    await orders.setFrozenTokens(lost, BATCH, 5n);
    await orders.setFrozenTokens(replacement, BATCH, 6n);
    await replaceWallet(system, lost, replacement);
    await recover();
    await expect(holding(replacement)).resolves.toEqual({ balance: ALL, frozen: 11n, pledged: 0n });
    await orders.setFrozenTokens(lost, BATCH, MAX);
    await recover();
    await expect(holding(replacement)).resolves.toEqual({ balance: ALL, frozen: MAX, pledged: 0n });
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
    await recover([terms]);
    await replaceWallet(system, replacement, last);
    await expect(refusal(recover([terms]))).resolves.toBe(`LienUnknown(${await id(terms)})`);
    await recover([terms], replacement);
    await expect(holding(last)).resolves.toEqual({ balance: ALL, frozen: 0n, pledged: 100n });
    expect(plain(await credit.lienOf(await id(terms)))).toEqual({ holder: last, amount: 100n });
  });

  it("goes straight to the last wallet where nobody called in between", async () => {
    const { ethers } = system;
    const last = ethers.getAddress(ethers.id("last").slice(0, 42));
    const terms = await pledge(system, 100n);
    await replaceWallet(system, lost, replacement);
    await replaceWallet(system, replacement, last);
    await recover([terms]);
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
    const refused = `CallerNotPartyToLien(${bank.address},${await id(terms)})`;
    await expect(refusal(credit.connect(bank).releaseLien(terms, 1n))).resolves.toBe(refused);
    await credit.connect(outsider).releaseLien(terms, 1n);
    await replaceWallet(system, replacement, otherDeployer.address);
    for (const former of [bank, outsider]) {
      await expect(refusal(credit.connect(former).releaseLien(terms, 1n))).resolves.toMatch(
        /^CallerNotPartyToLien/,
      );
    }
    await credit.connect(otherDeployer).releaseLien(terms, 98n);
    await credit.connect(agent).releaseLien(terms, 1n);
    await expect(credit.pledgedOf(lost, BATCH)).resolves.toBe(0n);
  });

  it("of a borrower leaves the liens enforceable before and after its credits followed", async () => {
    const { credit } = system;
    const liquidator = await appointed(system, "liquidator", KIND.liquidator);
    const terms = await pledge(system, 100n, { agent: agent.address });
    await replaceWallet(system, lost, replacement);
    await credit.connect(agent).enforceLien(terms, liquidator, 40n);
    await recover([terms]);
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
    await recover([terms]);
    await expect(refusal(credit.connect(operator).increaseLien(terms, 1n))).resolves.toMatch(
      /^CallerNotPartyToLien/,
    );
    await credit.connect(outsider).increaseLien(terms, 1n);
    await expect(credit.pledgedOf(replacement, BATCH)).resolves.toBe(101n);
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
    await recover([terms]);
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
