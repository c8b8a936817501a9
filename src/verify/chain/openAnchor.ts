import type { Address, BatchId } from "../../base/types/ids.ts";
import { differingContract } from "../../format/batch/differingContract.ts";
import type { Manifest } from "../../format/batch/manifest.ts";
import type { BlockEvidence } from "../../format/proofs/proofFile.ts";
import type { ChainState } from "./chainState.ts";
import { liveState } from "./liveState.ts";
import { provenState } from "./provenState.ts";
import { refuse } from "../refuse.ts";
import type { Trust, TrustMode } from "../trust.ts";

/** What a proof or archive is held against. */
export interface Anchor {
  readonly mode: TrustMode;
  /** Null where no chain is looked at. */
  readonly state: ChainState | null;
  /**
   * Batches of which the verifier knows what their tree comes to, but not their id, so that the manifest is
   * only the prover's word.
   */
  readonly treeOnly: readonly BatchId[];
  /** To be called when everything was asked. */
  finish(): Promise<void>;
}

type Named = { readonly batchId: BatchId; readonly manifest: Manifest };

/**
 * Holds batches against the trust input: their ids, or chain and contracts of their manifests; then opens the
 * chain's state where the trust input allows it.
 * @throws CheckFailedError `verify.root`, `verify.chain`, `verify.contracts`, or as `provenState` and
 * `liveState`
 */
export async function openAnchor(
  batches: readonly Named[],
  trust: Trust | null,
  evidence: BlockEvidence | undefined,
): Promise<Anchor> {
  checkOneDeployment(batches);
  const nothing = { state: null, treeOnly: [], finish: () => Promise.resolve() };
  if (trust === null) return { mode: "none", ...nothing };
  if (trust.mode === "root") {
    return {
      mode: "root",
      ...nothing,
      treeOnly: batches.filter((batch) => checkNamed(batch, trust) === "tree").map(({ batchId }) => batchId),
    };
  }
  for (const batch of batches)
    checkDeployment(batch, String(trust.chainId), trust.contracts, "your deployment");
  if (trust.mode === "deployment") return { mode: "deployment", ...nothing };
  if (trust.mode === "block") {
    const state = provenState(evidence, trust);
    return { mode: "block", state, treeOnly: [], finish: () => state.finish() };
  }
  const state = await liveState(trust);
  return { mode: "rpc", state, treeOnly: [], finish: () => state.finish() };
}

/** Whether the verifier named the batch by its id, or by its tree alone. */
function checkNamed({ batchId, manifest }: Named, { batches }: Trust & { mode: "root" }): "id" | "tree" {
  if (batches.some((trusted) => "batchId" in trusted && trusted.batchId === batchId)) return "id";
  const { root, totalMilligrams, leafCount } = manifest;
  const known = batches.some(
    (trusted) =>
      "root" in trusted &&
      trusted.root === root &&
      trusted.total === totalMilligrams &&
      trusted.count === leafCount,
  );
  return known
    ? "tree"
    : refuse("root", `Batch ${batchId} with root ${root} is not one that you named as trusted.`);
}

function checkDeployment(
  { batchId, manifest }: Named,
  chainId: string,
  contracts: Readonly<Record<string, Address>>,
  expected: string,
): void {
  if (manifest.chainId !== chainId) {
    refuse("chain", `Batch ${batchId} is of chain ${manifest.chainId}; ${expected} is on chain ${chainId}.`);
  }
  const differing = differingContract(manifest.contracts, contracts);
  if (differing !== null) {
    const { name, ours, theirs } = differing;
    refuse(
      "contracts",
      `Batch ${batchId} belongs to the ${name} at ${ours ?? "no address"}; ${expected} has it at ` +
        `${theirs ?? "no address"}.`,
    );
  }
}

/** Batches of one file belong to one deployment, whoever is trusted. */
function checkOneDeployment([first, ...others]: readonly Named[]): void {
  if (first)
    for (const other of others)
      checkDeployment(other, first.manifest.chainId, first.manifest.contracts, "another batch of the file");
}
