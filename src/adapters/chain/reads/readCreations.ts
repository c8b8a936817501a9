import { getContractAddress } from "viem";
import { CONTRACT_NAMES, type ContractName, type Deployment } from "../../../base/types/deployment.ts";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { ReadClient } from "../readOnly.ts";

/** The transaction that created a contract. */
export interface Creation {
  /** Lower case. */
  readonly deployer: Address;
  /** Creation code and the constructor's arguments behind it. */
  readonly input: Hex;
  readonly block: number;
  /** False where the transaction failed: whatever stands there came otherwise. */
  readonly succeeded: boolean;
}

interface Transaction {
  readonly from: Address;
  readonly to: Address | null;
  readonly nonce: Hex;
  readonly input: Hex;
  readonly hash: Hex;
}

const BLOCKS_AT_ONCE = 8;
/** How far back from a deployment's block its contracts are looked for: two weeks of blocks of 12 seconds. */
const SEARCHED_BLOCKS = 100_000;

/**
 * The transactions that created a deployment's contracts, found in the blocks up to the deployment's own,
 * backwards: any node that keeps blocks has them. A contract that is missing was not created by a
 * transaction of its own there.
 * @param onPage is told how many contracts are found, and of how many
 */
export async function readCreations(
  client: ReadClient,
  { contracts, block }: Pick<Deployment, "contracts" | "block">,
  onPage: (done: number, total: number) => void = () => undefined,
): Promise<Map<ContractName, Creation>> {
  const wanted = new Map<string, ContractName>(CONTRACT_NAMES.map((name) => [contracts[name], name]));
  const found = new Map<ContractName, Creation>();
  const lowest = Math.max(0, block - SEARCHED_BLOCKS);
  for (let top = block; top >= lowest && found.size < CONTRACT_NAMES.length; top -= BLOCKS_AT_ONCE) {
    const numbers = Array.from({ length: BLOCKS_AT_ONCE }, (_, i) => top - i).filter((one) => one >= lowest);
    const pages = await Promise.all(numbers.map((number) => creationsIn(client, number, wanted)));
    for (const [name, creation] of pages.flat()) found.set(name, creation);
    onPage(found.size, CONTRACT_NAMES.length);
  }
  return found;
}

async function creationsIn(
  client: ReadClient,
  number: number,
  wanted: ReadonlyMap<string, ContractName>,
): Promise<[ContractName, Creation][]> {
  const block = (await client.request("eth_getBlockByNumber", [`0x${number.toString(16)}`, true])) as {
    transactions: readonly Transaction[];
  } | null;
  const created: [ContractName, Creation][] = [];
  for (const { from, to, nonce, input, hash } of block?.transactions ?? []) {
    if (to !== null) continue;
    const name = wanted.get(getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase());
    if (name === undefined) continue;
    const receipt = (await client.request("eth_getTransactionReceipt", [hash])) as { status: Hex } | null;
    const deployer = from.toLowerCase() as Address;
    const succeeded = receipt !== null && BigInt(receipt.status) === 1n;
    created.push([name, { deployer, input, block: number, succeeded }]);
  }
  return created;
}
