import { beforeEach, describe, expect, it } from "vitest";
import type { ContractParty } from "../../../types/ethers-contracts/index.js";
import { refusal } from "../support/refusal.ts";
import {
  give,
  recordsOf,
  REPLACEMENT,
  requestOf,
  retirementIdOf,
  type Request,
} from "../support/retirements.ts";
import {
  admissionOf,
  baseUnits,
  freshSystem,
  issue,
  KIND,
  type Account,
  type System,
} from "../support/system.ts";

let system: System;
beforeEach(async () => {
  system = await freshSystem();
  await issue(system);
  await issue(system, { batchId: 9n, root: system.ethers.id("second"), previousBatchId: 7n });
});

describe("a retirement straight from a pool", () => {
  let pool: ContractParty;
  let address: string;
  /** A contract that came by 500 mg and is a pool now. */
  beforeEach(async () => {
    const { ethers, participants, operator, outsider } = system;
    pool = await ethers.deployContract("ContractParty", [outsider.address]);
    address = await pool.getAddress();
    await participants.appoint(admissionOf(ethers, address, KIND.corporate), 0);
    await give(system, operator, { address }, 500n);
    await participants.appoint(admissionOf(ethers, address, KIND.pool), 0);
  });
  const fromPool = (holder: { address: string }, changes: Partial<Request> = {}) => {
    const call = system.retirements.interface.encodeFunctionData("retireFromPool", [
      holder.address,
      requestOf(system, changes),
    ]);
    return pool.execute(system.retirements, call);
  };

  it("burns the pool's credits, the source; record and certificate are the holder's", async () => {
    const { credit, retirements, corporate } = system;
    await fromPool(corporate);
    const id = retirementIdOf(system, corporate);
    expect(await recordsOf(system)).toMatchObject([
      { retirementId: id, holder: corporate.address, lines: [{ batchId: 7n, start: 0n, end: 100n }] },
    ]);
    const [event] = await retirements.queryFilter(retirements.filters.Retired());
    expect([event?.args.holder, event?.args.source]).toEqual([corporate.address, address]);
    await expect(retirements.ownerOf(id)).resolves.toBe(corporate.address);
    await expect(credit.balanceOf(address, 7n)).resolves.toBe(baseUnits(400n));
  });

  it("goes on while ordinary transfers are paused", async () => {
    const { credit, corporate } = system;
    await credit.setPaused(true);
    await fromPool(corporate);
    await expect(credit.balanceOf(address, 7n)).resolves.toBe(baseUnits(400n));
  });

  it("is for pools alone, and for active holders", async () => {
    const { participants, regulator, retirements, operator, outsider, corporate } = system;
    const attempt = retirements.connect(operator).retireFromPool(corporate.address, requestOf(system));
    await expect(refusal(attempt)).resolves.toBe(
      `CallerNotEntitled(${operator.address},${String(KIND.pool)})`,
    );
    await expect(refusal(fromPool(outsider))).resolves.toBe(`HolderNotActive(${outsider.address})`);
    await participants.connect(regulator).setStatus(corporate.address, 2);
    await expect(refusal(fromPool(corporate))).resolves.toBe(`HolderNotActive(${corporate.address})`);
    await participants.connect(regulator).setStatus(address, 2);
    await expect(refusal(fromPool(operator))).resolves.toBe(
      `CallerNotEntitled(${address},${String(KIND.pool)})`,
    );
  });

  it("is refused of more than the pool has, of a suspended batch, for no purpose, and twice", async () => {
    const { batches, regulator, corporate } = system;
    await expect(
      refusal(fromPool(corporate, { amounts: [{ batchId: 7n, milligrams: 501n }] })),
    ).resolves.toMatch(/^ERC1155InsufficientBalance/);
    await expect(refusal(fromPool(corporate, { purpose: REPLACEMENT }))).resolves.toBe(
      "PurposeOutOfRange(6)",
    );
    await fromPool(corporate);
    await expect(refusal(fromPool(corporate))).resolves.toBe(
      `RetirementKnown(${retirementIdOf(system, corporate)})`,
    );
    await batches.connect(regulator).suspend(7n, 16);
    await expect(refusal(fromPool(corporate, { nonce: system.ethers.id("2") }))).resolves.toBe(
      "BatchSuspended(7,16)",
    );
  });
});

describe("a replacement of a shortfall", () => {
  /** 150 of 1,000 mg of batch 7 are struck, 100 of which were the buffer. */
  beforeEach(async () => {
    await system.batches.connect(system.disputes).strike(7n, 0, 0n, 150n);
  });
  const replace = (caller: Account, milligrams: bigint, changes: Partial<Request> = {}) => {
    const request = requestOf(system, {
      purpose: REPLACEMENT,
      amounts: [{ batchId: 9n, milligrams }],
      ...changes,
    });
    return system.retirements.connect(caller).replaceShortfall(7n, request);
  };
  const debt = async () => {
    const { shortfallMg, replacedMg, suspension } = await system.batches.batchOf(7n);
    return [shortfallMg, replacedMg, suspension];
  };

  it("retires the operator's grams of another batch and at the last lifts the suspension", async () => {
    const { credit, operator, ethers } = system;
    expect(await debt()).toEqual([50n, 0n, 1n]);
    await replace(operator, 30n);
    expect(await debt()).toEqual([20n, 30n, 1n]);
    await expect(credit.isSuspended(7n)).resolves.toBe(true);
    await replace(operator, 20n, { nonce: ethers.id("2") });
    expect(await debt()).toEqual([0n, 50n, 0n]);
    await expect(credit.isSuspended(7n)).resolves.toBe(false);
    await expect(credit.balanceOf(operator.address, 9n)).resolves.toBe(baseUnits(850n));
    const records = await recordsOf(system);
    expect(records.map(({ purpose, lines }) => [purpose, lines])).toEqual([
      [6n, [{ batchId: 9n, start: 0n, end: 30n }]],
      [6n, [{ batchId: 9n, start: 30n, end: 50n }]],
    ]);
    expect((await system.batches.batchOf(9n)).retiredMg).toBe(50n);
  });

  it("counts the grams of several batches together", async () => {
    const { ethers, operator } = system;
    await issue(system, { batchId: 11n, root: ethers.id("third"), previousBatchId: 9n });
    const amounts = [
      { batchId: 9n, milligrams: 30n },
      { batchId: 11n, milligrams: 20n },
    ];
    await replace(operator, 0n, { amounts });
    expect(await debt()).toEqual([0n, 50n, 0n]);
  });

  it("is refused beyond the shortfall, from the batch itself, by another, for another purpose", async () => {
    const { operator, corporate } = system;
    await expect(refusal(replace(operator, 51n))).resolves.toBe("CureOutOfRange(51,50)");
    const itself = { amounts: [{ batchId: 7n, milligrams: 50n }] };
    await expect(refusal(replace(operator, 0n, itself))).resolves.toBe("BatchSuspended(7,1)");
    await give(system, operator, corporate, 50n, 9n);
    await expect(refusal(replace(corporate, 50n))).resolves.toBe(
      `CallerNotOperator(${corporate.address},${operator.address})`,
    );
    for (const purpose of [0, 1, 5, 7]) {
      await expect(refusal(replace(operator, 50n, { purpose }))).resolves.toBe(
        `PurposeOutOfRange(${String(purpose)})`,
      );
    }
    expect(await debt()).toEqual([50n, 0n, 1n]);
    expect((await system.batches.batchOf(9n)).retiredMg).toBe(0n);
  });

  it("counts once: the retirement's id is used up", async () => {
    const { operator } = system;
    await replace(operator, 10n);
    await expect(refusal(replace(operator, 10n))).resolves.toBe(
      `RetirementKnown(${retirementIdOf(system, operator)})`,
    );
    expect(await debt()).toEqual([40n, 10n, 1n]);
  });
});
