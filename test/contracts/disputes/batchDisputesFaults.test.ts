import { describe, expect, it } from "vitest";
import { commitLeaves, freshDisputes, keyOf, struck } from "../support/disputes.ts";
import { refusal } from "../support/refusal.ts";
import { METHODOLOGY, TERMS_HASH, WUHAN } from "../support/system.ts";

const BROKEN_LINK = 1n << 1n;

describe("a broken link", () => {
  it("suspends the batch at once, whoever shows it, and once a leaf", async () => {
    const system = await freshDisputes();
    const { disputesContract, batches, outsider } = system;
    const batch = await commitLeaves(system, {
      batchId: 11n,
      leaves: [{ key: 40, nextKey: keyOf(39) }, { key: 60 }],
    });
    await disputesContract.connect(outsider).reportBrokenLink(batch.proofAt(0), []);
    expect((await batches.batchOf(11n)).suspension).toBe(BROKEN_LINK);
    const [event] = await disputesContract.queryFilter(disputesContract.filters.BrokenLinkReported(11n));
    expect([event?.args.index, event?.args.fault]).toEqual([0n, 1n]);
    await expect(disputesContract.isLinkReported(11n, 0)).resolves.toBe(true);
    await expect(refusal(disputesContract.reportBrokenLink(batch.proofAt(0), []))).resolves.toBe(
      "LinkKnown(11,0)",
    );
  });

  it("is a key that follows itself, an early end, another's neighbour, an open end", async () => {
    const system = await freshDisputes();
    const { disputesContract } = system;
    const batch = await commitLeaves(system, {
      batchId: 11n,
      leaves: [
        { key: 40, nextKey: keyOf(40) },
        { key: 50, nextKey: new Uint8Array(32).fill(0xff) },
        { key: 60, nextKey: keyOf(69) },
        { key: 70, nextKey: keyOf(71) },
      ],
    });
    await disputesContract.reportBrokenLink(batch.proofAt(0), []);
    await disputesContract.reportBrokenLink(batch.proofAt(1), [batch.proofAt(2)]);
    await disputesContract.reportBrokenLink(batch.proofAt(2), [batch.proofAt(3)]);
    await disputesContract.reportBrokenLink(batch.proofAt(3), []);
    const events = await disputesContract.queryFilter(disputesContract.filters.BrokenLinkReported(11n));
    expect(events.map(({ args }) => args.fault)).toEqual([1n, 2n, 2n, 3n]);
  });

  it("is not shown by whole links, by half the evidence, or by leaves that aren't neighbours", async () => {
    const system = await freshDisputes();
    const { disputesContract } = system;
    const leaves = [{ key: 40 }, { key: 50, nextKey: keyOf(55) }, { key: 60 }];
    const batch = await commitLeaves(system, { batchId: 11n, leaves });
    const twin = await commitLeaves(system, {
      batchId: 12n,
      leaves: [{ key: 40 }, { key: 51 }, { key: 60 }],
    });
    const report = (...[proof, next]: [number, number?]) =>
      refusal(
        disputesContract.reportBrokenLink(
          batch.proofAt(proof),
          next === undefined ? [] : [batch.proofAt(next)],
        ),
      );
    await expect(report(0, 1)).resolves.toBe("LinkWhole(11,0)");
    await expect(report(0)).resolves.toBe("LinkWhole(11,0)");
    await expect(report(1)).resolves.toBe("LinkWhole(11,1)");
    await expect(report(2)).resolves.toBe("LinkWhole(11,2)");
    await expect(report(0, 2)).resolves.toBe("LeavesNotAdjacent(0,2)");
    const across = disputesContract.reportBrokenLink(batch.proofAt(0), [twin.proofAt(1)]);
    await expect(refusal(across)).resolves.toBe("LeavesNotAdjacent(0,1)");
    const forged = disputesContract.reportBrokenLink(batch.proofAt(0), [
      { ...twin.proofAt(1), batchId: 11n },
    ]);
    await expect(refusal(forged)).resolves.toMatch(/^RootMismatch/);
  });
});

describe("a leaf outside of what its batch allows", () => {
  const plan = { batchId: 11n, changes: { vintageStartDay: 20_000, vintageEndDay: 20_030 } };

  it("is struck at once where its day lies outside of the vintage, without more evidence", async () => {
    const system = await freshDisputes();
    const { disputesContract, outsider } = system;
    const leaves = [
      { key: 1, day: 19_999 },
      { key: 2, day: 20_000 },
      { key: 3, day: 20_030 },
      { key: 4, day: 20_031 },
    ];
    const batch = await commitLeaves(system, { ...plan, leaves });
    const nothing = { attesters: [], methodologyIds: [], termsHash: TERMS_HASH };
    for (const index of [0, 3]) {
      await disputesContract.connect(outsider).strikeOutside(batch.proofAt(index), nothing);
      await expect(struck(system, batch, index)).resolves.toBe(true);
    }
    for (const index of [1, 2]) {
      await expect(
        refusal(disputesContract.strikeOutside(batch.proofAt(index), batch.provenance)),
      ).resolves.toBe(`LeafInside(11,${String(index)})`);
      await expect(refusal(disputesContract.strikeOutside(batch.proofAt(index), nothing))).resolves.toBe(
        "ProvenanceMismatch(11)",
      );
    }
    await expect(refusal(disputesContract.strikeOutside(batch.proofAt(0), nothing))).resolves.toBe(
      "LeafAlreadyStruck(11,0)",
    );
    const events = await disputesContract.queryFilter(
      disputesContract.filters.OutsideMethodologyReported(11n),
    );
    expect(events.map(({ args }) => [args.index, args.fault])).toEqual([
      [0n, 1n],
      [3n, 1n],
    ]);
  });

  it("is struck where its methodology is none of the batch's, though the registry knows it", async () => {
    const system = await freshDisputes();
    const { disputesContract, methodologies, ethers } = system;
    const foreign = ethers.id("foreign");
    await methodologies.publish(foreign, WUHAN, 0, 30_000);
    const batch = await commitLeaves(system, {
      ...plan,
      leaves: [{ key: 1, methodologyId: foreign }, { key: 2 }],
    });
    const claimed = { ...batch.provenance, methodologyIds: [foreign, METHODOLOGY] };
    await expect(refusal(disputesContract.strikeOutside(batch.proofAt(0), claimed))).resolves.toBe(
      "ProvenanceMismatch(11)",
    );
    await disputesContract.strikeOutside(batch.proofAt(0), batch.provenance);
    await expect(struck(system, batch, 0)).resolves.toBe(true);
    await expect(refusal(disputesContract.strikeOutside(batch.proofAt(1), batch.provenance))).resolves.toBe(
      "LeafInside(11,1)",
    );
  });

  it("is judged by the validity as of the commit, whatever came after", async () => {
    const system = await freshDisputes();
    const { disputesContract, methodologies } = system;
    await methodologies.setValidity(METHODOLOGY, 20_005, 20_020);
    const leaves = [
      { key: 1, day: 20_004 },
      { key: 2, day: 20_005 },
      { key: 3, day: 20_020 },
      { key: 4, day: 20_021 },
    ];
    const batch = await commitLeaves(system, { ...plan, leaves });
    await methodologies.setValidity(METHODOLOGY, 20_010, 20_010);
    for (const index of [0, 3]) await disputesContract.strikeOutside(batch.proofAt(index), batch.provenance);
    for (const index of [1, 2]) {
      await expect(
        refusal(disputesContract.strikeOutside(batch.proofAt(index), batch.provenance)),
      ).resolves.toBe(`LeafInside(11,${String(index)})`);
    }
    await methodologies.setWithdrawn(METHODOLOGY, true);
    await expect(refusal(disputesContract.strikeOutside(batch.proofAt(1), batch.provenance))).resolves.toBe(
      "LeafInside(11,1)",
    );
  });
});
