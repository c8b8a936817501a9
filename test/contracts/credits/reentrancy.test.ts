import type { BaseContract } from "ethers";
import { beforeEach, describe, expect, it } from "vitest";
import type { ContractParty } from "../../../types/ethers-contracts/index.js";
import { consentTo, lienAgentOf, pledge, signConsent, termsOf, type Terms } from "../support/liens.ts";
import { guard, recoveryStatement } from "../support/recovery.ts";
import { describeError, refusal } from "../support/refusal.ts";
import {
  type Account,
  admissionOf,
  attest,
  baseUnits,
  CHINA,
  freshSystem,
  issue,
  KIND,
  METHODOLOGY,
  statementOf,
  type System,
} from "../support/system.ts";

/** Held by the hostile contract, apart from what an action below brings it. */
const HELD = baseUnits(10n);
/** Of the batch that the hostile contract committed, ready to mint. */
const MINTED = 7n;
const BATCH = 3n;

let system: System;
let party: ContractParty;
let hostile: string;
let agent: Account;
let lien: Terms;

beforeEach(async () => {
  system = await freshSystem();
  const { ethers, participants, batches, credit, operator, outsider } = system;
  await issue(system, { batchId: BATCH, root: ethers.id("third") });
  agent = await lienAgentOf(system);
  party = await ethers.deployContract("ContractParty", [outsider.address]);
  hostile = await party.getAddress();
  await participants.appoint(admissionOf(ethers, hostile, KIND.operator | KIND.liquidator), 0);
  await credit.connect(operator).safeTransferFrom(operator.address, hostile, BATCH, HELD, "0x");
  const statement = statementOf(system, { operator: hostile });
  const commit = batches.interface.encodeFunctionData("commit", [
    statement,
    [METHODOLOGY],
    await attest(system, statement),
  ]);
  await party.execute(batches, commit);
  lien = await pledge(system, baseUnits(20n), { tokenId: BATCH, agent: agent.address });
});

/** Everything through which a contract is called back while it gets credits. */
const ACTIONS: Readonly<Record<string, () => Promise<unknown>>> = {
  mint: async () =>
    party.execute(system.batches, system.batches.interface.encodeFunctionData("mint", [MINTED])),
  transfer: async () =>
    system.credit
      .connect(system.operator)
      .safeTransferFrom(system.operator.address, hostile, BATCH, baseUnits(5n), "0x"),
  "forced transfer": async () =>
    system.credit
      .connect(system.regulator)
      .forcedTransfer(system.operator.address, hostile, BATCH, baseUnits(5n)),
  "forced transfer with release": async () =>
    system.credit
      .connect(system.regulator)
      .forcedTransferReleasing(system.operator.address, hostile, BATCH, baseUnits(5n), [lien]),
  enforcement: async () => system.credit.connect(agent).enforceLien(lien, hostile, baseUnits(5n)),
};

/** What the books of both batches say; sums of all balances that there are. */
async function books() {
  const { batches, credit, operator, bank, corporate } = system;
  const of = async (batchId: bigint) => {
    const batch = await batches.batchOf(batchId);
    const holders = [operator.address, hostile, bank.address, corporate.address];
    const balances = await Promise.all(holders.map(async (holder) => credit.balanceOf(holder, batchId)));
    const held = balances.reduce((sum, balance) => sum + balance, 0n);
    return {
      minted: batch.mintedMg,
      retired: batch.retiredMg,
      supply: await credit.totalSupply(batchId),
      held,
    };
  };
  return { committed: await of(MINTED), issued: await of(BATCH) };
}

/** The call that comes back from inside of an action, and what it was answered. */
async function attack(action: string, target: BaseContract, call: string): Promise<string> {
  await party.arm(target, call);
  await (ACTIONS[action] as () => Promise<unknown>)();
  expect(await party.attackRan()).toBe(true);
  return (await party.attackSucceeded()) ? "went through" : describeError(await party.attackAnswer());
}

const request = (batchId: bigint) => ({
  nonce: system.ethers.id("nonce"),
  beneficiaryHash: system.ethers.id("beneficiary"),
  documentHash: system.ethers.id("document"),
  purpose: 1,
  reportingYear: 2026,
  country: CHINA,
  amounts: [{ batchId, milligrams: 10n }],
});

interface Attack {
  readonly target: BaseContract;
  readonly call: string;
  readonly error: string;
}
const attackOn = (target: BaseContract, name: string, args: unknown[], error: string): Attack => ({
  target,
  call: target.interface.encodeFunctionData(name, args),
  error,
});

/** Every function of the credit token, called by a receiver that has no right to it. */
async function attacksOnCredits(): Promise<Attack[]> {
  const { credit, ethers, operator, corporate, bank } = system;
  const [owner, unit] = [operator.address, baseUnits(1n)];
  const own = termsOf(system, { holder: hostile, tokenId: BATCH, beneficiary: bank.address });
  const ofBank = await signConsent(system, consentTo(own), bank);
  const lock = {
    holder: owner,
    tokenId: BATCH,
    amount: 1n,
    agent: hostile,
    expiry: 2n ** 39n,
    origin: ethers.ZeroHash,
    instructionHash: ethers.id("instruction"),
  };
  const attacks: [string, unknown[], string][] = [
    ["mint", [hostile, MINTED, 1n], "CallerNotIssuer"],
    ["burnByIssuer", [owner, BATCH, unit], "CallerNotIssuer"],
    ["setSuspended", [BATCH, true], "CallerNotIssuer"],
    ["burnForRetirement", [hostile, [{ batchId: BATCH, milligrams: 1n }]], "CallerNotRetirements"],
    ["burnByOrder", [hostile, owner, BATCH, unit, []], "CallerNotRetirements"],
    ["setPaused", [true], "AccessManagedUnauthorized"],
    ["setBaseUri", ["x"], "AccessManagedUnauthorized"],
    ["forcedTransfer", [owner, hostile, BATCH, 1n], "CallerNotEntitled"],
    ["forcedTransferReleasing", [owner, hostile, BATCH, 1n, []], "CallerNotEntitled"],
    ["setFrozenTokens", [owner, BATCH, 1n], "CallerNotEntitled"],
    ["safeTransferFrom", [owner, hostile, BATCH, 1n, "0x"], "ERC1155MissingApprovalForAll"],
    ["safeBatchTransferFrom", [owner, hostile, [BATCH], [1n], "0x"], "ERC1155MissingApprovalForAll"],
    ["safeTransferFrom", [hostile, corporate.address, BATCH, 16n * unit, "0x"], "ERC1155InsufficientBalance"],
    ["placeLien", [consentTo({ ...own, holder: owner }), 1n, "0x", ofBank], "ConsentMissing"],
    ["placeLien", [consentTo(own), 16n * unit, "0x", ofBank], "AmountAboveLimit"],
    ["increaseLien", [own, 1n], "HoldUnknown"],
    ["placeLock", [lock, "0x"], "ConsentMissing"],
    ["endLock", [lock], "LockStanding"],
    ["deliverLock", [lock, hostile, 1n], "CallerNotEntitled"],
    ["freezeByOrder", [ethers.id("order"), 0, owner, BATCH, 1n], "CallerNotEntitled"],
    ["setMaxLockSeconds", [1], "AccessManagedUnauthorized"],
    ["releaseLien", [lien, 1n], "CallerNotPartyToHold"],
    ["enforceLien", [lien, hostile, 1n], "CallerNotPartyToHold"],
    ["recover", [owner, BATCH], "NotRecovered"],
  ];
  return attacks.map(([name, args, error]) => attackOn(credit, name, args, error));
}

/** The same for the other contracts of the core. */
async function attacksOnOthers(): Promise<Attack[]> {
  const { batches, retirements, participants, methodologies, guardians, operator, ethers } = system;
  const owner = operator.address;
  const admission = admissionOf(ethers, ethers.getAddress(ethers.id("new").slice(0, 42)), KIND.corporate);
  const recovery = recoveryStatement(system);
  const [unauthorized, notEntitled] = ["AccessManagedUnauthorized", "CallerNotEntitled"];
  return [
    attackOn(batches, "setChallengeWindow", [1], unauthorized),
    attackOn(batches, "setQuorum", ["0x0000000000000000", 1, 0], unauthorized),
    attackOn(methodologies, "setWithdrawn", [METHODOLOGY, true], unauthorized),
    attackOn(participants, "register", [admission], notEntitled),
    attackOn(participants, "registerAll", [[admission]], notEntitled),
    attackOn(participants, "update", [admission], notEntitled),
    attackOn(participants, "appoint", [admission, 0], unauthorized),
    attackOn(participants, "admitPool", [hostile], notEntitled),
    attackOn(participants, "setStatus", [hostile, 1], notEntitled),
    attackOn(participants, "setRecoveryTerms", [1, 0], unauthorized),
    attackOn(participants, "objectToRecovery", [], "RecoveryUnknown"),
    attackOn(participants, "completeRecovery", [owner], "RecoveryUnknown"),
    attackOn(
      participants,
      "announceRecovery",
      [recovery, await guard(system, recovery, guardians.slice(0, 1))],
      "QuorumTooSmall",
    ),
    attackOn(retirements, "retireFor", [owner, request(BATCH)], "CallerNotApproved"),
    attackOn(retirements, "retireFromPool", [owner, request(BATCH)], notEntitled),
    attackOn(retirements, "retireByOrder", [owner, request(BATCH), [[]]], notEntitled),
    attackOn(retirements, "recoverCertificates", [owner, []], "NotRecovered"),
  ];
}

describe.each(Object.keys(ACTIONS))("a receiver that calls back out of a %s", (action) => {
  it("gets nothing that it has no right to, and the books hold", async () => {
    const { ethers } = system;
    const attacks = [...(await attacksOnCredits()), ...(await attacksOnOthers())];
    await party.arm(ethers.ZeroAddress, "0x");
    const untouched: unknown = await ethers.provider.send("evm_snapshot", []);
    await (ACTIONS[action] as () => Promise<unknown>)();
    const expected = await books();
    let snapshot = untouched;
    for (const { target, call, error } of attacks) {
      await ethers.provider.send("evm_revert", [snapshot]);
      snapshot = await ethers.provider.send("evm_snapshot", []);
      expect(await attack(action, target, call)).toContain(error);
      expect(await books()).toEqual(expected);
    }
  });

  it("may pass on what it just got, once", async () => {
    const { credit, corporate } = system;
    const batchId = action === "mint" ? MINTED : BATCH;
    const got = action === "mint" ? baseUnits(900n) : HELD + baseUnits(5n);
    const pass = credit.interface.encodeFunctionData("safeTransferFrom", [
      hostile,
      corporate.address,
      batchId,
      got,
      "0x",
    ]);
    expect(await attack(action, credit, pass)).toBe("went through");
    await expect(credit.balanceOf(corporate.address, batchId)).resolves.toBe(got);
    await expect(credit.balanceOf(hostile, batchId)).resolves.toBe(0n);
    const { committed, issued } = await books();
    for (const { held, supply } of [committed, issued]) expect(held).toBe(supply);
  });

  it("finds a state in which it may pledge or retire what it just got, and the books hold", async () => {
    const { credit, retirements, bank } = system;
    const batchId = action === "mint" ? MINTED : BATCH;
    const got = action === "mint" ? baseUnits(900n) : HELD + baseUnits(5n);
    const terms = termsOf(system, { holder: hostile, tokenId: batchId, beneficiary: bank.address });
    const consent = consentTo(terms);
    const signed = await signConsent(system, consent, bank);
    const place = credit.interface.encodeFunctionData("placeLien", [consent, got, "0x", signed]);
    expect(await attack(action, credit, place)).toBe("went through");
    await expect(credit.heldOf(hostile, batchId)).resolves.toBe(got);
    const { committed, issued } = await books();
    for (const { held, supply } of [committed, issued]) expect(held).toBe(supply);
    const retire = retirements.interface.encodeFunctionData("retire", [request(batchId)]);
    await expect(refusal(party.execute(retirements, retire))).resolves.toMatch(
      /^ERC7943InsufficientUnfrozenBalance/,
    );
  });
});

describe("a receiver that calls back out of a mint", () => {
  it("can't enter the batch registry again: neither mint, nor commit, nor cure, nor retire", async () => {
    const { ethers, batches, retirements } = system;
    const next = statementOf(system, {
      operator: hostile,
      batchId: 8n,
      root: ethers.id("next"),
      previousBatchId: 7n,
    });
    const signatures = await attest(system, next);
    const calls: [BaseContract, string][] = [
      [batches, batches.interface.encodeFunctionData("mint", [MINTED])],
      [batches, batches.interface.encodeFunctionData("mintRest", [MINTED])],
      [batches, batches.interface.encodeFunctionData("commit", [next, [METHODOLOGY], signatures])],
      [batches, batches.interface.encodeFunctionData("commitAndMint", [next, [METHODOLOGY], signatures])],
      [batches, batches.interface.encodeFunctionData("cureByBurning", [MINTED, 1n])],
      [retirements, retirements.interface.encodeFunctionData("retire", [request(MINTED)])],
      [retirements, retirements.interface.encodeFunctionData("retire", [request(BATCH)])],
    ];
    for (const [target, call] of calls) {
      const snapshot: unknown = await ethers.provider.send("evm_snapshot", []);
      expect(await attack("mint", target, call)).toBe("ReentrancyGuardReentrantCall()");
      await expect(system.credit.balanceOf(hostile, MINTED)).resolves.toBe(baseUnits(900n));
      await ethers.provider.send("evm_revert", [snapshot]);
    }
  });
});
