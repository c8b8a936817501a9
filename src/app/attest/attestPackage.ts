import { UsageError } from "../../base/errors/errors.ts";
export type { CapCounts } from "../../stages/attest/capCheck.ts";
export type { SignatureCounts } from "../../stages/attest/signatureCheck.ts";
import { statementDeadline } from "../../stages/attest/statementDeadline.ts";
import type { Attestation } from "../../stages/attest/attestation.ts";
import { attestBatch, type AttestRequest } from "./attestBatch.ts";
import type { Context } from "../context.ts";
import { openVerifier } from "./openVerifier.ts";
import { openSigner } from "../chain/openSigner.ts";
import { openPackage } from "./openPackage.ts";
import { hasKind } from "../../adapters/chain/reads/hasKind.ts";
import type { Address } from "../../base/types/ids.ts";
import { decodeManifest, type Manifest } from "../../format/batch/manifest.ts";

/**
 * What an outside verifier does with an operator's package.
 * @throws UsageError `attest.no-key`, `attest.not-registered`; CheckFailedError `attest.…` with the reason
 * for refusing; InputError `package.…`
 */
export async function attestPackage(
  context: Context,
  request: {
    file: string;
    /** Told, before the answer, what the signature says was checked; plain sentences. */
    onChecked?: (sentences: readonly string[]) => void;
  } & Pick<AttestRequest, "verification" | "onProgress" | "onSignatures" | "onCaps">,
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
  const signer = await openSigner(signers.verifier);
  // Said before the work: the registry would refuse the signature after it.
  if (!(await hasKind(chain.client, chain.deployment.contracts, signer.address, "verifier")))
    throw new UsageError(
      "attest.not-registered",
      `${signer.address}, whose key the settings name, is no active verifier in the participant registry ` +
        "of this network, so its signature would count for nothing. Let the registry's administrator " +
        "appoint it, or set the key of a verifier that is.",
    );
  const verifier = await openVerifier(context, chain, signer, operator);
  const deadline = statementDeadline(context.clock.now(), statementSeconds);
  const attestation = await attestBatch(verifier, { ...request, manifestBytes, leaves, deadline });
  request.onChecked?.(checkedSentences(decodeManifest(manifestBytes), signer.address));
  return attestation;
}

/** What `attestBatch` has held true, once it has signed. */
function checkedSentences(manifest: Manifest, verifier: Address): string[] {
  const { leafCount, totalMilligrams, region, methodologies } = manifest;
  return [
    `${verifier} is an active verifier in the participant registry`,
    `each of ${String(leafCount)} leaves follows from its records by ${String(methodologies.length)} known ` +
      `methodologies of ${region}, and is plausible`,
    `keys, order, links, sums and the root come to what the manifest says: ${String(totalMilligrams)} mg`,
    "no activity key of it is in another batch that this verifier attested",
  ];
}
