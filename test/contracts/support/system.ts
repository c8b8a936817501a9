import hre from "hardhat";
import { id, Result, type TypedDataDomain } from "ethers";
import type {
  AccessManager,
  BatchRegistry,
  CarbonCredit,
  ContractParty,
  MethodologyRegistry,
  ParticipantRegistry,
  RetirementRegistry,
} from "../../../types/ethers-contracts/index.js";

export type Connection = Awaited<ReturnType<typeof hre.network.connect>>;
export type Ethers = Connection["ethers"];
export type Account = Awaited<ReturnType<Ethers["getSigners"]>>[number];

/** Bits of `ParticipantKinds`. */
export const KIND = {
  operator: 1,
  verifier: 2,
  corporate: 4,
  bank: 8,
  exchange: 16,
  escrow: 32,
  liquidator: 64,
  platform: 128,
  registry: 256,
  pool: 512,
  poolFactory: 1024,
  lienAgent: 2048,
  registrar: 4096,
  regulator: 8192,
  guardian: 16384,
  cashIssuer: 32768,
  settlement: 65536,
  signer: 131072,
} as const;
/** `BatchCategory`. */
export const CATEGORY = { act: 1, project: 2 } as const;
/** `DisputeKind`. */
export const DISPUTE = { doubleClaim: 0, gramChallenge: 1 } as const;
export const CHINA = "0x434e";
/** Right-padded ASCII "WUHAN". */
export const WUHAN = "0x575548414e000000";
/** Published for Wuhan, days 0 to 30,000. */
export const METHODOLOGY = `0x${"3e".repeat(32)}`;
/** The members of a manifest that a statement covers by one hash. */
export const TERMS_HASH = `0x${"7e".repeat(32)}`;
export const KEY_SCHEME = `0x${"5c".repeat(32)}`;

/** One deployment and the parties that take part in it. */
export interface System {
  readonly ethers: Ethers;
  readonly manager: AccessManager;
  readonly participants: ParticipantRegistry;
  readonly methodologies: MethodologyRegistry;
  readonly batches: BatchRegistry;
  readonly credit: CarbonCredit;
  readonly retirements: RetirementRegistry;
  readonly admin: Account;
  readonly operator: Account;
  readonly otherOperator: Account;
  readonly corporate: Account;
  readonly otherCorporate: Account;
  readonly outsider: Account;
  readonly bank: Account;
  readonly regulator: Account;
  readonly registrar: Account;
  /** Ascending by address. */
  readonly guardians: readonly Account[];
  /** Stand where the contracts of disputes and of external units do, unless `options` says otherwise. */
  readonly disputes: Account;
  readonly externalUnits: ContractParty;
  /** Has sent nothing yet: addresses of what it deploys are known in advance. */
  readonly otherDeployer: Account;
  /** Ascending by address, as signatures must be. */
  readonly verifiers: readonly Account[];
}

export interface SystemOptions {
  readonly threshold?: number;
  readonly challengeWindow?: number;
  readonly guardianThreshold?: number;
  readonly objectionPeriod?: number;
  /** Addresses of contracts that a test deploys itself. */
  readonly disputesAt?: string;
  readonly externalUnitsAt?: string;
}

/**
 * A fresh chain of its own with one deployment, its parties registered, the key scheme allowed and the
 * methodology published.
 */
export async function freshSystem(options: SystemOptions = {}): Promise<System> {
  const { ethers } = await hre.network.connect();
  return deploySystem(ethers, options);
}

/** In the order of their addresses, as signatures must be. */
export const ascending = (accounts: readonly Account[]): Account[] =>
  accounts.toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));

/** Deploys as production does: later contracts' addresses are computed from the deployer's nonces. */
export async function deploySystem(ethers: Ethers, options: SystemOptions = {}): Promise<System> {
  const accounts = await ethers.getSigners();
  const account = (i: number): Account => accounts[i] as Account;
  const [admin, operator, otherOperator, corporate, otherCorporate, outsider] = [0, 1, 2, 3, 4, 5].map(
    account,
  ) as [Account, Account, Account, Account, Account, Account];
  const verifiers = ascending(accounts.slice(6, 11));
  const [bank, regulator, registrar] = [11, 12, 13].map(account) as [Account, Account, Account];
  const guardians = ascending(accounts.slice(14, 17));
  const [disputes, otherDeployer] = [17, 19].map(account) as [Account, Account];
  const externalUnits = await ethers.deployContract("ContractParty", [admin.address]);
  const disputesAt = options.disputesAt ?? disputes.address;
  const externalUnitsAt = options.externalUnitsAt ?? (await externalUnits.getAddress());

  const manager = await ethers.deployContract("AccessManager", [admin.address]);
  const participants = await ethers.deployContract("ParticipantRegistry", [
    manager,
    options.guardianThreshold ?? 2,
    options.objectionPeriod ?? 0,
  ]);
  const methodologies = await ethers.deployContract("MethodologyRegistry", [manager]);
  const nonce = await admin.getNonce();
  const [batchesAt, creditAt, retirementsAt] = [0, 1, 2].map((later) =>
    ethers.getCreateAddress({ from: admin.address, nonce: nonce + later }),
  ) as [string, string, string];
  const batches = await ethers.deployContract("BatchRegistry", [
    manager,
    { participants, methodologies, credit: creditAt, retirements: retirementsAt, disputes: disputesAt },
    options.threshold ?? 2,
    options.challengeWindow ?? 0,
  ]);
  const credit = await ethers.deployContract("CarbonCredit", [
    manager,
    { participants, batches: batchesAt, externalUnits: externalUnitsAt, retirements: retirementsAt },
    "https://registry.example/credits/",
  ]);
  const retirements = await ethers.deployContract("RetirementRegistry", [
    { participants, batches: batchesAt, externalUnits: externalUnitsAt, credit: creditAt },
  ]);

  const appoint = async (one: Account, kinds: number) =>
    participants.appoint(admissionOf(ethers, one.address, kinds), 0);
  for (const one of [operator, otherOperator]) await appoint(one, KIND.operator);
  for (const one of [corporate, otherCorporate]) await appoint(one, KIND.corporate);
  for (const one of verifiers) await appoint(one, KIND.verifier);
  for (const one of guardians) await appoint(one, KIND.guardian);
  await appoint(bank, KIND.bank);
  await appoint(regulator, KIND.regulator);
  await appoint(registrar, KIND.registrar);
  await methodologies.publish(METHODOLOGY, WUHAN, 0, 30_000);
  await batches.setKeyScheme(KEY_SCHEME, true);
  return {
    ethers,
    manager,
    participants,
    methodologies,
    batches,
    credit,
    retirements,
    admin,
    operator,
    otherOperator,
    corporate,
    otherCorporate,
    outsider,
    bank,
    regulator,
    registrar,
    guardians,
    disputes,
    externalUnits,
    otherDeployer,
    verifiers,
  };
}

/** Of who has none. */
export const NO_FIRM = `0x${"00".repeat(16)}`;

/** The id of the firm whose first wallet this is, 16 bytes; and as the word that contracts know it by. */
export const firmIdOf = (firstWallet: string): string => id(firstWallet).slice(0, 34);
export const firmWordOf = (firstWallet: string): string => firmIdOf(firstWallet).padEnd(66, "0");

/** An `Admission` in China without expiry: of a firm's first wallet, or another wallet of that firm. */
export function admissionOf(_ethers: Ethers, account: string, kinds: number, firstWallet = account) {
  return { account, kinds, country: CHINA, expiry: 0, firmId: firmIdOf(firstWallet) };
}

/** What a contract's ERC-1271 takes, in the form that quorums take. */
export const contractSignature = (ethers: Ethers, contract: string, signature: string): string =>
  ethers.concat([contract, signature, "0x00"]);

/** A `BatchStatement` with every field a plain value. */
export interface Statement {
  batchId: bigint;
  operator: string;
  root: string;
  totalMilligrams: bigint;
  leafCount: number;
  bufferMilligrams: bigint;
  claimPeriodDays: number;
  vintageStartDay: number;
  vintageEndDay: number;
  region: string;
  methodologiesHash: string;
  keySchemeHash: string;
  leavesHash: string;
  subjectlessMilligrams: bigint;
  previousBatchId: bigint;
  category: number;
  hostCountry: string;
  adjustment: number;
  useByDay: number;
  termsHash: string;
  deadline: bigint;
}

/**
 * A statement that the system's operator may commit as its first batch: 1,000 mg in 10 leaves, 100 mg of them
 * buffer.
 */
export function statementOf(system: System, changes: Partial<Statement> = {}): Statement {
  const { ethers } = system;
  return {
    batchId: 7n,
    operator: system.operator.address,
    root: ethers.id("root"),
    totalMilligrams: 1_000n,
    leafCount: 10,
    bufferMilligrams: 100n,
    claimPeriodDays: 90,
    vintageStartDay: 20_000,
    vintageEndDay: 20_030,
    region: WUHAN,
    methodologiesHash: ethers.keccak256(METHODOLOGY),
    keySchemeHash: KEY_SCHEME,
    leavesHash: ethers.id("leaves"),
    subjectlessMilligrams: 0n,
    previousBatchId: 0n,
    category: CATEGORY.act,
    hostCountry: CHINA,
    adjustment: 0,
    useByDay: 0,
    termsHash: TERMS_HASH,
    deadline: 2n ** 40n,
    ...changes,
  };
}

const STATEMENT_TYPES = {
  BatchStatement: [
    { name: "batchId", type: "uint256" },
    { name: "operator", type: "address" },
    { name: "root", type: "bytes32" },
    { name: "totalMilligrams", type: "uint64" },
    { name: "leafCount", type: "uint32" },
    { name: "bufferMilligrams", type: "uint64" },
    { name: "claimPeriodDays", type: "uint32" },
    { name: "vintageStartDay", type: "uint32" },
    { name: "vintageEndDay", type: "uint32" },
    { name: "region", type: "bytes8" },
    { name: "methodologiesHash", type: "bytes32" },
    { name: "keySchemeHash", type: "bytes32" },
    { name: "leavesHash", type: "bytes32" },
    { name: "subjectlessMilligrams", type: "uint64" },
    { name: "previousBatchId", type: "uint256" },
    { name: "category", type: "uint8" },
    { name: "hostCountry", type: "bytes2" },
    { name: "adjustment", type: "uint8" },
    { name: "useByDay", type: "uint32" },
    { name: "termsHash", type: "bytes32" },
    { name: "deadline", type: "uint64" },
  ],
};

export async function domainOf(system: System): Promise<TypedDataDomain> {
  return {
    name: "Microtonne BatchRegistry",
    version: "2",
    chainId: (await system.ethers.provider.getNetwork()).chainId,
    verifyingContract: await system.batches.getAddress(),
  };
}

/** One party's EIP-712 signature, for this system's registry unless another domain is given. */
export async function sign(
  system: System,
  statement: Statement,
  account: Account,
  domain?: TypedDataDomain,
): Promise<string> {
  return account.signTypedData(domain ?? (await domainOf(system)), STATEMENT_TYPES, statement);
}

/** The digest as ethers computes it, apart from the contract. */
export async function digestOf(system: System, statement: Statement): Promise<string> {
  return system.ethers.TypedDataEncoder.hash(await domainOf(system), STATEMENT_TYPES, statement);
}

/** Signatures of the first `count` verifiers. */
export async function attest(system: System, statement: Statement, count = 2): Promise<string[]> {
  return Promise.all(system.verifiers.slice(0, count).map((verifier) => sign(system, statement, verifier)));
}

/** Commits a statement by its operator with two attestations. */
export async function commit(system: System, changes: Partial<Statement> = {}): Promise<Statement> {
  const statement = statementOf(system, changes);
  const operator = await system.ethers.getSigner(statement.operator);
  await system.batches.connect(operator).commit(statement, [METHODOLOGY], await attest(system, statement));
  return statement;
}

/** Commits and mints. */
export async function issue(system: System, changes: Partial<Statement> = {}): Promise<Statement> {
  const statement = await commit(system, changes);
  await system.batches.connect(await system.ethers.getSigner(statement.operator)).mint(statement.batchId);
  return statement;
}

/** Base units of whole milligrams. */
export const baseUnits = (milligrams: bigint): bigint => milligrams * 10n ** 9n;

/** Unix seconds of the latest block. */
export async function blockTime(ethers: Ethers): Promise<bigint> {
  const block = await ethers.provider.getBlock("latest");
  return BigInt(block?.timestamp ?? 0);
}

/** The next block gets this timestamp. */
export async function setNextBlockTime(ethers: Ethers, seconds: bigint): Promise<void> {
  await ethers.provider.send("evm_setNextBlockTimestamp", [Number(seconds)]);
}

/** A struct or event as ethers answers it, as a plain object with its field names. */
export function plain(answer: unknown): Record<string, unknown> {
  if (!(answer instanceof Result)) throw new Error("Not an answer of ethers.");
  return answer.toObject();
}
