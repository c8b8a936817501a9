import {
  attest,
  deploySystem,
  METHODOLOGY,
  statementOf,
  type Ethers,
  type Statement,
  type System,
} from "../system.ts";
import { gasOf, type GasFigure } from "./gasOf.ts";

/** Signatures of registered verifiers that a batch needs. */
interface QuorumSize {
  readonly threshold: number;
  readonly verifiers: number;
}

const QUORUMS: readonly QuorumSize[] = [
  { threshold: 2, verifiers: 3 },
  { threshold: 3, verifiers: 5 },
];
const SUSPENDED = 2;
/** Toucan registers, mints and fractionalises a later batch in one call. */
const PEER = "Toucan: 583509";

/** The operator's next batch: a million acts with 5 % buffer. */
async function nextBatch(system: System, name: string): Promise<Statement> {
  const { ethers, batches, operator } = system;
  return statementOf(system, {
    batchId: BigInt(ethers.id(name)),
    root: ethers.id(`root of ${name}`),
    totalMilligrams: 2_620_000_000_000n,
    bufferMilligrams: 131_000_000_000n,
    subjectlessMilligrams: 900_000_000n,
    leafCount: 1_000_000,
    previousBatchId: await batches.headOf(operator.address),
  });
}

/** A system with so many verifiers in good standing. */
async function deployWith(ethers: Ethers, { threshold, verifiers }: QuorumSize): Promise<System> {
  const system = await deploySystem(ethers, { threshold });
  const asRegulator = system.participants.connect(system.regulator);
  for (const verifier of system.verifiers.slice(verifiers))
    await asRegulator.setStatus(verifier.address, SUSPENDED);
  return system;
}

async function inOneTransaction(system: System, threshold: number, name: string): Promise<number> {
  const statement = await nextBatch(system, name);
  const signatures = await attest(system, statement, threshold);
  return gasOf(system.batches.connect(system.operator).commitAndMint(statement, [METHODOLOGY], signatures));
}

async function inTwoTransactions(
  system: System,
  threshold: number,
  name: string,
): Promise<{ commit: number; mint: number }> {
  const statement = await nextBatch(system, name);
  const batches = system.batches.connect(system.operator);
  const commit = await gasOf(
    batches.commit(statement, [METHODOLOGY], await attest(system, statement, threshold)),
  );
  return { commit, mint: await gasOf(batches.mint(statement.batchId)) };
}

/**
 * Commit and mint of an operator's first and second batch by 2 of 3 and by 3 of 5 verifiers, then what a
 * strike and its cure cost.
 */
export async function measureBatches(ethers: Ethers): Promise<GasFigure[]> {
  const figures: GasFigure[] = [];
  for (const quorum of QUORUMS) figures.push(...(await measureQuorum(ethers, quorum)));
  const system = await deployWith(ethers, { threshold: 3, verifiers: 5 });
  await inTwoTransactions(system, 3, "one");
  return [...figures, ...(await measureSafety(system, BigInt(ethers.id("one"))))];
}

async function measureQuorum(ethers: Ethers, quorum: QuorumSize): Promise<GasFigure[]> {
  const { threshold, verifiers } = quorum;
  const one = await deployWith(ethers, quorum);
  const oneFirst = await inOneTransaction(one, threshold, "one");
  const oneLater = await inOneTransaction(one, threshold, "two");
  const two = await deployWith(ethers, quorum);
  const twoFirst = await inTwoTransactions(two, threshold, "one");
  const twoLater = await inTwoTransactions(two, threshold, "two");
  const by = `${String(threshold)} of ${String(verifiers)} verifiers`;
  const what = `commit + mint, ${by}, buffer held back`;
  return [
    { operation: `${what}, one transaction, first`, gas: oneFirst, target: 270_000, bestPeer: PEER },
    { operation: `${what}, one transaction, later`, gas: oneLater, target: 250_000, bestPeer: PEER },
    {
      operation: `${what}, two transactions, first`,
      gas: twoFirst.commit + twoFirst.mint,
      target: 270_000,
      bestPeer: PEER,
    },
    {
      operation: `${what}, two transactions, later`,
      gas: twoLater.commit + twoLater.mint,
      target: 250_000,
      bestPeer: PEER,
    },
    { operation: `commit alone, ${by}, later`, gas: twoLater.commit, target: null, bestPeer: null },
    { operation: `mint alone, after ${by}`, gas: twoLater.mint, target: null, bestPeer: null },
  ];
}

async function measureSafety(system: System, batchId: bigint): Promise<GasFigure[]> {
  const { batches, disputes, operator } = system;
  const strike = (index: number, start: bigint, end: bigint) =>
    gasOf(batches.connect(disputes).strike(batchId, index, start, end));
  const figure = (operation: string, gas: number): GasFigure => ({
    operation,
    gas,
    target: null,
    bestPeer: null,
  });
  return [
    figure("strike of a leaf, a batch's first", await strike(7, 0n, 1_000n)),
    figure("strike of a leaf, later", await strike(8, 1_000n, 2_000n)),
    figure("strike that suspends, more than is unminted", await strike(9, 2_000n, 131_000_001_000n)),
    figure(
      "cure by burning, lifts the suspension",
      await gasOf(batches.connect(operator).cureByBurning(batchId, 1_000n)),
    ),
  ];
}
