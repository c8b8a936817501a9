import { z } from "zod";
import { CheckFailedError, InputError } from "../../base/errors/errors.ts";
import type { Address, BatchId, Hex } from "../../base/types/ids.ts";

/** A verifier's signature over one batch statement, as a file that it hands back to the operator. */
export interface Attestation {
  readonly format: "microtonne-attestation/1";
  readonly batchId: BatchId;
  /** Unix seconds, decimal: part of the signed statement. */
  readonly deadline: string;
  /** EIP-712 digest that was signed; the contract computes its own. */
  readonly digest: Hex;
  readonly verifier: Address;
  /** 65 bytes of a key, v 27 or 28; else the contract, what its ERC-1271 accepts, and a byte 0. */
  readonly signature: Hex;
}

const hex = (bytes: number | null) =>
  z
    .string()
    .regex(bytes === null ? /^0x(?:[0-9a-f]{2})+$/ : new RegExp(`^0x[0-9a-f]{${String(2 * bytes)}}$`));
const schema = z.strictObject({
  format: z.literal("microtonne-attestation/1"),
  batchId: hex(32),
  deadline: z.string().regex(/^[1-9][0-9]{0,15}$/),
  digest: hex(32),
  verifier: hex(20),
  signature: hex(null),
});

/** @throws InputError `attestation.malformed` */
export function parseAttestation(text: string): Attestation {
  try {
    return schema.parse(JSON.parse(text)) as Attestation;
  } catch (cause) {
    throw new InputError(
      "attestation.malformed",
      "The file is no attestation in the format microtonne-attestation/1.",
      { cause },
    );
  }
}

/**
 * Signatures as the registry wants them: as many as the threshold and no more, each of another firm,
 * ascending by verifier, all over one statement. Where more are given, the first ones count, of each firm its
 * first.
 * @param firms of the attestations' verifiers, in their order
 * @throws CheckFailedError `quorum.mixed` where they sign different batches or deadlines, `quorum.duplicate`,
 * `quorum.short`
 */
export function orderQuorum(
  attestations: readonly Attestation[],
  batchId: BatchId,
  threshold: number,
  firms: readonly Hex[],
): { deadline: bigint; signatures: Hex[] } {
  const [first] = attestations;
  if (new Set(attestations.map(({ verifier }) => verifier)).size < attestations.length) {
    throw new CheckFailedError(
      "quorum.duplicate",
      `A verifier's attestation of batch ${batchId} was given twice.`,
    );
  }
  const ofFirms = attestations.filter((_, i) => firms.indexOf(firms[i] as Hex) === i);
  if (!first || ofFirms.length < threshold) {
    throw new CheckFailedError(
      "quorum.short",
      `${String(ofFirms.length)} of ${String(threshold)} attestations, each of another firm, are there for ` +
        `batch ${batchId}.`,
    );
  }
  if (
    attestations.some(
      (one) => one.batchId !== batchId || one.deadline !== first.deadline || one.digest !== first.digest,
    )
  ) {
    throw new CheckFailedError(
      "quorum.mixed",
      `The attestations are not all over the same statement of batch ${batchId}. Ask every verifier to ` +
        "sign the same deadline.",
    );
  }
  const ordered = ofFirms
    .slice(0, threshold)
    .toSorted((a, b) => (BigInt(a.verifier) < BigInt(b.verifier) ? -1 : 1));
  return { deadline: BigInt(first.deadline), signatures: ordered.map((one) => one.signature) };
}
