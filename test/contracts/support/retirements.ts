import { baseUnits, CHINA, plain, type Account, type System } from "./system.ts";

/** A `RetirementRequest` with every field a plain value. */
export interface Request {
  nonce: string;
  beneficiaryHash: string;
  documentHash: string;
  purpose: number;
  reportingYear: number;
  country: string;
  amounts: { batchId: bigint; milligrams: bigint }[];
}

/** Purpose of a retirement that makes a shortfall good. */
export const REPLACEMENT = 6;
/** What an order names for a whole balance. */
export const WHOLE_BALANCE = 2n ** 64n - 1n;

const RECORD =
  "tuple(bytes32 retirementId,address holder,bytes32 beneficiaryHash,bytes32 documentHash,uint8 purpose," +
  "uint16 reportingYear,bytes2 country,uint64 retiredAt," +
  "tuple(uint256 batchId,uint64 start,uint64 end)[] lines)";

/** 100 mg of batch 7 for an event. */
export function requestOf({ ethers }: System, changes: Partial<Request> = {}): Request {
  return {
    nonce: ethers.id("nonce"),
    beneficiaryHash: ethers.id("beneficiary"),
    documentHash: ethers.ZeroHash,
    purpose: 2,
    reportingYear: 2025,
    country: CHINA,
    amounts: [{ batchId: 7n, milligrams: 100n }],
    ...changes,
  };
}

/** What a regulator asks for: its order is named. */
export function orderOf(system: System, changes: Partial<Request> = {}): Request {
  return requestOf(system, { documentHash: system.ethers.id("order"), purpose: 1, ...changes });
}

/** The id of a retirement, computed apart from the contract. */
export function retirementIdOf(
  { ethers }: System,
  holder: { address: string },
  nonce = ethers.id("nonce"),
): string {
  return ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [holder.address, nonce]),
  );
}

/** All retirements from the events, oldest first, as plain values. */
export async function recordsOf({ retirements }: System): Promise<Record<string, unknown>[]> {
  const events = await retirements.queryFilter(retirements.filters.Retired());
  return events.map(({ args }) => ({ ...plain(args.retirement), lines: args.retirement.lines.map(plain) }));
}

/** keccak256(abi.encode(record)) by ethers, apart from the contract. */
export function recordHash({ ethers }: System, record: Record<string, unknown>): string {
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([RECORD], [record]));
}

/** Gives milligrams of an id from one account to another. */
export async function give(
  { credit }: System,
  from: Account,
  to: { address: string },
  milligrams: bigint,
  id = 7n,
): Promise<void> {
  await credit.connect(from).safeTransferFrom(from.address, to.address, id, baseUnits(milligrams), "0x");
}

/** Terms of a lien of `holder` on batch 7 for the bank. */
export function lienTerms({ ethers, bank }: System, holder: Account, agreement = "agreement") {
  return {
    holder: holder.address,
    tokenId: 7n,
    beneficiary: bank.address,
    agent: ethers.ZeroAddress,
    agreementHash: ethers.id(agreement),
  };
}
