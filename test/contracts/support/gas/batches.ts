import { attest, deploySystem, METHODOLOGY, statementOf, type Ethers, type Statement, type System } from "../system.ts";
import { gasOf, type GasFigure } from "./figure.ts";

const SIGNATURES = 3;
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

async function inOneTransaction(system: System, name: string): Promise<number> {
  const statement = await nextBatch(system, name);
  const signatures = await attest(system, statement, SIGNATURES);
  return gasOf(system.batches.connect(system.operator).commitAndMint(statement, [METHODOLOGY], signatures));
}

async function inTwoTransactions(system: System, name: string): Promise<{ commit: number; mint: number }> {
  const statement = await nextBatch(system, name);
  const batches = system.batches.connect(system.operator);
  const commit = await gasOf(batches.commit(statement, [METHODOLOGY], await attest(system, statement, SIGNATURES)));
  return { commit, mint: await gasOf(batches.mint(statement.batchId)) };
}

/** Commit and mint of an operator's first and second batch by 3 of 5 verifiers, then what a strike and its cure cost. */
export async function measureBatches(ethers: Ethers): Promise<GasFigure[]> {
  const one = await deploySystem(ethers, { threshold: SIGNATURES });
  const oneFirst = await inOneTransaction(one, "one");
  const oneLater = await inOneTransaction(one, "two");
  const two = await deploySystem(ethers, { threshold: SIGNATURES });
  const twoFirst = await inTwoTransactions(two, "one");
  const twoLater = await inTwoTransactions(two, "two");
  const what = "commit + mint, 3 of 5 verifiers, buffer held back";
  return [
    { operation: `${what}, one transaction, first`, gas: oneFirst, target: 270_000, bestPeer: PEER },
    { operation: `${what}, one transaction, later`, gas: oneLater, target: 250_000, bestPeer: PEER },
    { operation: `${what}, two transactions, first`, gas: twoFirst.commit + twoFirst.mint, target: 270_000, bestPeer: PEER },
    { operation: `${what}, two transactions, later`, gas: twoLater.commit + twoLater.mint, target: 250_000, bestPeer: PEER },
    { operation: "commit alone, 3 of 5 verifiers, later", gas: twoLater.commit, target: null, bestPeer: null },
    { operation: "mint alone", gas: twoLater.mint, target: null, bestPeer: null },
    ...(await measureSafety(two, BigInt(ethers.id("two")))),
  ];
}

async function measureSafety(system: System, batchId: bigint): Promise<GasFigure[]> {
  const { batches, disputes, operator } = system;
  const strike = (index: number, start: bigint, end: bigint) => gasOf(batches.connect(disputes).strike(batchId, index, start, end));
  const figure = (operation: string, gas: number): GasFigure => ({ operation, gas, target: null, bestPeer: null });
  return [
    figure("strike of a leaf, a batch's first", await strike(7, 0n, 1_000n)),
    figure("strike of a leaf, later", await strike(8, 1_000n, 2_000n)),
    figure("strike that suspends, more than is unminted", await strike(9, 2_000n, 131_000_001_000n)),
    figure("cure by burning, lifts the suspension", await gasOf(batches.connect(operator).cureByBurning(batchId, 1_000n))),
  ];
}
