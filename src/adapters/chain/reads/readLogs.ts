import { decodeEventLog, encodeEventTopics, type Abi } from "viem";
import type { Address, Hex } from "../../../base/types/ids.ts";
import { NodeRefusal } from "../client.ts";
import type { ReadClient } from "../readOnly.ts";

/** An event as a contract told it. */
export interface ToldEvent {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The contract that told it, lower case. */
  readonly contract: Address;
  readonly block: number;
}

interface RawLog {
  readonly address: Hex;
  readonly topics: [Hex, ...Hex[]];
  readonly data: Hex;
  readonly blockNumber: Hex;
}

/** Blocks a question; nodes that take fewer refuse, and are asked for half. */
const PAGE = 10_000;

/**
 * Events of these names, oldest first, read in pages of a bounded number of blocks.
 * @param abi has the events
 * @param onPage is told how many blocks are read, and of how many
 * @throws UnavailableError `chain.refused` where the node refuses even one block
 */
export async function readLogs(
  client: ReadClient,
  {
    contracts,
    abi,
    names,
    fromBlock,
    toBlock,
  }: {
    readonly contracts: readonly Address[];
    readonly abi: Abi;
    readonly names: readonly string[];
    readonly fromBlock: number;
    readonly toBlock: number;
  },
  onPage: (done: number, total: number) => void = () => undefined,
): Promise<ToldEvent[]> {
  const topics = [names.map((eventName) => encodeEventTopics({ abi, eventName })[0])];
  const told: ToldEvent[] = [];
  let page = PAGE;
  for (let from = fromBlock; from <= toBlock;) {
    const to = Math.min(from + page - 1, toBlock);
    const filter = {
      address: contracts,
      topics,
      fromBlock: `0x${from.toString(16)}`,
      toBlock: `0x${to.toString(16)}`,
    };
    let logs: RawLog[];
    try {
      logs = (await client.request("eth_getLogs", [filter])) as RawLog[];
    } catch (error) {
      if (!(error instanceof NodeRefusal) || page === 1) throw error;
      page = Math.max(1, Math.floor(page / 2));
      continue;
    }
    told.push(...logs.map((log) => eventOf(log, abi)));
    from = to + 1;
    onPage(to - fromBlock + 1, toBlock - fromBlock + 1);
  }
  return told;
}

function eventOf({ address, topics, data, blockNumber }: RawLog, abi: Abi): ToldEvent {
  const { eventName, args } = decodeEventLog({ abi, topics, data });
  return {
    name: eventName ?? "",
    args: (args ?? {}) as unknown as Record<string, unknown>,
    contract: address.toLowerCase() as Address,
    block: Number(blockNumber),
  };
}
