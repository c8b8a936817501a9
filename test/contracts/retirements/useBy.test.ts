import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "../support/refusal.ts";
import { give, orderOf, REPLACEMENT, requestOf } from "../support/retirements.ts";
import { strike } from "../support/safety.ts";
import { blockTime, freshSystem, issue, setNextBlockTime, type System } from "../support/system.ts";

const SECONDS_PER_DAY = 86_400n;

let system: System;
/** The last day for retirement of batch 7; batch 9 has none. */
let useByDay: number;
/** The first second, UTC, in which the day is over everywhere: 12 hours after its end in UTC. */
let over: bigint;
beforeEach(async () => {
  system = await freshSystem();
  useByDay = Number((await blockTime(system.ethers)) / SECONDS_PER_DAY) + 10;
  over = BigInt(useByDay + 1) * SECONDS_PER_DAY + SECONDS_PER_DAY / 2n;
  await issue(system, { useByDay });
  await issue(system, { batchId: 9n, root: system.ethers.id("second"), previousBatchId: 7n });
});

const expired = (): string => `BatchExpired(7,${String(useByDay)})`;
const retire = (nonce: string, batchId = 7n) =>
  system.retirements
    .connect(system.operator)
    .retire(requestOf(system, { nonce: system.ethers.id(nonce), amounts: [{ batchId, milligrams: 1n }] }));

describe("the last day for retirement", () => {
  it("lasts as long as it does anywhere on Earth, to the second", async () => {
    const { ethers } = system;
    await setNextBlockTime(ethers, BigInt(useByDay + 1) * SECONDS_PER_DAY);
    await retire("after the end of the day in UTC");
    await setNextBlockTime(ethers, over - 1n);
    await retire("last second");
    await setNextBlockTime(ethers, over);
    await expect(refusal(retire("over"))).resolves.toBe(expired());
    await setNextBlockTime(ethers, over + 400n * SECONDS_PER_DAY);
    await expect(refusal(retire("long over"))).resolves.toBe(expired());
    await retire("a batch without a last day", 9n);
  });

  it("stands above every way to retire, an order and a replacement among them", async () => {
    const { ethers, retirements, operator, corporate, regulator, credit } = system;
    await give(system, operator, corporate, 100n);
    await credit.connect(corporate).setApprovalForAll(operator.address, true);
    // Of batch 9, so that grams of batch 7 would make it good.
    await system.batches.connect(system.disputes).strike(9, 0, 0, 150);
    await setNextBlockTime(ethers, over);
    const request = requestOf(system);
    const calls = [
      retirements.connect(operator).retireFor(corporate.address, request),
      retirements.connect(regulator).retireByOrder(corporate.address, orderOf(system), [[]]),
      retirements
        .connect(operator)
        .replaceShortfall(
          9n,
          requestOf(system, { purpose: REPLACEMENT, amounts: [{ batchId: 7n, milligrams: 50n }] }),
        ),
    ];
    for (const call of calls) await expect(refusal(call)).resolves.toBe(expired());
    expect((await system.batches.batchOf(7)).retiredMg).toBe(0n);
  });

  it("stops retirement alone: credits go on moving and debts are burned", async () => {
    const { ethers, batches, operator, corporate } = system;
    await strike(system, 0, 0, 150);
    await setNextBlockTime(ethers, over);
    await batches.connect(operator).cureByBurning(7, 50);
    await give(system, operator, corporate, 1n);
    expect((await batches.batchOf(7)).mintedMg).toBe(850n);
  });
});
