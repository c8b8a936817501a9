import type { CarbonCredit } from "../../../types/ethers-contracts/index.js";
import { holdsDomain, type Holding } from "./liens.ts";
import { admissionOf, blockTime, KIND, type Account, type System } from "./system.ts";

/** `LockTerms` with every field a plain value. */
export interface Lock {
  holder: string;
  tokenId: bigint;
  amount: bigint;
  agent: string;
  expiry: bigint;
  origin: string;
  instructionHash: string;
}

const LOCK_TYPES = {
  LockTerms: [
    { name: "holder", type: "address" },
    { name: "tokenId", type: "uint256" },
    { name: "amount", type: "uint256" },
    { name: "agent", type: "address" },
    { name: "expiry", type: "uint40" },
    { name: "origin", type: "bytes32" },
    { name: "instructionHash", type: "bytes32" },
  ],
};

/** Account 19, appointed as a settlement contract. */
export async function settlementOf(system: System): Promise<Account> {
  const agent = (await system.ethers.getSigners())[19] as Account;
  await system.participants.appoint(admissionOf(system.ethers, agent.address, KIND.settlement), 0);
  return agent;
}

/** Terms of a lock of 100 base units of the operator's credits of batch 7, for an hour. */
export async function lockOf(system: System, agent: Account, changes: Partial<Lock> = {}): Promise<Lock> {
  return {
    holder: system.operator.address,
    tokenId: 7n,
    amount: 100n,
    agent: agent.address,
    expiry: (await blockTime(system.ethers)) + 3_600n,
    origin: system.ethers.ZeroHash,
    instructionHash: system.ethers.id("instruction"),
    ...changes,
  };
}

export async function signLock(
  system: System,
  lock: Lock,
  by: Account,
  token: Holding = system.credit,
): Promise<string> {
  return by.signTypedData(await holdsDomain(system, token), LOCK_TYPES, lock);
}

/** Places a lock by its agent, with the holder's signature. */
export async function lockBy(system: System, agent: Account, lock: Lock, token: Holding = system.credit) {
  const holder = await system.ethers.getSigner(lock.holder);
  return (token as CarbonCredit).connect(agent).placeLock(lock, await signLock(system, lock, holder, token));
}
