import hre from "hardhat";
import { fromHex, toHex } from "../../../src/base/lib/bytes.ts";
import type { ActivityKey, MethodologyId } from "../../../src/base/types/ids.ts";
import type { Day, Milligrams } from "../../../src/base/types/quantities.ts";
import { proveInclusion } from "../../../src/format/proofs/inclusionProof.ts";
import { encodeLeaf, LAST_ACTIVITY_KEY } from "../../../src/format/batch/leaf.ts";
import { buildSumTree, leafNode } from "../../../src/format/batch/sumTree.ts";
import type { BatchDisputes, SettlementCash } from "../../../types/ethers-contracts/index.js";
import { openCash } from "./cash.ts";
import { admissionOf, deploySystem, KIND, METHODOLOGY, sign, statementOf } from "./system.ts";
import type { Account, Ethers, Statement, System, SystemOptions } from "./system.ts";

export const TERMS = {
  responseSeconds: 3_600,
  rulingSeconds: 7_200,
  doubleClaimBond: 1_000_000n,
  openGramBond: 250_000n,
};
/** What everybody who opens disputes starts with. */
export const CASH = 100_000_000n;

export interface DisputeSystem extends System {
  readonly cash: SettlementCash;
  readonly disputesContract: BatchDisputes;
  readonly cashIssuer: Account;
}

/**
 * A fresh deployment with cash and disputes in their places; corporate and other operator hold cash and let
 * the disputes take it.
 */
export async function freshDisputes(options: SystemOptions = {}): Promise<DisputeSystem> {
  const { ethers } = await hre.network.connect();
  return deployDisputes(ethers, options);
}

export async function deployDisputes(ethers: Ethers, options: SystemOptions = {}): Promise<DisputeSystem> {
  const accounts = await ethers.getSigners();
  const [cashIssuer, deployer] = [accounts[18], accounts[19]] as [Account, Account];
  const nonce = await deployer.getNonce();
  const disputesAt = ethers.getCreateAddress({ from: deployer.address, nonce: nonce + 1 });
  const system = await deploySystem(ethers, { disputesAt, ...options });
  const { manager, participants, batches, methodologies, corporate, otherOperator } = system;
  const cash = await ethers.deployContract(
    "SettlementCash",
    [manager, participants, "Digital yuan", "CNY"],
    deployer,
  );
  const links = { batches, participants, methodologies, cash };
  const disputesContract = await ethers.deployContract("BatchDisputes", [manager, links, TERMS], deployer);
  await participants.appoint(admissionOf(ethers, await disputesContract.getAddress(), KIND.escrow), 0);
  await openCash(system, cash, cashIssuer);
  for (const holder of [corporate, otherOperator]) {
    await cash.connect(cashIssuer).issue(holder.address, CASH);
    await cash.connect(holder).approve(disputesContract, CASH);
  }
  return {
    ...system,
    cash: cash.connect(system.admin),
    disputesContract: disputesContract.connect(system.admin),
    cashIssuer,
  };
}

/** 32 bytes that sort as their number. */
export const keyOf = (number: number): Uint8Array => fromHex(`0x${number.toString(16).padStart(64, "0")}`);

export interface LeafPlan {
  readonly key: number;
  readonly milligrams?: bigint;
  readonly day?: number;
  readonly methodologyId?: string;
  /** Else the next leaf's, or the end of the chain. */
  readonly nextKey?: Uint8Array;
}

export interface LeafProof {
  readonly batchId: bigint;
  readonly index: number;
  readonly leaf: string;
  readonly siblings: { size: bigint; hash: string }[];
}

/** A committed batch with all that is needed to argue about it. */
export interface ArguedBatch {
  readonly batchId: bigint;
  readonly operator: string;
  readonly provenance: { attesters: string[]; methodologyIds: string[]; termsHash: string };
  proofAt(index: number): LeafProof;
}

export interface BatchPlan {
  readonly batchId: bigint;
  readonly leaves: readonly LeafPlan[];
  readonly operator?: Account;
  /** Else the first two verifiers. */
  readonly attesters?: readonly Account[];
  readonly changes?: Partial<Statement>;
  readonly methodologyIds?: readonly string[];
}

export async function commitLeaves(system: System, plan: BatchPlan): Promise<ArguedBatch> {
  const { ethers, batches } = system;
  const operator = plan.operator ?? system.operator;
  const attesters = plan.attesters ?? system.verifiers.slice(0, 2);
  const methodologyIds = [...(plan.methodologyIds ?? [METHODOLOGY])];
  const leaves = plan.leaves.map((leaf, at) => bytesOf(leaf, plan.leaves[at + 1]));
  const tree = buildSumTree(leaves.map(leafNode));
  const statement = statementOf(system, {
    batchId: plan.batchId,
    operator: operator.address,
    root: toHex(tree.root),
    totalMilligrams: tree.total,
    leafCount: tree.count,
    bufferMilligrams: 0n,
    previousBatchId: await batches.headOf(operator.address),
    methodologiesHash: ethers.keccak256(ethers.concat(methodologyIds)),
    ...plan.changes,
  });
  const signatures = await Promise.all(attesters.map((one) => sign(system, statement, one)));
  await batches.connect(operator).commit(statement, methodologyIds, signatures);
  return {
    batchId: plan.batchId,
    operator: operator.address,
    provenance: {
      attesters: attesters.map(({ address }) => address),
      methodologyIds,
      termsHash: statement.termsHash,
    },
    proofAt: (index) => ({
      batchId: plan.batchId,
      index,
      leaf: toHex(leaves[index] as Uint8Array),
      siblings: proveInclusion(tree, index).map(({ size, hash }) => ({ size, hash: toHex(hash) })),
    }),
  };
}

function bytesOf(leaf: LeafPlan, next: LeafPlan | undefined): Uint8Array {
  return encodeLeaf({
    activityKey: keyOf(leaf.key) as ActivityKey,
    nextActivityKey: leaf.nextKey ?? (next === undefined ? LAST_ACTIVITY_KEY : keyOf(next.key)),
    methodologyId: (leaf.methodologyId ?? METHODOLOGY) as MethodologyId,
    holderCommitment: new Uint8Array(32).fill(1),
    recordHash: new Uint8Array(32).fill(2),
    milligrams: (leaf.milligrams ?? 100n) as Milligrams,
    day: (leaf.day ?? 20_010) as Day,
    scenarioClass: 1,
    providerIndex: 0,
  });
}

/** A double claim as its opening said it. */
export interface Dispute {
  readonly activityKey: string;
  readonly opener: string;
  readonly bond: bigint;
  readonly responseEndsAt: bigint;
  readonly rulingEndsAt: bigint;
  readonly claims: { batchId: bigint; index: bigint; start: bigint; end: bigint }[];
}

/** Opens a double claim and gives what later calls bring along. */
export async function openDispute(
  system: DisputeSystem,
  proofs: readonly LeafProof[],
  opener: Account = system.corporate,
): Promise<Dispute> {
  await system.disputesContract.connect(opener).openDoubleClaim([...proofs]);
  return latestDispute(system);
}

export async function latestDispute({ disputesContract }: DisputeSystem): Promise<Dispute> {
  const event = (await disputesContract.queryFilter(disputesContract.filters.DoubleClaimOpened())).at(-1);
  if (event === undefined) throw new Error("No dispute was opened.");
  const { activityKey, opener, bond, responseEndsAt, rulingEndsAt, claims } = event.args.dispute;
  const plainClaims = claims.map(({ batchId, index, start, end }) => ({ batchId, index, start, end }));
  return { activityKey, opener, bond, responseEndsAt, rulingEndsAt, claims: plainClaims };
}

export interface Ruling {
  readonly activityKey: string;
  readonly disputeHash: string;
  readonly evidence: string;
  readonly proven: number;
  readonly deadline: bigint;
}

const RULING_TYPES = {
  Ruling: [
    { name: "activityKey", type: "bytes32" },
    { name: "disputeHash", type: "bytes32" },
    { name: "evidence", type: "bytes30" },
    { name: "proven", type: "uint8" },
    { name: "deadline", type: "uint64" },
  ],
};
const RECALL_TYPES = {
  Recall: [
    { name: "batchId", type: "uint256" },
    { name: "leafIndices", type: "uint32[]" },
    { name: "reasonHash", type: "bytes32" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
};
const DECISION_TYPES = {
  SuspensionDecision: [
    { name: "batchId", type: "uint256" },
    { name: "causes", type: "uint8" },
    { name: "suspended", type: "bool" },
    { name: "impositions", type: "uint16" },
    { name: "reasonHash", type: "bytes32" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
};

/** The ruling about a dispute as it stands now: bits of `proven` are positions. */
export async function rulingOf(
  system: DisputeSystem,
  { activityKey }: Dispute,
  proven: number,
): Promise<Ruling> {
  const { disputeHash, evidence } = await system.disputesContract.disputeOf(activityKey);
  return { activityKey, disputeHash, evidence, proven, deadline: 2n ** 40n };
}

export async function domainOf({ ethers, disputesContract }: DisputeSystem) {
  const { chainId } = await ethers.provider.getNetwork();
  return {
    name: "Microtonne BatchDisputes",
    version: "1",
    chainId,
    verifyingContract: await disputesContract.getAddress(),
  };
}

type TypedMessage = { types: Record<string, { name: string; type: string }[]>; message: object };
/** What EIP-712 makes of each statement. */
export const typed = {
  ruling: (message: Ruling): TypedMessage => ({ types: RULING_TYPES, message }),
  recall: (message: Recall): TypedMessage => ({ types: RECALL_TYPES, message }),
  decision: (message: Decision): TypedMessage => ({ types: DECISION_TYPES, message }),
};

export interface Recall {
  readonly batchId: bigint;
  readonly leafIndices: number[];
  readonly reasonHash: string;
  readonly nonce: bigint;
  readonly deadline: bigint;
}

export interface Decision {
  readonly batchId: bigint;
  readonly causes: number;
  readonly suspended: boolean;
  /** As the signers of a lift found it. */
  readonly impositions: bigint;
  readonly reasonHash: string;
  readonly nonce: bigint;
  readonly deadline: bigint;
}

async function signAll(
  system: DisputeSystem,
  { types, message }: TypedMessage,
  signers: readonly Account[],
): Promise<string[]> {
  const domain = await domainOf(system);
  return Promise.all(signers.map((one) => one.signTypedData(domain, types, message)));
}

export const signRuling = (system: DisputeSystem, ruling: Ruling, signers: readonly Account[]) =>
  signAll(system, typed.ruling(ruling), signers);
export const signRecall = (system: DisputeSystem, order: Recall, signers: readonly Account[]) =>
  signAll(system, typed.recall(order), signers);
export const signDecision = (system: DisputeSystem, decision: Decision, signers: readonly Account[]) =>
  signAll(system, typed.decision(decision), signers);

/** A digest as ethers computes it, apart from the contract. */
export async function digestOf(system: DisputeSystem, { types, message }: TypedMessage): Promise<string> {
  return system.ethers.TypedDataEncoder.hash(await domainOf(system), types, message);
}

/** Evidence for a claim by an account. */
export const evidenceFor = (
  system: DisputeSystem,
  dispute: Dispute,
  position: number,
  by: Account,
  evidence = "salt, records, signatures",
) => system.disputesContract.connect(by).submitEvidence(dispute, position, system.ethers.id(evidence));

/** Rules as the dispute stands, by two attesters and one that attested nothing, unless told otherwise. */
export async function rule(
  system: DisputeSystem,
  dispute: Dispute,
  proven: number,
  argued: readonly ArguedBatch[],
  signers: readonly Account[] = system.verifiers.slice(0, 3),
) {
  const ruling = await rulingOf(system, dispute, proven);
  const provenances = dispute.claims.map(({ batchId }) => {
    const batch = argued.find((one) => one.batchId === batchId);
    if (batch === undefined) throw new Error("The dispute is about another batch.");
    return batch.provenance;
  });
  return system.disputesContract.rule(
    dispute,
    ruling,
    provenances,
    await signRuling(system, ruling, signers),
  );
}

/** The act that the batches below claim twice. */
export const SHARED = 50;

/**
 * Two batches of two operators that claim the same act: index 1 of `one` and index 0 of `other`, `one`
 * committed first.
 */
export async function claimTwice(
  system: System,
  ids: readonly [bigint, bigint] = [11n, 12n],
  plans: readonly [Partial<BatchPlan>, Partial<BatchPlan>] = [{}, {}],
): Promise<[ArguedBatch, ArguedBatch]> {
  const one = await commitLeaves(system, {
    batchId: ids[0],
    leaves: [{ key: 40 }, { key: SHARED, milligrams: 70n }, { key: 60 }],
    ...plans[0],
  });
  const other = await commitLeaves(system, {
    batchId: ids[1],
    operator: system.otherOperator,
    leaves: [{ key: SHARED, milligrams: 90n }, { key: 61 }],
    ...plans[1],
  });
  return [one, other];
}

/** Evidence for these positions of a dispute between `claimTwice`'s batches, the operator's first. */
export async function answer(
  system: DisputeSystem,
  dispute: Dispute,
  positions: readonly number[],
): Promise<void> {
  const operators = [system.operator, system.otherOperator] as const;
  for (const position of positions)
    await evidenceFor(system, dispute, position, operators[position] ?? system.operator);
}

/** `claimTwice`, disputed. */
export async function disputed(
  system: DisputeSystem,
  plans?: readonly [Partial<BatchPlan>, Partial<BatchPlan>],
) {
  const [one, other] = await claimTwice(system, [11n, 12n], plans);
  return { one, other, dispute: await openDispute(system, [one.proofAt(1), other.proofAt(0)]) };
}

export const struck = async ({ batches }: System, batch: ArguedBatch, index: number) =>
  batches.isStruck(batch.batchId, index);
export const openCount = async ({ batches }: System, batch: ArguedBatch) =>
  batches.openDisputesOf(batch.batchId);
