import { beforeEach, describe, expect, it } from "vitest";
import { refusal } from "../support/refusal.ts";
import {
  attest,
  blockTime,
  commit,
  freshSystem,
  METHODOLOGY,
  plain,
  setNextBlockTime,
  statementOf,
  WUHAN,
  type Statement,
  type System,
} from "../support/system.ts";

const SHANGHAI = "0x5348000000000000";
const NO_REGION = `0x${"00".repeat(8)}`;
const NONE = { status: 0n, region: NO_REGION, firstDay: 0n, lastDay: 0n, since: 0n };

let system: System;
let other: string;
beforeEach(async () => {
  system = await freshSystem();
  other = system.ethers.id("other methodology");
});

/** What a commit with these methodologies is refused with. */
async function refusalOf(
  ids: readonly string[],
  stated: readonly string[] = ids,
  region = WUHAN,
): Promise<string> {
  const methodologiesHash = system.ethers.keccak256(system.ethers.concat(stated));
  const statement = statementOf(system, { methodologiesHash, region });
  const call = system.batches
    .connect(system.operator)
    .commit(statement, [...ids], await attest(system, statement));
  return refusal(call);
}

describe("a methodology", () => {
  it("is published, changed and withdrawn by the access manager's admin alone", async () => {
    const { methodologies, outsider, operator } = system;
    for (const caller of [outsider, operator]) {
      const stranger = methodologies.connect(caller);
      for (const call of [
        stranger.publish(other, WUHAN, 0, 1),
        stranger.setValidity(METHODOLOGY, 0, 1),
        stranger.setWithdrawn(METHODOLOGY, true),
      ])
        await expect(refusal(call)).resolves.toBe(`AccessManagedUnauthorized(${caller.address})`);
    }
  });

  it("tells its terms by event and view", async () => {
    const { ethers, methodologies } = system;
    await methodologies.publish(other, SHANGHAI, 19_000, 20_000);
    const published = await blockTime(ethers);
    expect(plain(await methodologies.termsOf(other))).toEqual({
      status: 1n,
      region: SHANGHAI,
      firstDay: 19_000n,
      lastDay: 20_000n,
      since: published,
    });
    await methodologies.setValidity(other, 19_001, 19_001);
    await methodologies.setWithdrawn(other, true);
    const since = (await blockTime(ethers)) + 1n;
    expect(plain(await methodologies.termsOf(other))).toEqual({
      status: 2n,
      region: SHANGHAI,
      firstDay: 19_001n,
      lastDay: 19_001n,
      since,
    });
    const events = await methodologies.queryFilter(methodologies.filters.MethodologySet(other, SHANGHAI));
    expect(events.map(({ args }) => [args.status, args.firstDay, args.lastDay])).toEqual([
      [1n, 19_000n, 20_000n],
      [1n, 19_001n, 19_001n],
      [2n, 19_001n, 19_001n],
    ]);
    expect(plain(await methodologies.termsOf(ethers.id("unknown")))).toEqual(NONE);
  });

  it("is withdrawn for good, whatever is changed of it", async () => {
    const { methodologies } = system;
    const back = () => refusal(methodologies.setWithdrawn(METHODOLOGY, false));
    await expect(refusal(methodologies.setWithdrawn(other, false))).resolves.toBe(
      `MethodologyUnknown(${other})`,
    );
    await expect(back()).resolves.toBe(`WithdrawnForGood(${METHODOLOGY})`);
    await methodologies.setWithdrawn(METHODOLOGY, true);
    await expect(back()).resolves.toBe(`WithdrawnForGood(${METHODOLOGY})`);
    await methodologies.setValidity(METHODOLOGY, 1, 2);
    const { status } = await methodologies.termsOf(METHODOLOGY);
    expect(status).toBe(2n);
  });

  it("has an id, a region and days in order, and is published once", async () => {
    const { ethers, methodologies } = system;
    await expect(refusal(methodologies.publish(ethers.ZeroHash, WUHAN, 0, 1))).resolves.toBe(
      "MethodologyIncomplete()",
    );
    await expect(refusal(methodologies.publish(other, NO_REGION, 0, 1))).resolves.toBe(
      "MethodologyIncomplete()",
    );
    await expect(refusal(methodologies.publish(other, WUHAN, 2, 1))).resolves.toBe("ValidityBackwards(2,1)");
    await expect(refusal(methodologies.setValidity(METHODOLOGY, 2, 1))).resolves.toBe(
      "ValidityBackwards(2,1)",
    );
    await expect(refusal(methodologies.publish(METHODOLOGY, WUHAN, 0, 1))).resolves.toBe(
      `MethodologyKnown(${METHODOLOGY})`,
    );
    await methodologies.setWithdrawn(METHODOLOGY, true);
    await expect(refusal(methodologies.publish(METHODOLOGY, WUHAN, 0, 1))).resolves.toBe(
      `MethodologyKnown(${METHODOLOGY})`,
    );
    await expect(refusal(methodologies.setValidity(other, 0, 1))).resolves.toBe(
      `MethodologyUnknown(${other})`,
    );
    await expect(refusal(methodologies.setWithdrawn(other, true))).resolves.toBe(
      `MethodologyUnknown(${other})`,
    );
  });
});

describe("the history of a methodology", () => {
  it("answers for each second: a publication binds at once, a change from the next second on", async () => {
    const { ethers, methodologies } = system;
    const start = (await blockTime(ethers)) + 100n;
    const at = async (seconds: bigint) => {
      const { status, firstDay, lastDay } = await methodologies.termsAt(other, start + seconds);
      return [status, firstDay, lastDay];
    };
    await setNextBlockTime(ethers, start);
    await methodologies.publish(other, WUHAN, 10, 20);
    await setNextBlockTime(ethers, start + 50n);
    await methodologies.setValidity(other, 11, 21);
    await setNextBlockTime(ethers, start + 60n);
    await methodologies.setWithdrawn(other, true);

    await expect(at(-1n)).resolves.toEqual([0n, 0n, 0n]);
    await expect(at(0n)).resolves.toEqual([1n, 10n, 20n]);
    await expect(at(1n)).resolves.toEqual([1n, 10n, 20n]);
    await expect(at(50n)).resolves.toEqual([1n, 10n, 20n]);
    await expect(at(51n)).resolves.toEqual([1n, 11n, 21n]);
    await expect(at(60n)).resolves.toEqual([1n, 11n, 21n]);
    await expect(at(61n)).resolves.toEqual([2n, 11n, 21n]);
    await expect(at(2n ** 39n)).resolves.toEqual([2n, 11n, 21n]);
    expect(plain(await methodologies.termsAt(ethers.id("unknown"), start))).toEqual(NONE);
  });

  it("judges a batch by what it was admitted under, also where both happen in one second", async () => {
    const { ethers, methodologies, batches, operator } = system;
    const methodologiesHash = ethers.keccak256(other);
    const first = statementOf(system, { methodologiesHash });
    const second = statementOf(system, {
      methodologiesHash,
      batchId: 8n,
      root: ethers.id("another root"),
      previousBatchId: first.batchId,
    });
    const commitNow = async (statement: Statement) => {
      const signatures = await attest(system, statement);
      return () => batches.connect(operator).commit(statement, [other], signatures, { gasLimit: 1_000_000 });
    };
    const [commitFirst, commitSecond] = [await commitNow(first), await commitNow(second)];
    const mine = async (...sent: (() => Promise<{ hash: string }>)[]) => {
      await ethers.provider.send("evm_setAutomine", [false]);
      const hashes: string[] = [];
      for (const send of sent) hashes.push((await send()).hash);
      await ethers.provider.send("evm_mine", []);
      await ethers.provider.send("evm_setAutomine", [true]);
      const receipts = await Promise.all(hashes.map((hash) => ethers.provider.getTransactionReceipt(hash)));
      return receipts.map((receipt) => receipt?.status);
    };
    // Published and used in one block: accepted, and known at that second to whoever judges it later.
    await expect(
      mine(() => methodologies.publish(other, WUHAN, 0, 1, { gasLimit: 1_000_000 }), commitFirst),
    ).resolves.toEqual([1, 1]);
    expect(
      (await methodologies.termsAt(other, (await batches.batchOf(first.batchId)).committedAt)).status,
    ).toBe(1n);
    // Withdrawn and used in one block: accepted, under the terms before.
    await expect(
      mine(() => methodologies.setWithdrawn(other, true, { gasLimit: 1_000_000 }), commitSecond),
    ).resolves.toEqual([1, 1]);
    const { committedAt } = await batches.batchOf(second.batchId);
    expect((await methodologies.termsAt(other, committedAt)).status).toBe(1n);
    expect((await methodologies.termsAt(other, committedAt + 1n)).status).toBe(2n);
  });
});

describe("the methodologies of a commit", () => {
  it("are known, not withdrawn, and of the batch's region", async () => {
    const { methodologies } = system;
    await expect(refusalOf([other])).resolves.toBe(`MethodologyNotUsable(${other})`);
    await methodologies.publish(other, SHANGHAI, 0, 1);
    await expect(refusalOf([other])).resolves.toBe(`MethodologyNotUsable(${other})`);
    await expect(refusalOf([METHODOLOGY], [METHODOLOGY], SHANGHAI)).resolves.toBe(
      `MethodologyNotUsable(${METHODOLOGY})`,
    );
    await commit(system);
  });

  it("are none that was withdrawn", async () => {
    const { methodologies } = system;
    await methodologies.setWithdrawn(METHODOLOGY, true);
    await expect(refusalOf([METHODOLOGY])).resolves.toBe(`MethodologyNotUsable(${METHODOLOGY})`);
  });

  it("are named in full, at least one, ascending, each once", async () => {
    const { ethers, methodologies } = system;
    const [low, high] = [`0x${"11".repeat(32)}`, `0x${"ee".repeat(32)}`] as const;
    await methodologies.publish(low, WUHAN, 0, 1);
    await methodologies.publish(high, WUHAN, 0, 1);
    const mismatch = (stated: readonly string[]) =>
      `MethodologiesMismatch(${ethers.keccak256(ethers.concat(stated))})`;
    await expect(refusalOf([])).resolves.toBe(mismatch([]));
    await expect(refusalOf([high, low])).resolves.toBe(mismatch([high, low]));
    await expect(refusalOf([low, low])).resolves.toBe(mismatch([low, low]));
    await expect(refusalOf([low], [low, high])).resolves.toBe(mismatch([low, high]));
    await expect(refusalOf([low, high], [low])).resolves.toBe(mismatch([low]));
    const statement = statementOf(system, {
      methodologiesHash: ethers.keccak256(ethers.concat([low, high])),
    });
    await system.batches
      .connect(system.operator)
      .commit(statement, [low, high], await attest(system, statement));
  });
});
