import { describe, expect, it } from "vitest";
import {
  claimTwice,
  commitLeaves,
  deployDisputes,
  digestOf,
  freshDisputes,
  signDecision,
  signRecall,
  struck,
  typed,
  type ArguedBatch,
  type Decision,
  type DisputeSystem,
  type Recall,
} from "../support/disputes.ts";
import { refusal } from "../support/refusal.ts";
import { admissionOf, blockTime, KIND, WUHAN } from "../support/system.ts";

const [SHORTFALL, BROKEN_LINK, ORDER, QUORUM] = [1, 2, 16, 32];

async function committed(): Promise<{ system: DisputeSystem; batch: ArguedBatch; other: ArguedBatch }> {
  const system = await freshDisputes();
  const [batch, other] = await claimTwice(system);
  return { system, batch, other };
}

const recallOf = (system: DisputeSystem, changes: Partial<Recall> = {}): Recall => ({
  batchId: 11n,
  leafIndices: [0, 2],
  reasonHash: system.ethers.id("withdrawn by its provider"),
  nonce: 1n,
  deadline: 2n ** 40n,
  ...changes,
});

const decisionOf = (system: DisputeSystem, changes: Partial<Decision> = {}): Decision => ({
  batchId: 11n,
  causes: QUORUM,
  suspended: true,
  impositions: 0n,
  reasonHash: system.ethers.id("wrong factor"),
  nonce: 1n,
  deadline: 2n ** 40n,
  ...changes,
});

const quorum = (system: DisputeSystem) => system.verifiers.slice(0, 2);

describe("a recall", () => {
  it("strikes the leaves that a quorum lists, once", async () => {
    const { system, batch } = await committed();
    const { disputesContract, outsider } = system;
    const order = recallOf(system);
    const digest = await digestOf(system, typed.recall(order));
    await expect(disputesContract.hashRecall(order)).resolves.toBe(digest);
    const signatures = await signRecall(system, order, quorum(system));
    await disputesContract.connect(outsider).recall(order, [batch.proofAt(0), batch.proofAt(2)], signatures);
    await expect(Promise.all([0, 1, 2].map((index) => struck(system, batch, index)))).resolves.toEqual([
      true,
      false,
      true,
    ]);
    expect((await system.batches.batchOf(11n)).struckMg).toBe(200n);
    await expect(disputesContract.isUsed(digest)).resolves.toBe(true);
    const again = disputesContract.recall(order, [batch.proofAt(0), batch.proofAt(2)], signatures);
    await expect(refusal(again)).resolves.toBe(`StatementUsed(${digest})`);
    const [event] = await disputesContract.queryFilter(disputesContract.filters.LeavesRecalled(11n));
    expect([[...(event?.args.leafIndices ?? [])], event?.args.reasonHash]).toEqual([
      [0n, 2n],
      order.reasonHash,
    ]);
  });

  it("passes over what was struck meanwhile", async () => {
    const { system, batch } = await committed();
    const first = recallOf(system, { leafIndices: [0] });
    await system.disputesContract.recall(
      first,
      [batch.proofAt(0)],
      await signRecall(system, first, quorum(system)),
    );
    const both = recallOf(system, { nonce: 2n });
    await system.disputesContract.recall(
      both,
      [batch.proofAt(0), batch.proofAt(2)],
      await signRecall(system, both, quorum(system)),
    );
    expect((await system.batches.batchOf(11n)).struckMg).toBe(200n);
  });

  it("names its leaves in order, proves each of them, and gives a reason in time", async () => {
    const { system, batch, other } = await committed();
    const attempt = async (changes: Partial<Recall>, proofs = [batch.proofAt(0), batch.proofAt(2)]) => {
      const order = recallOf(system, changes);
      return refusal(
        system.disputesContract.recall(order, proofs, await signRecall(system, order, quorum(system))),
      );
    };
    await expect(attempt({ leafIndices: [] }, [])).resolves.toBe("RecallIncomplete()");
    await expect(attempt({}, [batch.proofAt(0)])).resolves.toBe("RecallIncomplete()");
    await expect(attempt({ reasonHash: `0x${"00".repeat(32)}` })).resolves.toBe("RecallIncomplete()");
    await expect(attempt({ leafIndices: [2, 0] }, [batch.proofAt(2), batch.proofAt(0)])).resolves.toBe(
      "RecallMismatch(1)",
    );
    await expect(attempt({ leafIndices: [0, 0] }, [batch.proofAt(0), batch.proofAt(0)])).resolves.toBe(
      "RecallMismatch(1)",
    );
    await expect(attempt({}, [batch.proofAt(0), batch.proofAt(1)])).resolves.toBe("RecallMismatch(1)");
    await expect(attempt({ leafIndices: [0] }, [other.proofAt(0)])).resolves.toBe("RecallMismatch(0)");
    await expect(attempt({ leafIndices: [0] }, [{ ...other.proofAt(0), batchId: 11n }])).resolves.toMatch(
      /^(TotalMismatch|RootMismatch|ProofLengthWrong)/,
    );
    const now = await blockTime(system.ethers);
    await expect(attempt({ deadline: now })).resolves.toMatch(
      new RegExp(`^StatementExpired\\(${String(now)},`),
    );
  });

  it("takes the quorum of the batch's region, without its operator", async () => {
    const { system, batch } = await committed();
    const { participants, ethers, operator, verifiers, batches } = system;
    const order = recallOf(system, { leafIndices: [0] });
    const attempt = async (signers: readonly (typeof operator)[]) =>
      refusal(
        system.disputesContract.recall(order, [batch.proofAt(0)], await signRecall(system, order, signers)),
      );
    await expect(attempt(verifiers.slice(0, 1))).resolves.toBe("QuorumTooSmall(1,2)");
    await participants.appoint(admissionOf(ethers, operator.address, KIND.operator | KIND.verifier), 0);
    const withOperator = [...verifiers.slice(0, 1), operator].toSorted((a, b) =>
      BigInt(a.address) < BigInt(b.address) ? -1 : 1,
    );
    await expect(attempt(withOperator)).resolves.toBe(`SignerExcluded(${operator.address})`);
    await batches.setQuorum(WUHAN, 2, 3);
    await expect(attempt(verifiers.slice(0, 2))).resolves.toBe(
      `SignerNotEntitled(${verifiers[0]?.address ?? ""})`,
    );
  });

  it("counts on its own deployment alone, and a suspension's signatures recall nothing", async () => {
    const { system, batch } = await committed();
    const second = await deployDisputes(system.ethers);
    const [there] = await claimTwice(second);
    const order = recallOf(system, { leafIndices: [0] });
    const signatures = await signRecall(system, order, quorum(system));
    const wrong = /^(SignerNotEntitled|SignersNotAscending)/;
    await expect(
      refusal(second.disputesContract.recall(order, [there.proofAt(0)], signatures)),
    ).resolves.toMatch(wrong);
    const decided = await signDecision(system, decisionOf(system), quorum(system));
    await expect(
      refusal(system.disputesContract.recall(order, [batch.proofAt(0)], decided)),
    ).resolves.toMatch(wrong);
  });
});

describe("a quorum's decision on a suspension", () => {
  const decide = async (system: DisputeSystem, decision: Decision) =>
    system.disputesContract.decideSuspension(decision, await signDecision(system, decision, quorum(system)));

  it("suspends, and lifts again, each statement once", async () => {
    const { system } = await committed();
    const { batches, disputesContract } = system;
    const suspend = decisionOf(system);
    const digest = await digestOf(system, typed.decision(suspend));
    await expect(disputesContract.hashDecision(suspend)).resolves.toBe(digest);
    await decide(system, suspend);
    expect((await batches.batchOf(11n)).suspension).toBe(BigInt(QUORUM));
    await decide(system, decisionOf(system, { suspended: false, impositions: 1n }));
    expect((await batches.batchOf(11n)).suspension).toBe(0n);
    await expect(refusal(decide(system, suspend))).resolves.toBe(`StatementUsed(${digest})`);
    await decide(system, decisionOf(system, { nonce: 2n }));
    expect((await batches.batchOf(11n)).suspension).toBe(BigInt(QUORUM));
  });

  it("lifts what disputes imposed, but neither a shortfall nor a regulator's order", async () => {
    const system = await freshDisputes();
    const { disputesContract, batches, regulator } = system;
    const batch = await commitLeaves(system, {
      batchId: 11n,
      leaves: [{ key: 40, nextKey: new Uint8Array(32) }, { key: 60 }],
    });
    await disputesContract.reportBrokenLink(batch.proofAt(0), []);
    await batches.connect(regulator).suspend(11n, ORDER);
    const lift = (causes: number) =>
      decide(system, decisionOf(system, { causes, suspended: false, impositions: 2n }));
    const { reasonHash } = decisionOf(system);
    for (const causes of [ORDER, SHORTFALL, ORDER | BROKEN_LINK, 64, 0]) {
      await expect(refusal(lift(causes))).resolves.toBe(
        `DecisionOutOfRange(${String(causes)},${reasonHash})`,
      );
    }
    await lift(BROKEN_LINK);
    expect((await batches.batchOf(11n)).suspension).toBe(BigInt(ORDER));
    await expect(refusal(disputesContract.reportBrokenLink(batch.proofAt(0), []))).resolves.toBe(
      "LinkKnown(11,0)",
    );
  });

  it("lifts what stood when it was signed, nothing that was set later", async () => {
    const { system } = await committed();
    const lift = (impositions: bigint, nonce = 1n) =>
      decide(system, decisionOf(system, { suspended: false, impositions, nonce }));
    await decide(system, decisionOf(system, { nonce: 2n }));
    await expect(refusal(lift(0n))).resolves.toBe("ImpositionsMismatch(0,1)");
    await lift(1n);
    await decide(system, decisionOf(system, { nonce: 3n }));
    // Signed for the first suspension, brought when the second stands.
    await expect(refusal(lift(1n, 4n))).resolves.toBe("ImpositionsMismatch(1,2)");
    await lift(2n, 4n);
    const early = decisionOf(system, { impositions: 2n, nonce: 5n });
    await expect(refusal(decide(system, early))).resolves.toBe("ImpositionsMismatch(2,0)");
  });

  it("sets no cause but its own, with a reason, on a batch that is there", async () => {
    const { system } = await committed();
    const { reasonHash } = decisionOf(system);
    await expect(refusal(decide(system, decisionOf(system, { causes: BROKEN_LINK })))).resolves.toBe(
      `DecisionOutOfRange(${String(BROKEN_LINK)},${reasonHash})`,
    );
    const none = `0x${"00".repeat(32)}`;
    await expect(refusal(decide(system, decisionOf(system, { reasonHash: none })))).resolves.toBe(
      `DecisionOutOfRange(${String(QUORUM)},${none})`,
    );
    await expect(refusal(decide(system, decisionOf(system, { batchId: 99n })))).resolves.toBe(
      "BatchUnknown(99)",
    );
    await expect(refusal(decide(system, decisionOf(system, { deadline: 1n })))).resolves.toMatch(
      /^StatementExpired\(1,/,
    );
  });
});
