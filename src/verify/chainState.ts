import type { BatchId, Hex, RetirementId } from "../base/types/ids.ts";
import type { BatchWords } from "../format/storageLayout.ts";

/** The contracts' storage as of one block, however it was come by: proven against a trusted block hash, or read from a trusted node. */
export interface ChainState {
  readonly block: StateBlock;
  /** The batch's storage words. A batch that is not there has status `none`. */
  batch(batchId: BatchId): Promise<BatchWords>;
  /** The word behind a retirement id; zero where there is none. */
  retirementHash(retirementId: RetirementId): Promise<Hex>;
}

/** The block that a state is of. */
export interface StateBlock {
  readonly number: bigint;
  readonly hash: Hex;
  /** Unix seconds. */
  readonly timestamp: bigint;
}
