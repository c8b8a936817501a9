import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/base/lib/bytes.ts";
import {
  CASH,
  claimTwice,
  commitLeaves,
  disputed,
  evidenceFor,
  freshDisputes,
  keyOf,
  openCount,
  openDispute,
  SHARED,
  struck,
  TERMS,
  type ArguedBatch,
} from "../support/disputes.ts";
import { replaceWallet } from "../support/recovery.ts";
import { refusal } from "../support/refusal.ts";
import { blockTime, setNextBlockTime } from "../support/system.ts";

const keyText = toHex(keyOf(SHARED));

describe("a double claim", () => {
  it("is opened by anybody with two live leaves of one key, for a bond, and strikes nothing", async () => {
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
    expect([record.evidence, record.answered, record.stalled]).toEqual([`0x${"00".repeat(30)}`, 0n, 0n]);
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

  it("is evidenced to the last second, by a suspended operator, by the wallet in its place", async () => {
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
