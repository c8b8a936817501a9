import { CheckFailedError } from "../../base/errors/errors.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { batchStatementOf, statementDigest } from "../../format/onchain/batchStatement.ts";
import type { Manifest } from "../../format/batch/manifest.ts";
import type { Attestation } from "./attestation.ts";

/**
 * Checks that attestations are over the statement which a manifest makes on this chain: an operator's own
 * look before it commits foreign signatures.
 * @throws CheckFailedError `quorum.statement` that names the verifier
 */
export function checkStatement(
  manifest: Manifest,
  batchId: BatchId,
  { chainId, contracts }: Deployment,
  attestations: readonly Attestation[],
): void {
  for (const { deadline, digest, verifier } of attestations) {
    const statement = batchStatementOf(manifest, batchId, Number(deadline) as UnixSeconds);
    if (statementDigest(statement, chainId, contracts.BatchRegistry) === digest) continue;
    throw new CheckFailedError(
      "quorum.statement",
      `The attestation of ${verifier} is over another statement than batch ${batchId} on this chain.`,
    );
  }
}
