import { describe, expect, it } from "vitest";
import {
  answer,
  claimTwice,
  deployDisputes,
  digestOf,
  disputed,
  evidenceFor,
  freshDisputes,
  openDispute,
  rule,
  rulingOf,
  signRuling,
  struck,
  typed,
  type Ruling,
} from "../support/disputes.ts";
import { refusal } from "../support/refusal.ts";
import {
  admissionOf,
  ascending,
  contractSignature,
  KIND,
  WUHAN,
  setNextBlockTime,
} from "../support/system.ts";

/** Both claims answered, ready to be ruled on. */
async function heard(options: Parameters<typeof freshDisputes>[0] = {}) {
  const system = await freshDisputes(options);
  const matter = await disputed(system);
  await answer(system, matter.dispute, [0, 1]);
  return { system, ...matter };
}

describe("a quorum that rules", () => {
  it("signs what EIP-712 says it signs", async () => {
    const { system, dispute } = await heard();
    const ruling = await rulingOf(system, dispute, 0b01);
    await expect(system.disputesContract.hashRuling(ruling)).resolves.toBe(
      await digestOf(system, typed.ruling(ruling)),
    );
  });

  it("has for each batch a signer who did not attest it", async () => {
    const { system, one, other, dispute } = await heard();
    const attesters = system.verifiers.slice(0, 2);
    await expect(refusal(rule(system, dispute, 0b01, [one, other], attesters))).resolves.toBe(
      "NoIndependentSigner(11)",
    );
    await rule(system, dispute, 0b01, [one, other], [...attesters, ...system.verifiers.slice(4, 5)]);
    await expect(struck(system, other, 0)).resolves.toBe(true);
  });

  it("may be attesters of one batch and of the other: for each, others are independent", async () => {
    const system = await freshDisputes();
    const { verifiers } = system;
    const { one, other, dispute } = await disputed(system, [
      { attesters: verifiers.slice(0, 2) },
      { attesters: verifiers.slice(2, 4) },
    ]);
    await answer(system, dispute, [0, 1]);
    await expect(refusal(rule(system, dispute, 0b01, [one, other], verifiers.slice(2, 4)))).resolves.toBe(
      "NoIndependentSigner(12)",
    );
    await rule(system, dispute, 0b01, [one, other], verifiers.slice(1, 3));
    await expect(struck(system, other, 0)).resolves.toBe(true);
  });

  it("does not take another wallet of an attester for an independent signer", async () => {
    const { system, one, other, dispute } = await heard();
    const { participants, ethers, verifiers, outsider } = system;
    const [first, second] = verifiers;
    if (first === undefined || second === undefined) throw new Error("There are five verifiers.");
    await participants.appoint(admissionOf(ethers, outsider.address, KIND.verifier, first.address), 0);
    const bench = ascending([outsider, second]);
    await expect(refusal(rule(system, dispute, 0b01, [one, other], bench))).resolves.toBe(
      "NoIndependentSigner(11)",
    );
  });

  it("knows attesters and methodologies by what the batch was committed with", async () => {
    const { system, one, other, dispute } = await heard();
    const forged = {
      ...other,
      provenance: { ...other.provenance, attesters: other.provenance.attesters.slice(1) },
    };
    await expect(refusal(rule(system, dispute, 0b01, [one, forged]))).resolves.toBe("ProvenanceMismatch(12)");
    const ruling = await rulingOf(system, dispute, 0b01);
    const signatures = await signRuling(system, ruling, system.verifiers.slice(0, 3));
    const short = system.disputesContract.rule(dispute, ruling, [one.provenance], signatures);
    await expect(refusal(short)).resolves.toBe("ProvenanceMismatch(0)");
  });

  it("is as large as every region asks, from its own verifier set", async () => {
    const { system, one, other, dispute } = await heard();
    const { batches, participants, ethers, verifiers } = system;
    await batches.setQuorum(WUHAN, 3, 0);
    await expect(refusal(rule(system, dispute, 0b01, [one, other], verifiers.slice(1, 3)))).resolves.toBe(
      `RegionQuorumTooSmall(${WUHAN},2,3)`,
    );
    await batches.setQuorum(WUHAN, 2, 5);
    for (const one_ of verifiers.slice(1, 3))
      await participants.appoint(admissionOf(ethers, one_.address, KIND.verifier), 1 << 4);
    await expect(refusal(rule(system, dispute, 0b01, [one, other], verifiers.slice(2, 5)))).resolves.toBe(
      `RegionQuorumTooSmall(${WUHAN},1,2)`,
    );
    await rule(system, dispute, 0b01, [one, other], verifiers.slice(1, 3));
  });

  it("satisfies each of two regions", async () => {
    const system = await freshDisputes();
    const { batches, methodologies, participants, ethers, verifiers } = system;
    const shenzhen = "0x535a000000000000";
    const methodologyId = ethers.id("of Shenzhen");
    await methodologies.publish(methodologyId, shenzhen, 0, 30_000);
    const elsewhere = { methodologyIds: [methodologyId], changes: { region: shenzhen } };
    const { one, other, dispute } = await disputed(system, [{}, elsewhere]);
    await answer(system, dispute, [0, 1]);
    await batches.setQuorum(shenzhen, 2, 9);
    await expect(refusal(rule(system, dispute, 0b01, [one, other]))).resolves.toBe(
      `RegionQuorumTooSmall(${shenzhen},0,2)`,
    );
    for (const member of verifiers.slice(1, 3))
      await participants.appoint(admissionOf(ethers, member.address, KIND.verifier), 1 << 8);
    await rule(system, dispute, 0b01, [one, other]);
  });

  it("is of active verifiers, ascending, not of the opener or an operator under any wallet", async () => {
    const { system, one, other, dispute } = await heard();
    const { participants, ethers, verifiers, regulator, corporate, otherOperator } = system;
    const [first, second] = verifiers;
    if (first === undefined || second === undefined) throw new Error("There are five verifiers.");
    await expect(refusal(rule(system, dispute, 1, [one, other], [second, first]))).resolves.toBe(
      `SignersNotAscending(${second.address},${first.address})`,
    );
    await expect(refusal(rule(system, dispute, 1, [one, other], [regulator]))).resolves.toBe(
      `SignerNotEntitled(${regulator.address})`,
    );
    await expect(refusal(rule(system, dispute, 1, [one, other], []))).resolves.toBe("QuorumTooSmall(0,1)");
    await participants.appoint(admissionOf(ethers, corporate.address, KIND.verifier), 0);
    await expect(refusal(rule(system, dispute, 1, [one, other], [corporate]))).resolves.toBe(
      `SignerExcluded(${corporate.address})`,
    );
    const openersTwin = system.disputes;
    await participants.appoint(admissionOf(ethers, openersTwin.address, KIND.verifier, corporate.address), 0);
    const withOpener = ascending([first, second, openersTwin]);
    await expect(refusal(rule(system, dispute, 1, [one, other], withOpener))).resolves.toBe(
      `SignerExcluded(${openersTwin.address})`,
    );
    const twin = system.outsider;
    await participants.appoint(admissionOf(ethers, twin.address, KIND.verifier, otherOperator.address), 0);
    const withTwin = ascending([first, second, twin]);
    await expect(refusal(rule(system, dispute, 1, [one, other], withTwin))).resolves.toBe(
      `SignerIsParty(${twin.address})`,
    );
  });

  it("rules on the evidence as it stood, up to its deadline", async () => {
    const system = await freshDisputes();
    const { one, other, dispute } = await disputed(system);
    const { disputesContract, verifiers, ethers } = system;
    await evidenceFor(system, dispute, 0, system.operator);
    const early = await rulingOf(system, dispute, 0b01);
    const signatures = await signRuling(system, early, verifiers.slice(0, 3));
    await evidenceFor(system, dispute, 1, system.otherOperator);
    const provenances = [one.provenance, other.provenance];
    const call = (ruling: Ruling, signed: string[]) =>
      refusal(disputesContract.rule(dispute, ruling, provenances, signed));
    await expect(call(early, signatures)).resolves.toBe(
      `RulingMismatch(${early.disputeHash},${early.evidence})`,
    );
    const late = { ...(await rulingOf(system, dispute, 0b01)), deadline: dispute.responseEndsAt };
    const lateSigned = await signRuling(system, late, verifiers.slice(0, 3));
    await setNextBlockTime(ethers, dispute.responseEndsAt + 1n);
    await expect(call(late, lateSigned)).resolves.toBe(
      `StatementExpired(${String(dispute.responseEndsAt)},${String(dispute.responseEndsAt + 1n)})`,
    );
  });

  it("changes nothing after it signed: other bits are another statement", async () => {
    const { system, one, other, dispute } = await heard();
    const ruling = await rulingOf(system, dispute, 0b01);
    const signatures = await signRuling(system, ruling, system.verifiers.slice(0, 3));
    const changed = system.disputesContract.rule(
      dispute,
      { ...ruling, proven: 0b10 },
      [one.provenance, other.provenance],
      signatures,
    );
    await expect(refusal(changed)).resolves.toMatch(/^(SignerNotEntitled|SignersNotAscending)/);
  });

  it("rules once, here: not on another deployment, not on another chain", async () => {
    const { system, one, other, dispute } = await heard();
    const ruling = await rulingOf(system, dispute, 0b01);
    const signatures = await signRuling(system, ruling, system.verifiers.slice(0, 3));
    const provenances = [one.provenance, other.provenance];
    const { ethers } = system;

    const second = await deployDisputes(ethers);
    const [oneThere, otherThere] = await claimTwice(second);
    const there = await openDispute(second, [oneThere.proofAt(1), otherThere.proofAt(0)]);
    await answer(second, there, [0, 1]);
    const rulingThere = await rulingOf(second, there, 0b01);
    const signedHere = await signRuling(system, rulingThere, system.verifiers.slice(0, 3));
    await expect(
      refusal(second.disputesContract.rule(there, rulingThere, provenances, signedHere)),
    ).resolves.toMatch(/^(SignerNotEntitled|SignersNotAscending)/);

    await system.disputesContract.rule(dispute, ruling, provenances, signatures);
    await expect(
      refusal(system.disputesContract.rule(dispute, ruling, provenances, signatures)),
    ).resolves.toMatch(/^DisputeUnknown/);
    await expect(struck(system, other, 0)).resolves.toBe(true);
  });

  it("binds its ruling to the chain", async () => {
    const { system, one, other, dispute } = await heard();
    const ruling = await rulingOf(system, dispute, 0b01);
    const elsewhere = {
      name: "Microtonne BatchDisputes",
      version: "1",
      chainId: 1n,
      verifyingContract: await system.disputesContract.getAddress(),
    };
    const types = {
      Ruling: [
        { name: "activityKey", type: "bytes32" },
        { name: "disputeHash", type: "bytes32" },
        { name: "evidence", type: "bytes30" },
        { name: "proven", type: "uint8" },
        { name: "deadline", type: "uint64" },
      ],
    };
    const signatures = await Promise.all(
      system.verifiers.slice(0, 3).map((one_) => one_.signTypedData(elsewhere, types, ruling)),
    );
    const call = system.disputesContract.rule(
      dispute,
      ruling,
      [one.provenance, other.provenance],
      signatures,
    );
    await expect(refusal(call)).resolves.toMatch(/^(SignerNotEntitled|SignersNotAscending)/);
  });

  it("takes a contract's word by ERC-1271", async () => {
    const { system, one, other, dispute } = await heard();
    const { ethers, participants, verifiers } = system;
    const [key] = verifiers.slice(4);
    if (key === undefined) throw new Error("There are five verifiers.");
    const wallet = await ethers.deployContract("ContractParty", [key.address]);
    const address = await wallet.getAddress();
    await participants.appoint(admissionOf(ethers, address, KIND.verifier), 0);
    const ruling = await rulingOf(system, dispute, 0b01);
    const [byKey, byWallet] = await signRuling(system, ruling, [verifiers[0] ?? key, key]);
    const signers = [
      [verifiers[0]?.address ?? "", byKey ?? ""],
      [address, contractSignature(ethers, address, byWallet ?? "")],
    ].toSorted(([a], [b]) => (BigInt(a ?? 0) < BigInt(b ?? 0) ? -1 : 1));
    const signatures = signers.map(([, signature]) => signature ?? "");
    await system.disputesContract.rule(dispute, ruling, [one.provenance, other.provenance], signatures);
    await expect(struck(system, other, 0)).resolves.toBe(true);
  });
});
