import type { CarbonPool, CarbonPoolFactory, ContractParty } from "../../../types/ethers-contracts/index.js";
import {
  admissionOf,
  baseUnits,
  CHINA,
  issue,
  KIND,
  METHODOLOGY,
  TERMS_HASH,
  WUHAN,
  type Account,
  type Statement,
  type System,
} from "./system.ts";

/** `PoolTerms` with every field a plain value. */
export interface Terms {
  methodologyIds: string[];
  regions: string[];
  firstYear: number;
  lastYear: number;
  maxAgeDays: number;
  minAttesters: number;
  capBps: number;
  capFloorMg: bigint;
  choiceFeeBps: number;
  feeCollector: string;
}

/**
 * Batches of the methodology from Wuhan, vintages 2024 and 2025 (day 20,000 lies in October 2024), any share
 * of the pool, 1 % for a choice.
 */
export function termsOf(system: System, changes: Partial<Terms> = {}): Terms {
  return {
    methodologyIds: [METHODOLOGY],
    regions: [WUHAN],
    firstYear: 2024,
    lastYear: 2025,
    maxAgeDays: 0,
    minAttesters: 2,
    capBps: 10_000,
    capFloorMg: 0n,
    choiceFeeBps: 100,
    feeCollector: system.bank.address,
    ...changes,
  };
}

export async function deployFactory(system: System): Promise<CarbonPoolFactory> {
  const { ethers, participants, batches, credit, retirements, manager } = system;
  const factory = await ethers.deployContract("CarbonPoolFactory", [
    manager,
    { participants, batches, credit, retirements },
  ]);
  await participants.appoint(admissionOf(ethers, await factory.getAddress(), KIND.poolFactory), 0);
  return factory;
}

/** A pool that the system's operator created; operator and corporate approved it for their credits. */
export async function createPool(
  system: System,
  changes: Partial<Terms> = {},
  given?: CarbonPoolFactory,
): Promise<CarbonPool> {
  const factory = given ?? (await deployFactory(system));
  const creation = [`Pool ${changes.capBps ?? ""}`, "MT-P", termsOf(system, changes)] as const;
  const address = await factory.connect(system.operator).createPool.staticCall(...creation);
  await factory.connect(system.operator).createPool(...creation);
  for (const holder of [system.operator, system.corporate])
    await system.credit.connect(holder).setApprovalForAll(address, true);
  return system.ethers.getContractAt("CarbonPool", address);
}

/** What the batches of `issue` and `commit` were committed with. */
export function provenanceOf(system: System, attesters = 2) {
  return {
    attesters: system.verifiers.slice(0, attesters).map(({ address }) => address),
    methodologyIds: [METHODOLOGY],
    termsHash: TERMS_HASH,
  };
}

/** Issues the operator's next batch, 1,000 mg of which 100 are buffer unless told otherwise. */
export async function issueNext(
  system: System,
  batchId: bigint,
  changes: Partial<Statement> = {},
): Promise<bigint> {
  const previousBatchId = await system.batches.headOf(system.operator.address);
  await issue(system, {
    batchId,
    root: system.ethers.id(`root ${String(batchId)}`),
    previousBatchId,
    ...changes,
  });
  return batchId;
}

/** A first or later deposit by `holder`. */
export async function deposit(
  system: System,
  pool: CarbonPool,
  holder: Account,
  batchId: bigint,
  milligrams: bigint,
) {
  const { admitted } = await pool.entryOf(batchId);
  return admitted
    ? pool.connect(holder).deposit(batchId, milligrams)
    : pool.connect(holder).admitAndDeposit(batchId, milligrams, provenanceOf(system));
}

/**
 * Held by the pool of each batch in milligrams, and whether that is what there are shares for, to the base
 * unit.
 */
export async function booksOf(system: System, pool: CarbonPool, batchIds: readonly bigint[]) {
  const address = await pool.getAddress();
  const credits = await Promise.all(batchIds.map(async (id) => system.credit.balanceOf(address, id)));
  const exact = credits.reduce((sum, one) => sum + one, 0n) === (await pool.totalSupply());
  return { held: credits.map((one) => one / baseUnits(1n)), exact };
}

/** A `RetirementRequest` of these amounts. */
export function retirementOf(
  system: System,
  amounts: readonly { batchId: bigint; milligrams: bigint }[],
  nonce = "nonce",
) {
  const { ethers } = system;
  return {
    nonce: ethers.id(nonce),
    beneficiaryHash: ethers.id("beneficiary"),
    documentHash: ethers.id("document"),
    purpose: 3,
    reportingYear: 2025,
    country: CHINA,
    amounts: [...amounts],
  };
}

/** A participant of kind corporate that is a contract and answers receipts as it was armed to. */
export async function contractHolder(system: System): Promise<ContractParty> {
  const party = await system.ethers.deployContract("ContractParty", [system.outsider.address]);
  await system.participants.appoint(admissionOf(system.ethers, await party.getAddress(), KIND.corporate), 0);
  return party;
}
