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
} from "../support/disputes.ts";
import { refusal } from "../support/refusal.ts";
import { setNextBlockTime } from "../support/system.ts";

const NO_RULING = 8n;
const keyText = toHex(keyOf(SHARED));

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

  it("waits for the response time unless all claims have evidence; proves none without", async () => {
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

  it("closes unruled once a recall or a fault left one claim, and lifts the suspension", async () => {
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

  it("suspends no batch whose claim was struck before it stalled", async () => {
    const system = await freshDisputes();
    const { disputesContract, batches, ethers } = system;
    const [one, other] = await claimTwice(system);
    const third = await commitLeaves(system, {
      batchId: 13n,
      leaves: [{ key: SHARED, milligrams: 3n, day: 19_000 }],
    });
    const dispute = await openDispute(system, [one.proofAt(1), other.proofAt(0), third.proofAt(0)]);
    await answer(system, dispute, [0, 1, 2]);
    await disputesContract.strikeOutside(third.proofAt(0), third.provenance);
    await setNextBlockTime(ethers, dispute.rulingEndsAt + 1n);
    await disputesContract.expire(dispute);
    const causes = async () =>
      Promise.all([11n, 12n, 13n].map(async (id) => (await batches.batchOf(id)).suspension));
    await expect(causes()).resolves.toEqual([NO_RULING, NO_RULING, 0n]);
    await expect(disputesContract.stalledDisputesOf(13n)).resolves.toBe(0n);
    await rule(system, dispute, 0b01, [one, other, third]);
    await expect(causes()).resolves.toEqual([0n, 0n, 0n]);
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
