import hre from "hardhat";
import type { TypedDataDomain } from "ethers";
import type { ExternalUnits } from "../../../types/ethers-contracts/index.js";
import {
  admissionOf,
  CHINA,
  deploySystem,
  KIND,
  WUHAN,
  type Account,
  type Ethers,
  type System,
} from "./system.ts";

/** A system with the real contract of external units and a registry whose operator signs for it. */
export interface ExternalSystem extends System {
  readonly units: ExternalUnits;
  readonly registryOperator: Account;
  readonly registryId: string;
}

/** A `UnitBlock` with every field a plain value. */
export interface Block {
  registryId: string;
  prefix: string;
  first: bigint;
  end: bigint;
  vintageStartDay: number;
  vintageEndDay: number;
  region: string;
  hostCountry: string;
  documentHash: string;
}

/** An `Immobilisation`. */
export interface Statement {
  units: Block;
  recipient: string;
  deadline: bigint;
}

/** The hint that always works. */
export const START = 2n ** 64n - 1n;
/** Units that a tonne each are worth in milligrams. */
export const MILLIGRAMS_PER_UNIT = 10n ** 9n;

export async function freshExternalUnits(): Promise<ExternalSystem> {
  const { ethers } = await hre.network.connect();
  return deployExternalUnits(ethers);
}

/**
 * Deploys the system with the external units at the address that the other deployer's first contract gets.
 */
export async function deployExternalUnits(ethers: Ethers): Promise<ExternalSystem> {
  const signers = await ethers.getSigners();
  const [registryOperator, deployer] = [signers[18], signers[19]] as [Account, Account];
  const externalUnitsAt = ethers.getCreateAddress({ from: deployer.address, nonce: 0 });
  const system = await deploySystem(ethers, { externalUnitsAt });
  const { manager, participants, credit, retirements } = system;
  const units = await ethers.deployContract(
    "ExternalUnits",
    [manager, { participants, credit, retirements }],
    deployer,
  );
  const registryId = ethers.id("VCS");
  await participants.appoint(admissionOf(ethers, registryOperator.address, KIND.registry), 0);
  await units.connect(system.admin).setRegistryOperator(registryId, registryOperator.address);
  return { ...system, units: units.connect(system.admin), registryOperator, registryId };
}

/** Units 1,000 to 1,999 of one project, vintage 2024 in China. */
export function blockOf({ ethers, registryId }: ExternalSystem, changes: Partial<Block> = {}): Block {
  return {
    registryId,
    prefix: ethers.hexlify(ethers.toUtf8Bytes("9999-VCS-VCU-001-VER-CN-14-1234-01012024-31122024-1-")),
    first: 1_000n,
    end: 2_000n,
    vintageStartDay: 19_723,
    vintageEndDay: 20_088,
    region: WUHAN,
    hostCountry: CHINA,
    documentHash: ethers.id("immobilisation 1"),
    ...changes,
  };
}

/** For the corporate. */
export function statementOf(
  system: ExternalSystem,
  changes: Partial<Block> = {},
  rest: Partial<Statement> = {},
): Statement {
  return {
    units: blockOf(system, changes),
    recipient: system.corporate.address,
    deadline: 2n ** 40n,
    ...rest,
  };
}

const BLOCK_FIELDS = [
  { name: "registryId", type: "bytes32" },
  { name: "prefix", type: "bytes" },
  { name: "first", type: "uint64" },
  { name: "end", type: "uint64" },
  { name: "vintageStartDay", type: "uint32" },
  { name: "vintageEndDay", type: "uint32" },
  { name: "region", type: "bytes8" },
  { name: "hostCountry", type: "bytes2" },
  { name: "documentHash", type: "bytes32" },
];
const STATEMENT_TYPES = {
  Immobilisation: [
    { name: "units", type: "UnitBlock" },
    { name: "recipient", type: "address" },
    { name: "deadline", type: "uint64" },
  ],
  UnitBlock: BLOCK_FIELDS,
};

/** 32 ones on top, which no batch's id has. */
export const UNIT_MARK = 0xffff_ffffn << 224n;

/** The id of a block as ethers computes it, apart from the contract. */
export function idOf({ ethers }: ExternalSystem, block: Block): bigint {
  const hash = ethers.TypedDataEncoder.hashStruct("UnitBlock", { UnitBlock: BLOCK_FIELDS }, block);
  return BigInt(hash) | UNIT_MARK;
}

export async function domainOf({ ethers, units }: ExternalSystem): Promise<TypedDataDomain> {
  return {
    name: "Microtonne ExternalUnits",
    version: "1",
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await units.getAddress(),
  };
}

/** The digest as ethers computes it, apart from the contract. */
export async function digestOf(system: ExternalSystem, statement: Statement): Promise<string> {
  return system.ethers.TypedDataEncoder.hash(await domainOf(system), STATEMENT_TYPES, statement);
}

/** The registry operator's signature, unless another signer or domain is given. */
export async function sign(
  system: ExternalSystem,
  statement: Statement,
  signer?: Account,
  domain?: TypedDataDomain,
): Promise<string> {
  return (signer ?? system.registryOperator).signTypedData(
    domain ?? (await domainOf(system)),
    STATEMENT_TYPES,
    statement,
  );
}

/** Signs and hands in a statement; its id. */
export async function immobilise(
  system: ExternalSystem,
  changes: Partial<Block> = {},
  { hint = START, ...rest }: Partial<Statement> & { hint?: bigint } = {},
): Promise<bigint> {
  const statement = statementOf(system, changes, rest);
  await system.units.immobilise(statement, hint, await sign(system, statement));
  return idOf(system, statement.units);
}

/** Circulating, retired and released milligrams of a block, which always add up to what was immobilised. */
export async function booksOf({ credit, units }: ExternalSystem, id: bigint) {
  const stored = await units.unitsOf(id);
  const circulating = await credit.totalSupply(id);
  return {
    immobilised: stored.units * MILLIGRAMS_PER_UNIT,
    circulating: circulating / 10n ** 9n,
    retired: stored.retiredMg,
    released: stored.released * MILLIGRAMS_PER_UNIT,
  };
}
