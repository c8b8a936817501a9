import type { BatchId, Hex, RetirementId } from "../../base/types/ids.ts";
import type { BatchPlace, BatchWords } from "../../format/onchain/storageLayout.ts";

/**
 * The contracts' storage as of one block, however it was come by: proven against a trusted block hash, or
 * read from a trusted node.
 */
export interface ChainState {
  readonly block: StateBlock;
  /**
   * What the batch registry keeps about a batch and about the root that its manifest names, in the layout of
   * the manifest's format.
   */
  batch(batchId: BatchId, manifest: BatchPlace): Promise<ChainBatch>;
  /** The word behind a retirement id; zero where there is none. */
  retirementHash(retirementId: RetirementId): Promise<Hex>;
}

/** The registry's storage about one batch. */
export interface ChainBatch {
  /** A batch that is not there has status `none`. */
  readonly words: BatchWords;
  /** Id of the batch that committed to the root, as a word; zero where none did. */
  readonly batchOfRoot: Hex;
}

/** The block that a state is of. */
export interface StateBlock {
  readonly number: bigint;
  readonly hash: Hex;
  /** Unix seconds. */
  readonly timestamp: bigint;
}
