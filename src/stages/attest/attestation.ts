import { z } from "zod";
import { CheckFailedError, InputError } from "../../base/errors/errors.ts";
import { fromHex, toHex } from "../../base/lib/bytes.ts";
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
  /** 65 bytes, or what an ERC-1271 wallet accepts. */
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
 * Signatures in the order that the registry wants: ascending by verifier, each once, all over one statement.
 * @throws CheckFailedError `quorum.mixed` where they sign different batches or deadlines, `quorum.duplicate`,
 * `quorum.short`
 */
export function orderQuorum(
  attestations: readonly Attestation[],
  batchId: BatchId,
  threshold: number,
): { deadline: bigint; signatures: Hex[] } {
  const [first] = attestations;
  if (!first || attestations.length < threshold) {
    throw new CheckFailedError(
      "quorum.short",
      `${String(attestations.length)} of ${String(threshold)} attestations are there for batch ${batchId}.`,
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
  const ordered = attestations
    .map((one) => ({ ...one, verifier: toHex(fromHex(one.verifier)) }))
    .toSorted((a, b) => (a.verifier < b.verifier ? -1 : 1));
  if (ordered.some((one, index) => one.verifier === ordered[index + 1]?.verifier)) {
    throw new CheckFailedError(
      "quorum.duplicate",
      `A verifier's attestation of batch ${batchId} was given twice.`,
    );
  }
  return { deadline: BigInt(first.deadline), signatures: ordered.map((one) => one.signature) };
}
