import { UsageError } from "../../base/errors/errors.ts";
export type { CapCounts } from "../../stages/attest/capCheck.ts";
export type { SignatureCounts } from "../../stages/attest/signatureCheck.ts";
import { statementDeadline } from "../../stages/attest/statementDeadline.ts";
import { decodeManifest } from "../../format/batch/manifest.ts";
import type { Attestation } from "../../stages/attest/attestation.ts";
import { attestBatch, type AttestRequest } from "./attestBatch.ts";
import type { Context } from "../context.ts";
import { openVerifier } from "./openVerifier.ts";
import { openSigner } from "../chain/openSigner.ts";
import { openPackage } from "./openPackage.ts";

/**
 * What an outside verifier does with an operator's package.
 * @throws UsageError `attest.no-key`; CheckFailedError `attest.…` with the reason for refusing; InputError
 * `package.…`
 */
export async function attestPackage(
  context: Context,
  request: { file: string } & Pick<AttestRequest, "verification" | "onProgress" | "onSignatures" | "onCaps">,
): Promise<Attestation> {
  const { signers, statementSeconds } = context.config;
  if (signers.verifier === null)
    throw new UsageError(
      "attest.no-key",
      "Set MICROTONNE_VERIFIER_SIGNER or MICROTONNE_VERIFIER_PRIVATE_KEY: a verifier signs with its own key.",
    );
  const { manifestBytes, leaves } = await openPackage(request.file);
  const { operator } = decodeManifest(manifestBytes);
  const chain = await context.chain();
  const verifier = await openVerifier(context, chain, await openSigner(signers.verifier), operator);
  const deadline = statementDeadline(context.clock.now(), statementSeconds);
  return attestBatch(verifier, { ...request, manifestBytes, leaves, deadline });
}
