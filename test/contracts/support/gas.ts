import { attest, baseUnits, CHINA, deploySystem, KIND, statementOf, type Ethers, type System } from "./system.ts";

/** Gas of one whole transaction, and what we want it to stay under (null: no target set). */
export interface GasFigure {
  readonly operation: string;
  readonly gas: number;
  readonly target: number | null;
}

interface GasUse {
  wait(): Promise<{ gasUsed: bigint } | null>;
}
async function gasOf(transaction: Promise<GasUse>): Promise<number> {
  const receipt = await (await transaction).wait();
  if (receipt === null) throw new Error("The transaction was not mined.");
  return Number(receipt.gasUsed);
}

/** Commit and mint of an operator's first and second batch, attested by `signatures` verifiers, with a buffer. */
async function measureBatches(ethers: Ethers, signatures: number, quorum: string): Promise<{ system: System; figures: GasFigure[] }> {
  const system = await deploySystem(ethers, { threshold: signatures });
  const batches = system.batches.connect(system.operator);
  const figures: GasFigure[] = [];
  let previousBatchId = 0n;
  for (const [turn, target] of [
    ["first", 270_000],
    ["later", 250_000],
  ] as const) {
    const batchId = BigInt(ethers.id(`${quorum} ${turn}`));
    const root = ethers.id(`root ${turn}`);
    const masses = { totalMilligrams: 2_620_000_000_000n, bufferMilligrams: 131_000_000_000n, subjectlessMilligrams: 900_000_000n };
    const statement = statementOf(system, { batchId, root, previousBatchId, leafCount: 1_000_000, ...masses });
    const commit = await gasOf(batches.commit(statement, await attest(system, statement, signatures)));
    const mint = await gasOf(batches.mint(batchId));
    figures.push(
      { operation: `commit, ${quorum}, ${turn}`, gas: commit, target: null },
      { operation: `mint, ${turn}`, gas: mint, target: null },
      { operation: `commit + mint, ${quorum}, ${turn}`, gas: commit + mint, target },
    );
    previousBatchId = batchId;
  }
  return { system, figures };
}

async function measureCredits({ ethers, credit, retirements, operator, corporate }: System, batchId: bigint): Promise<GasFigure[]> {
  const transfer = () =>
    gasOf(credit.connect(operator).safeTransferFrom(operator.address, corporate.address, batchId, baseUnits(1_000_000n), "0x"));
  const retire = (nonce: string) =>
    gasOf(
      retirements.connect(corporate).retire({
        nonce: ethers.id(nonce),
        beneficiaryHash: ethers.id("beneficiary"),
        documentHash: ethers.id("document"),
        purpose: 2,
        reportingYear: 2025,
        country: CHINA,
        amounts: [{ batchId, milligrams: 200_000n }],
      }),
    );
  return [
    { operation: "transfer, new holder", gas: await transfer(), target: null },
    { operation: "transfer, existing holder", gas: await transfer(), target: 57_000 },
    { operation: "retire, a batch's first", gas: await retire("first"), target: 148_000 },
    { operation: "retire, later", gas: await retire("later"), target: 130_000 },
  ];
}

/** Gas of every operation that we watch, each on a fresh deployment. */
export async function measureGas(ethers: Ethers): Promise<GasFigure[]> {
  const twoOfThree = await measureBatches(ethers, 2, "2 of 3");
  const threeOfFive = await measureBatches(ethers, 3, "3 of 5");
  const { system } = threeOfFive;
  const batchId = await system.batches.headOf(system.operator.address);
  const register = await gasOf(system.participants.register(system.outsider.address, KIND.corporate, CHINA, 0, ethers.id("identity")));
  return [
    { operation: "register a participant", gas: register, target: 75_000 },
    ...twoOfThree.figures.filter(({ operation }) => operation.includes("2 of 3")),
    ...threeOfFive.figures,
    ...(await measureCredits(system, batchId)),
  ];
}
