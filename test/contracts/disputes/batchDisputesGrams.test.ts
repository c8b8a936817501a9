import { describe, expect, it } from "vitest";
import {
  CASH,
  claimTwice,
  commitLeaves,
  freshDisputes,
  openCount,
  openDispute,
  TERMS,
} from "../support/disputes.ts";
import { refusal } from "../support/refusal.ts";
import { blockTime, setNextBlockTime } from "../support/system.ts";

const UNOPENED_GRAM = 4n;

async function challenged(position: bigint) {
  const system = await freshDisputes();
  const [batch] = await claimTwice(system);
  await system.disputesContract.connect(system.corporate).challengeGram(batch.batchId, position);
  return { system, batch, endsAt: (await blockTime(system.ethers)) + BigInt(TERMS.responseSeconds) };
}

describe("a challenge to open a gram", () => {
  it("costs a bond, counts as a dispute, and is one a gram at a time", async () => {
    const { system, batch, endsAt } = await challenged(169n);
    const { disputesContract, cash, corporate } = system;
    const challenge = await disputesContract.challengeOf(11n, 169n);
    expect([challenge.challenger, challenge.endsAt, challenge.bond]).toEqual([
      corporate.address,
      endsAt,
      TERMS.openGramBond,
    ]);
    await expect(cash.balanceOf(corporate.address)).resolves.toBe(CASH - TERMS.openGramBond);
    await expect(openCount(system, batch)).resolves.toBe(1n);
    const again = disputesContract.connect(corporate).challengeGram(11n, 169n);
    await expect(refusal(again)).resolves.toBe("GramChallenged(11,169)");
  });

  it("is about a gram that a committed batch has", async () => {
    const { system } = await challenged(0n);
    const asCorporate = system.disputesContract.connect(system.corporate);
    await expect(refusal(asCorporate.challengeGram(11n, 270n))).resolves.toBe("GramOutOfRange(270,270)");
    await expect(refusal(asCorporate.challengeGram(99n, 0n))).resolves.toBe("GramOutOfRange(0,0)");
    await asCorporate.challengeGram(11n, 269n);
  });

  it("is answered by anybody with its leaf, up to the last second; the bond is the operator's", async () => {
    const { system, batch, endsAt } = await challenged(169n);
    const { disputesContract, cash, operator, outsider, ethers } = system;
    const open = (index: number) => disputesContract.connect(outsider).openGram(batch.proofAt(index), 169n);
    await expect(refusal(open(2))).resolves.toBe("OtherGram(169,170,270)");
    await expect(refusal(open(0))).resolves.toBe("OtherGram(169,0,100)");
    await setNextBlockTime(ethers, endsAt);
    await open(1);
    await expect(openCount(system, batch)).resolves.toBe(0n);
    await disputesContract.withdraw(operator.address);
    await expect(cash.balanceOf(operator.address)).resolves.toBe(TERMS.openGramBond);
    await expect(refusal(open(1))).resolves.toBe("GramNotChallenged(11,169)");
    expect((await system.batches.batchOf(11n)).suspension).toBe(0n);
  });

  it("is not answered by another batch's leaf", async () => {
    const system = await freshDisputes();
    await commitLeaves(system, { batchId: 11n, leaves: [{ key: 1 }, { key: 2 }] });
    const twin = await commitLeaves(system, { batchId: 12n, leaves: [{ key: 1 }, { key: 3 }] });
    await system.disputesContract.connect(system.corporate).challengeGram(11n, 0n);
    const forged = system.disputesContract.openGram({ ...twin.proofAt(0), batchId: 11n }, 0n);
    await expect(refusal(forged)).resolves.toMatch(/^RootMismatch/);
  });

  it("is not answered by the leaf that ends where the gram begins", async () => {
    const { system, batch } = await challenged(170n);
    await expect(refusal(system.disputesContract.openGram(batch.proofAt(1), 170n))).resolves.toBe(
      "OtherGram(170,100,170)",
    );
    await system.disputesContract.openGram(batch.proofAt(2), 170n);
  });

  it("suspends the batch where nobody answers in time; the bond goes back", async () => {
    const { system, batch, endsAt } = await challenged(5n);
    const { disputesContract, batches, cash, corporate, ethers, outsider } = system;
    await setNextBlockTime(ethers, endsAt);
    await expect(refusal(disputesContract.expireGram(11n, 5n))).resolves.toBe(
      `ResponseTimeOpen(${String(endsAt)})`,
    );
    await setNextBlockTime(ethers, endsAt + 1n);
    await expect(refusal(disputesContract.openGram(batch.proofAt(0), 5n))).resolves.toBe(
      `ResponseTimeOver(${String(endsAt)})`,
    );
    await disputesContract.connect(outsider).expireGram(11n, 5n);
    expect((await batches.batchOf(11n)).suspension).toBe(UNOPENED_GRAM);
    await expect(openCount(system, batch)).resolves.toBe(0n);
    await disputesContract.withdraw(corporate.address);
    await expect(cash.balanceOf(corporate.address)).resolves.toBe(CASH);
    await expect(refusal(disputesContract.expireGram(11n, 5n))).resolves.toBe("GramNotChallenged(11,5)");
  });

  it("leaves room for double claims however many grams are challenged", async () => {
    const system = await freshDisputes();
    const { disputesContract, corporate } = system;
    const [one, other] = await claimTwice(system);
    for (let position = 0n; position < 128n; position++)
      await disputesContract.connect(corporate).challengeGram(11n, position);
    await expect(refusal(disputesContract.connect(corporate).challengeGram(11n, 128n))).resolves.toBe(
      "TooManyChallenges(11)",
    );
    await openDispute(system, [one.proofAt(1), other.proofAt(0)]);
    await expect(openCount(system, one)).resolves.toBe(129n);
  });
});
