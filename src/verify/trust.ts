import type { ReadClient } from "../adapters/chain/readOnly.ts";
import type { ContractAddresses } from "../base/types/deployment.ts";
import type { BatchId, Hex } from "../base/types/ids.ts";
import type { Milligrams } from "../base/types/quantities.ts";

/** A batch that the verifier knows from a source of its own: by its id, or by what its tree comes to. */
export type TrustedBatch =
  { readonly batchId: BatchId } | { readonly root: Hex; readonly total: Milligrams; readonly count: number };

/**
 * What a proof is checked against. It comes from the verifier's own side, such as its deployment file, and
 * never from the prover: the same file proves more or less with another trust input.
 * - `root`: these acts are in these batches;
 * - `deployment`: by their own word the batches are of this chain and these contracts; no chain is looked
 *   at;
 * - `block`: what the contracts' storage was in one block, offline;
 * - `rpc`: what the contracts' storage is now, by a node that the verifier trusts.
 */
export type Trust =
  | { readonly mode: "root"; readonly batches: readonly TrustedBatch[] }
  | { readonly mode: "deployment"; readonly chainId: number; readonly contracts: ContractAddresses }
  | {
      readonly mode: "block";
      readonly chainId: number;
      readonly blockHash: Hex;
      readonly contracts: ContractAddresses;
    }
  | {
      readonly mode: "rpc";
      readonly client: ReadClient;
      readonly chainId: number;
      readonly contracts: ContractAddresses;
    };

/** `none`: internal consistency only. */
export type TrustMode = Trust["mode"] | "none";
