import { InputError } from "../../base/errors/errors.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import { attestationHolds, attestationsOf, attestorId } from "../../format/signing/attestations.ts";
import { attributeRefusal, REFUSALS, type QuantifyRefusal } from "./reasonCodes.ts";

/**
 * Who of a methodology's attestors signed a record, by their public keys; none is looked at where no version
 * asks. Whether they are enough is `quantifyDown`'s to say. A signature that does not hold, or of somebody
 * whom no version names, refuses the record even beside enough good ones: who hands it in claims more than is
 * so.
 * @param versions the one that counts the record, and those that come into force before the act is over
 */
export function attestedBy(
  record: ActivityRecord,
  versions: readonly Methodology[],
): readonly ProviderId[] | QuantifyRefusal {
  const asked = versions.flatMap((version) => ("signatures" in version && version.signatures) || []);
  if (asked.length === 0) return [];
  const attestations = readAttestations(record);
  if (attestations === null) return attributeRefusal("attestor.malformed", "attestor-1");
  if (attestations.length === 0) return REFUSALS.attestorMissing;
  const named = new Set(asked.flatMap(({ of }) => of ?? []));
  const seen = new Set<ProviderId>();
  for (const [index, attestation] of attestations.entries()) {
    const attribute = `attestor-${String(index + 1)}`;
    const id = attestorId(attestation.publicKey);
    if (!named.has(id)) return attributeRefusal("attestor.unknown", attribute);
    if (seen.has(id)) return attributeRefusal("attestor.twice", attribute);
    if (!attestationHolds(record, attestation)) return attributeRefusal("attestor.signature", attribute);
    seen.add(id);
  }
  return [...seen];
}

/** True where a record was attested, and not refused. */
export function isAttested(
  outcome: readonly ProviderId[] | QuantifyRefusal,
): outcome is readonly ProviderId[] {
  return Array.isArray(outcome);
}

function readAttestations(record: ActivityRecord) {
  try {
    return attestationsOf(record);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
