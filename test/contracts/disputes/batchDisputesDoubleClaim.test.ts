import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/base/lib/bytes.ts";
import {
  answer,
  CASH,
  claimTwice,
  commitLeaves,
  disputed,
  evidenceFor,
  freshDisputes,
  keyOf,
  openCount,
  openDispute,
  rule,
  SHARED,
  struck,
  TERMS,
  type ArguedBatch,
} from "../support/disputes.ts";
import { replaceWallet } from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import { blockTime, setNextBlockTime } from "../support/system.ts";

const NO_RULING = 8n;
const keyText = toHex(keyOf(SHARED));

describe("a double claim", () => {
  it("is opened by anybody with two live leaves of one key, takes the bond, counts in both batches and strikes nothing", async () => {
    const system = await freshDisputes();
    const { disputesContract, cash, corporate } = system;
    const { one, other, dispute } = await disputed(system);
    expect(dispute.claims).toEqual([
      { batchId: 11n, index: 1n, start: 100n, end: 170n },
      { batchId: 12n, index: 0n, start: 0n, end: 90n },
    ]);
    const now = await blockTime(system.ethers);
    expect(dispute).toMatchObject({
      activityKey: keyText,
      opener: corporate.address,
      bond: TERMS.doubleClaimBond,
    });
    expect([dispute.responseEndsAt - now, dispute.rulingEndsAt - now]).toEqual([3_600n, 10_800n]);
    await expect(cash.balanceOf(corporate.address)).resolves.toBe(CASH - TERMS.doubleClaimBond);
    await expect(cash.balanceOf(disputesContract)).resolves.toBe(TERMS.doubleClaimBond);
    for (const batch of [one, other]) await expect(openCount(system, batch)).resolves.toBe(1n);
    await expect(struck(system, one, 1)).resolves.toBe(false);
    const record = await disputesContract.disputeOf(keyText);
    expect([record.evidence, record.answered, record.stalled]).toEqual([`0x${"00".repeat(30)}`, 0n, false]);
    const claims = dispute.claims.map(({ batchId, index, start, end }) => [batchId, index, start, end]);
    const encoded = system.ethers.AbiCoder.defaultAbiCoder().encode(
      ["tuple(bytes32,address,uint56,uint40,uint40,tuple(uint256,uint32,uint64,uint64)[])"],
      [
        [
          dispute.activityKey,
          dispute.opener,
          dispute.bond,
          dispute.responseEndsAt,
          dispute.rulingEndsAt,
          claims,
        ],
      ],
    );
    expect(record.disputeHash).toBe(system.ethers.keccak256(encoded));
  });

  it("keeps what is left of its batches from being minted", async () => {
    const system = await freshDisputes();
    const { batches, operator, ethers } = system;
    const one = await commitLeaves(system, {
      batchId: 11n,
      leaves: [{ key: SHARED }],
      changes: { bufferMilligrams: 50n, claimPeriodDays: 1 },
    });
    const other = await commitLeaves(system, {
      batchId: 12n,
      operator: system.otherOperator,
      leaves: [{ key: SHARED, milligrams: 1n }],
    });
    await batches.connect(operator).mint(11n);
    await openDispute(system, [one.proofAt(0), other.proofAt(0)]);
    await setNextBlockTime(ethers, (await blockTime(ethers)) + 100_000n);
    await expect(refusal(batches.connect(operator).mintRest(11n))).resolves.toBe("DisputesOpen(11,1)");
  });

  it("is one a key at a time", async () => {
    const system = await freshDisputes();
    const { one, other } = await disputed(system);
    const again = system.disputesContract
      .connect(system.otherOperator)
      .openDoubleClaim([one.proofAt(1), other.proofAt(0)]);
    await expect(refusal(again)).resolves.toBe(`DisputeKnown(${keyText})`);
  });

  it("takes two to eight leaves, in order, each once, all of one key, live and proven", async () => {
    const system = await freshDisputes();
    const [one, other] = await claimTwice(system);
    const open = (...proofs: ReturnType<ArguedBatch["proofAt"]>[]) =>
      refusal(system.disputesContract.connect(system.corporate).openDoubleClaim(proofs));
    await expect(open(one.proofAt(1))).resolves.toBe("ClaimCountOutOfRange(1)");
    await expect(open(...Array.from({ length: 9 }, () => one.proofAt(1)))).resolves.toBe(
      "ClaimCountOutOfRange(9)",
    );
    await expect(open(one.proofAt(1), one.proofAt(1))).resolves.toBe("ClaimsNotAscending(1)");
    await expect(open(other.proofAt(0), one.proofAt(1))).resolves.toBe("ClaimsNotAscending(1)");
    await expect(open(one.proofAt(1), other.proofAt(1))).resolves.toBe(
      `ActivityKeyDiffers(1,${toHex(keyOf(61))})`,
    );
    const stolen = { ...one.proofAt(1), batchId: other.batchId };
    await expect(open(one.proofAt(1), stolen)).resolves.toMatch(
      /^(TotalMismatch|LeafIndexOutOfRange|ProofLengthWrong|RootMismatch)/,
    );
    const unknown = { ...one.proofAt(1), batchId: 99n };
    await expect(open(one.proofAt(1), unknown)).resolves.toBe("LeafIndexOutOfRange(1,0)");
  });

  it("refuses another batch's leaf though shape and total are the same", async () => {
    const system = await freshDisputes();
    const one = await commitLeaves(system, { batchId: 11n, leaves: [{ key: SHARED }, { key: 60 }] });
    await commitLeaves(system, {
      batchId: 12n,
      operator: system.otherOperator,
      leaves: [{ key: 51 }, { key: 60 }],
    });
    const forged = { ...one.proofAt(0), batchId: 12n };
    const call = system.disputesContract.connect(system.corporate).openDoubleClaim([one.proofAt(0), forged]);
    await expect(refusal(call)).resolves.toMatch(/^RootMismatch\(0x[0-9a-f]{64},12\)$/);
  });

  it("is refused without the bond", async () => {
    const system = await freshDisputes();
    const [one, other] = await claimTwice(system);
    const call = system.disputesContract
      .connect(system.outsider)
      .openDoubleClaim([one.proofAt(1), other.proofAt(0)]);
    await expect(refusal(call)).resolves.toMatch(/^ERC20InsufficientAllowance/);
  });

  it("is evidenced once a claim, by the operator that committed it, in time", async () => {
    const system = await freshDisputes();
    const { disputesContract, operator, otherOperator, ethers } = system;
    const { dispute } = await disputed(system);
    const asOther = disputesContract.connect(otherOperator);
    const hash = ethers.id("evidence");
    await expect(refusal(asOther.submitEvidence(dispute, 0, hash))).resolves.toBe(
      `CallerNotOperator(${otherOperator.address},${operator.address})`,
    );
    await expect(refusal(asOther.submitEvidence(dispute, 1, ethers.ZeroHash))).resolves.toBe(
      "EvidenceMissing()",
    );
    await expect(refusal(asOther.submitEvidence(dispute, 2, hash))).resolves.toBe("ClaimOutOfRange(2,2)");
    await asOther.submitEvidence(dispute, 1, hash);
    await expect(refusal(asOther.submitEvidence(dispute, 1, hash))).resolves.toBe("EvidenceKnown(1)");
    const encoded = ethers.AbiCoder.defaultAbiCoder().encode(
      ["bytes30", "uint256", "bytes32"],
      [`0x${"00".repeat(30)}`, 1, hash],
    );
    const { evidence, answered } = await disputesContract.disputeOf(keyText);
    expect([evidence, answered]).toEqual([ethers.keccak256(encoded).slice(0, 62), 2n]);
    const changed = { ...dispute, responseEndsAt: dispute.responseEndsAt + 1n };
    await expect(refusal(asOther.submitEvidence(changed, 1, hash))).resolves.toMatch(/^DisputeUnknown/);
    await setNextBlockTime(ethers, dispute.responseEndsAt + 1n);
    await expect(refusal(disputesContract.connect(operator).submitEvidence(dispute, 0, hash))).resolves.toBe(
      `ResponseTimeOver(${String(dispute.responseEndsAt)})`,
    );
  });

  it("is evidenced up to the last second, by a suspended operator, and by the wallet that took an operator's place", async () => {
    const system = await freshDisputes();
    const { participants, ethers, operator, otherOperator, outsider, regulator } = system;
    const { dispute } = await disputed(system);
    await participants.connect(regulator).setStatus(operator.address, 2);
    await replaceWallet(system, otherOperator.address, outsider.address);
    await expect(refusal(evidenceFor(system, dispute, 1, otherOperator))).resolves.toMatch(
      /^CallerNotOperator/,
    );
    await evidenceFor(system, dispute, 1, outsider);
    await setNextBlockTime(ethers, dispute.responseEndsAt);
    await evidenceFor(system, dispute, 0, operator);
  });
});

describe("a ruling on a double claim", () => {
  it("strikes what is not proven, even what was committed first; the bond waits for its opener", async () => {
    const system = await freshDisputes();
    const { disputesContract, cash, corporate } = system;
    const { one, other, dispute } = await disputed(system);
    await answer(system, dispute, [0, 1]);
    await rule(system, dispute, 0b10, [one, other]);
    await expect(Promise.all([struck(system, one, 1), struck(system, other, 0)])).resolves.toEqual([
      true,
      false,
    ]);
    expect((await system.batches.batchOf(11n)).struckMg).toBe(70n);
    for (const batch of [one, other]) await expect(openCount(system, batch)).resolves.toBe(0n);
    const [closed] = await disputesContract.queryFilter(disputesContract.filters.DoubleClaimClosed(keyText));
    expect([closed?.args.struck, closed?.args.kept]).toEqual([0b01n, 0b10n]);
    await expect(disputesContract.owedTo(corporate.address)).resolves.toBe(TERMS.doubleClaimBond);
    await disputesContract.connect(system.outsider).withdraw(corporate.address);
    await expect(cash.balanceOf(corporate.address)).resolves.toBe(CASH);
    await expect(refusal(disputesContract.withdraw(corporate.address))).resolves.toBe(
      `NothingOwed(${corporate.address})`,
    );
  });

  it("lets the first committed keep where both are proven, whatever the ids are", async () => {
    const system = await freshDisputes();
    const [first, second] = await claimTwice(system, [12n, 11n]);
    const dispute = await openDispute(system, [second.proofAt(0), first.proofAt(1)]);
    await evidenceFor(system, dispute, 0, system.otherOperator);
    await evidenceFor(system, dispute, 1, system.operator);
    await rule(system, dispute, 0b11, [first, second]);
    await expect(Promise.all([struck(system, first, 1), struck(system, second, 0)])).resolves.toEqual([
      false,
      true,
    ]);
  });

  it("lets the smaller batch id keep where both were committed in one second", async () => {
    const system = await freshDisputes();
    const { ethers } = system;
    await ethers.provider.send("evm_setAutomine", [false]);
    const high = await commitLeaves(system, { batchId: 22n, leaves: [{ key: SHARED }] });
    const low = await commitLeaves(system, {
      batchId: 21n,
      operator: system.otherOperator,
      leaves: [{ key: SHARED, milligrams: 5n }],
    });
    await ethers.provider.send("evm_mine", []);
    await ethers.provider.send("evm_setAutomine", [true]);
    const times = await Promise.all(
      [21n, 22n].map(async (id) => (await system.batches.batchOf(id)).committedAt),
    );
    expect(times[0]).toBe(times[1]);
    const dispute = await openDispute(system, [low.proofAt(0), high.proofAt(0)]);
    await evidenceFor(system, dispute, 0, system.otherOperator);
    await evidenceFor(system, dispute, 1, system.operator);
    await rule(system, dispute, 0b11, [high, low]);
    await expect(Promise.all([struck(system, low, 0), struck(system, high, 0)])).resolves.toEqual([
      false,
      true,
    ]);
  });

  it("strikes the higher index of one batch, which is counted once", async () => {
    const system = await freshDisputes();
    const batch = await commitLeaves(system, {
      batchId: 11n,
      leaves: [{ key: SHARED, nextKey: keyOf(60) }, { key: SHARED }, { key: 60 }],
    });
    const dispute = await openDispute(system, [batch.proofAt(0), batch.proofAt(1)]);
    await expect(openCount(system, batch)).resolves.toBe(1n);
    await evidenceFor(system, dispute, 0, system.operator);
    await evidenceFor(system, dispute, 1, system.operator);
    await rule(system, dispute, 0b11, [batch]);
    await expect(Promise.all([struck(system, batch, 0), struck(system, batch, 1)])).resolves.toEqual([
      false,
      true,
    ]);
    await expect(openCount(system, batch)).resolves.toBe(0n);
  });

  it("strikes all where none is proven", async () => {
    const system = await freshDisputes();
    const { one, other, dispute } = await disputed(system);
    await answer(system, dispute, [0, 1]);
    await rule(system, dispute, 0, [one, other]);
    await expect(Promise.all([struck(system, one, 1), struck(system, other, 0)])).resolves.toEqual([
      true,
      true,
    ]);
  });

  it("waits for the end of the response time unless every claim has evidence, and proves nothing that has none", async () => {
    const system = await freshDisputes();
    const { one, other, dispute } = await disputed(system);
    await answer(system, dispute, [0]);
    await expect(refusal(rule(system, dispute, 0b01, [one, other]))).resolves.toBe(
      `ResponseTimeOpen(${String(dispute.responseEndsAt)})`,
    );
    await setNextBlockTime(system.ethers, dispute.responseEndsAt + 1n);
    await expect(refusal(rule(system, dispute, 0b11, [one, other]))).resolves.toBe("ProvenUnanswered(3,1)");
    await rule(system, dispute, 0b01, [one, other]);
    await expect(Promise.all([struck(system, one, 1), struck(system, other, 0)])).resolves.toEqual([
      false,
      true,
    ]);
  });

  it("closes cleanly where a claim was struck meanwhile, and gives the bond back all the same", async () => {
    const system = await freshDisputes();
    const { disputesContract, corporate } = system;
    const outside = { key: SHARED, day: 19_000 };
    const one = await commitLeaves(system, { batchId: 11n, leaves: [{ key: SHARED }] });
    const other = await commitLeaves(system, {
      batchId: 12n,
      operator: system.otherOperator,
      leaves: [outside],
    });
    const dispute = await openDispute(system, [one.proofAt(0), other.proofAt(0)]);
    await answer(system, dispute, [0, 1]);
    await disputesContract.strikeOutside(other.proofAt(0), other.provenance);
    await rule(system, dispute, 0b11, [one, other]);
    await expect(Promise.all([struck(system, one, 0), struck(system, other, 0)])).resolves.toEqual([
      false,
      true,
    ]);
    const [closed] = await disputesContract.queryFilter(disputesContract.filters.DoubleClaimClosed(keyText));
    expect([closed?.args.struck, closed?.args.kept]).toEqual([0n, 0b01n]);
    await expect(disputesContract.owedTo(corporate.address)).resolves.toBe(TERMS.doubleClaimBond);
    for (const batch of [one, other]) await expect(openCount(system, batch)).resolves.toBe(0n);
  });

  it("lets the key be disputed again where two live leaves with it are left", async () => {
    const system = await freshDisputes();
    const { one, other, dispute } = await disputed(system);
    const third = await commitLeaves(system, { batchId: 13n, leaves: [{ key: SHARED, milligrams: 3n }] });
    await answer(system, dispute, [0, 1]);
    await rule(system, dispute, 0b11, [one, other]);
    const dead = system.disputesContract
      .connect(system.corporate)
      .openDoubleClaim([one.proofAt(1), other.proofAt(0)]);
    await expect(refusal(dead)).resolves.toBe("LeafNotLive(12,0)");
    const again = await openDispute(system, [one.proofAt(1), third.proofAt(0)]);
    expect(again.claims.map(({ batchId }) => batchId)).toEqual([11n, 13n]);
  });
});

describe("a double claim that nobody rules on", () => {
  it("is lost by those who did not answer", async () => {
    const system = await freshDisputes();
    const { disputesContract, ethers } = system;
    const { one, other, dispute } = await disputed(system);
    await answer(system, dispute, [1]);
    await setNextBlockTime(ethers, dispute.responseEndsAt);
    await expect(refusal(disputesContract.expire(dispute))).resolves.toBe(
      `ResponseTimeOpen(${String(dispute.responseEndsAt)})`,
    );
    await setNextBlockTime(ethers, dispute.responseEndsAt + 1n);
    await disputesContract.connect(system.outsider).expire(dispute);
    await expect(Promise.all([struck(system, one, 1), struck(system, other, 0)])).resolves.toEqual([
      true,
      false,
    ]);
    await expect(refusal(disputesContract.expire(dispute))).resolves.toMatch(/^DisputeUnknown/);
  });

  it("is lost by all where nobody answered", async () => {
    const system = await freshDisputes();
    const { one, other, dispute } = await disputed(system);
    await setNextBlockTime(system.ethers, dispute.responseEndsAt + 1n);
    await system.disputesContract.expire(dispute);
    await expect(Promise.all([struck(system, one, 1), struck(system, other, 0)])).resolves.toEqual([
      true,
      true,
    ]);
    for (const batch of [one, other]) await expect(openCount(system, batch)).resolves.toBe(0n);
  });

  it("suspends the batches after the ruling time, until there is a ruling", async () => {
    const system = await freshDisputes();
    const { disputesContract, batches, ethers } = system;
    const { one, other, dispute } = await disputed(system);
    await answer(system, dispute, [0, 1]);
    await setNextBlockTime(ethers, dispute.rulingEndsAt);
    await expect(refusal(disputesContract.expire(dispute))).resolves.toBe(
      `RulingTimeOpen(${String(dispute.rulingEndsAt)})`,
    );
    await setNextBlockTime(ethers, dispute.rulingEndsAt + 1n);
    await disputesContract.expire(dispute);
    for (const { batchId } of [one, other])
      expect((await batches.batchOf(batchId)).suspension).toBe(NO_RULING);
    await expect(refusal(disputesContract.expire(dispute))).resolves.toBe(`DisputeStalled(${keyText})`);
    await expect(openCount(system, one)).resolves.toBe(1n);
    await rule(system, dispute, 0b01, [one, other]);
    for (const { batchId } of [one, other])
      expect((await batches.batchOf(batchId)).suspension & NO_RULING).toBe(0n);
    await expect(disputesContract.stalledDisputesOf(11n)).resolves.toBe(0n);
    await expect(struck(system, other, 0)).resolves.toBe(true);
  });

  it("keeps a batch suspended while another of its disputes waits for a ruling, too", async () => {
    const system = await freshDisputes();
    const { disputesContract, batches, ethers } = system;
    const one = await commitLeaves(system, { batchId: 11n, leaves: [{ key: SHARED }, { key: 60 }] });
    const other = await commitLeaves(system, {
      batchId: 12n,
      operator: system.otherOperator,
      leaves: [{ key: SHARED, milligrams: 1n }, { key: 60 }],
    });
    const disputes = [
      await openDispute(system, [one.proofAt(0), other.proofAt(0)]),
      await openDispute(system, [one.proofAt(1), other.proofAt(1)]),
    ] as const;
    for (const dispute of disputes) await answer(system, dispute, [0, 1]);
    await setNextBlockTime(ethers, disputes[1].rulingEndsAt + 1n);
    for (const dispute of disputes) await disputesContract.expire(dispute);
    await rule(system, disputes[0], 0b01, [one, other]);
    expect((await batches.batchOf(11n)).suspension).toBe(NO_RULING);
    await rule(system, disputes[1], 0b01, [one, other]);
    expect((await batches.batchOf(11n)).suspension).toBe(0n);
  });

  it("closes without a ruling once a recall or a fault left one claim, and lifts the suspension", async () => {
    const system = await freshDisputes();
    const { disputesContract, batches, ethers } = system;
    const one = await commitLeaves(system, { batchId: 11n, leaves: [{ key: SHARED }] });
    const other = await commitLeaves(system, {
      batchId: 12n,
      operator: system.otherOperator,
      leaves: [{ key: SHARED, day: 19_000 }],
    });
    const dispute = await openDispute(system, [one.proofAt(0), other.proofAt(0)]);
    await answer(system, dispute, [0, 1]);
    await setNextBlockTime(ethers, dispute.rulingEndsAt + 1n);
    await disputesContract.expire(dispute);
    await disputesContract.strikeOutside(other.proofAt(0), other.provenance);
    await disputesContract.expire(dispute);
    expect((await batches.batchOf(11n)).suspension).toBe(0n);
    await expect(struck(system, one, 0)).resolves.toBe(false);
    await expect(openCount(system, one)).resolves.toBe(0n);
  });

  it("strikes the unanswered of several when it stalls", async () => {
    const system = await freshDisputes();
    const { disputesContract, ethers, batches } = system;
    const [one, other] = await claimTwice(system);
    const third = await commitLeaves(system, { batchId: 13n, leaves: [{ key: SHARED, milligrams: 3n }] });
    const dispute = await openDispute(system, [one.proofAt(1), other.proofAt(0), third.proofAt(0)]);
    await answer(system, dispute, [0, 1]);
    await setNextBlockTime(ethers, dispute.rulingEndsAt + 1n);
    await disputesContract.expire(dispute);
    await expect(struck(system, third, 0)).resolves.toBe(true);
    expect((await batches.batchOf(13n)).suspension).toBe(0n);
    await rule(system, dispute, 0b11, [one, other, third]);
    await expect(Promise.all([struck(system, one, 1), struck(system, other, 0)])).resolves.toEqual([
      false,
      true,
    ]);
  });
});
