import { TransactionReceiptNotFoundError, type TransactionReceipt } from "viem";
import type { Clock } from "../../../base/lib/system.ts";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { HasLanded, OutboxEntry, OutboxStore, Signer } from "../../../stages/outbox/ports.ts";
import type { ChainClient } from "../client.ts";

/**
 * What settling needs. One settling at a time for one outbox: whoever calls holds the lock of its database.
 */
export interface OutboxContext {
  readonly client: ChainClient;
  readonly store: OutboxStore;
  readonly signers: readonly Signer[];
  readonly clock: Clock;
  /** Called before each signature and each sending; throws where the lock was lost and nothing may go out. */
  readonly confirmLock?: () => Promise<void>;
  /** Tells an effect that is on chain already from one that is not. */
  readonly hasLanded: HasLanded;
  /**
   * Called before an entry is marked final, so that a crash in between calls it again: what it does must bear
   * repeating. The receipt is null where the effect is on chain by a transaction that this outbox does not
   * know.
   */
  readonly onFinal?: (entry: OutboxEntry, receipt: TransactionReceipt | null) => Promise<void>;
  /** How long to wait for a transaction's block, 180 by default. */
  readonly minedWithinSeconds?: number;
  /** How long to wait for a block to become final, 900 by default. */
  readonly finalWithinSeconds?: number;
}

/** The receipt of a mined transaction, or null. */
export async function receiptOf(client: ChainClient, hash: Hex): Promise<TransactionReceipt | null> {
  try {
    return await client.ask(async (rpc) => rpc.getTransactionReceipt({ hash }));
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return null;
    throw error;
  }
}

/** The newest block, or the one with that number; null where there is none yet. */
export async function blockAt(
  client: ChainClient,
  number: bigint | "latest",
): Promise<{ number: bigint; hash: Hex } | null> {
  const tag = number === "latest" ? number : `0x${number.toString(16)}`;
  const block = (await client.request("eth_getBlockByNumber", [tag, false])) as {
    number: Hex;
    hash: Hex;
  } | null;
  return block === null ? null : { number: BigInt(block.number), hash: block.hash };
}

/** How many transactions of an account are in blocks, or in blocks and waiting: the next free nonce. */
export async function nonceOf(
  client: ChainClient,
  account: Address,
  tag: "latest" | "pending",
): Promise<number> {
  return Number(await client.request("eth_getTransactionCount", [account, tag]));
}
