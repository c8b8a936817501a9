import { MerkleTree } from "merkletreejs";
import type { PayoutDistributor, SettlementCash } from "../../../types/ethers-contracts/index.js";
import { openCash } from "./cash.ts";
import { admissionOf, KIND, type Ethers, type System } from "./system.ts";

/** What is due to an account in all, in base units of the token. */
export interface Due {
  readonly account: string;
  readonly cumulativeAmount: bigint;
}

/** A leaf of OpenZeppelin's standard tree over (address, uint256). */
export function leafOf(ethers: Ethers, { account, cumulativeAmount }: Due): string {
  const encoded = ethers.AbiCoder.defaultAbiCoder().encode(
    ["address", "uint256"],
    [account, cumulativeAmount],
  );
  return ethers.keccak256(ethers.keccak256(encoded));
}

/** An epoch's tree by merkletreejs, apart from OpenZeppelin: root, and the proof of each account. */
export function payoutTree(ethers: Ethers, dues: readonly Due[]) {
  const hash = (data: Buffer): Buffer => Buffer.from(ethers.getBytes(ethers.keccak256(data)));
  const leaves = dues.map((due) => Buffer.from(ethers.getBytes(leafOf(ethers, due))));
  const tree = new MerkleTree(leaves, hash, { sort: true });
  return {
    root: tree.getHexRoot(),
    total: dues.reduce((sum, { cumulativeAmount }) => sum + cumulativeAmount, 0n),
    proofOf: (due: Due) => tree.getHexProof(Buffer.from(ethers.getBytes(leafOf(ethers, due)))),
  };
}

export interface Payouts {
  readonly cash: SettlementCash;
  readonly distributor: PayoutDistributor;
}

/**
 * Settlement cash and the operator's distributor; the operator has 1,000,000 base units and approved the
 * distributor.
 */
export async function deployPayouts(system: System, delay = 0): Promise<Payouts> {
  const { ethers, manager, participants, bank, operator } = system;
  const cash = await ethers.deployContract("SettlementCash", [manager, participants, "Cash", "CNYT"]);
  const distributor = await ethers.deployContract("PayoutDistributor", [
    manager,
    participants,
    cash,
    operator,
    delay,
  ]);
  const address = await distributor.getAddress();
  await openCash(system, cash, bank);
  await participants.appoint(admissionOf(ethers, address, KIND.escrow), 0);
  await cash.connect(bank).issue(operator.address, 1_000_000n);
  await cash.connect(operator).approve(address, ethers.MaxUint256);
  return { cash, distributor };
}
