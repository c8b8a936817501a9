import { readBlock, readWords } from "../../adapters/chain/readOnly.ts";
import { UnavailableError } from "../../base/errors/errors.ts";
import type { Hex } from "../../base/types/ids.ts";
import { batchSlots, decodeBatchWords, retirementSlot } from "../../format/onchain/storageLayout.ts";
import type { ChainState } from "./chainState.ts";
import { refuse } from "../refuse.ts";
import type { Trust } from "../trust.ts";

/** A live state whose block was the chain's own while it was read. */
export interface LiveState extends ChainState {
  /** @throws UnavailableError `verify.block-moved` where a reorg replaced the block in between */
  finish(): Promise<void>;
}

/**
 * The same storage words that a block proof shows, read at the node's newest final block.
 * @throws CheckFailedError `verify.chain` where the node is on another chain; UnavailableError as the client
 */
export async function liveState({ client, chainId, contracts }: Trust & { mode: "rpc" }): Promise<LiveState> {
  const actual = BigInt((await client.request("eth_chainId", [])) as Hex);
  if (actual !== BigInt(chainId)) {
    refuse(
      "chain",
      `The node is on chain ${actual.toString()}; your deployment is on chain ${String(chainId)}.`,
    );
  }
  const block = await readBlock(client, "final");
  if (block === null)
    throw new UnavailableError("verify.no-block", "The chain node has no final block. Try again later.");
  // One block for all words, or a write in between would mix two states.
  const words = (contract: "BatchRegistry" | "RetirementRegistry", slots: readonly Hex[]) =>
    readWords(client, contracts[contract], slots, block.number);
  return {
    block: { number: block.number, hash: block.hash, timestamp: BigInt(block.timestamp) },
    async batch(batchId, manifest) {
      const read = await words("BatchRegistry", batchSlots(batchId, manifest));
      return { words: decodeBatchWords(read.slice(0, -1)), batchOfRoot: read.at(-1) as Hex };
    },
    async retirementHash(retirementId) {
      return (await words("RetirementRegistry", [retirementSlot(retirementId)]))[0] as Hex;
    },
    async finish() {
      if ((await readBlock(client, block.number))?.hash !== block.hash) {
        throw new UnavailableError(
          "verify.block-moved",
          `Block ${block.number.toString()} was replaced while it was read. Try again.`,
        );
      }
    },
  };
}
