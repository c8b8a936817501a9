import { CheckFailedError } from "../../base/errors/errors.ts";
import { fromHex, toHex } from "../../base/lib/bytes.ts";
import { isWithin } from "../../base/lib/providerKeyFault.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { ActProof } from "../../format/proofs/proofFile.ts";
import {
  evidenceByRecord,
  EvidenceChecker,
  type EvidenceFacts,
} from "../../format/signing/recordEvidence.ts";
import { providerKeyId } from "../../format/signing/signedRecord.ts";
import type { LeafContext } from "./checkDisclosure.ts";
import { refuse } from "../refuse.ts";

/** What the disclosed records of a leaf show about their provider's signatures. */
export interface SignatureFinding {
  /** Records signed with the key that the manifest names, within its window. */
  readonly named: number;
  /** Ids of other keys with which records are signed, one for each such record. */
  readonly otherKeys: readonly Hex[];
  /** Records of a provider that signs, without their signature. */
  readonly undisclosed: number;
  /** Records of a provider that signs by an algorithm which this version can't check. */
  readonly uncheckable: number;
}

/**
 * Checks the signatures that are disclosed with a leaf's records: each must be over its record and for the
 * batch's operator. One with the manifest's key must be within the key's window. Whose any other key is,
 * nothing here can say.
 * @throws CheckFailedError `verify.signatures`, `verify.signing-key-time`
 */
export function checkSignatures(
  index: number,
  { records, signatures }: NonNullable<ActProof["disclosed"]>,
  { manifest, provider }: LeafContext,
): SignatureFinding {
  if (provider.algorithm === "sm2-sm3")
    return { named: 0, otherKeys: [], undisclosed: 0, uncheckable: records.length };
  const where = `leaf ${String(index)}`;
  const checker = new EvidenceChecker(manifest.tenant);
  const factsOf = (): (EvidenceFacts | null)[] => {
    try {
      const pairs = evidenceByRecord(
        records,
        signatures.map((hex) => fromHex(hex)),
      );
      return pairs.map(({ record, evidence }) => evidence && checker.check(evidence, record));
    } catch (error) {
      if (!(error instanceof CheckFailedError)) throw error;
      return refuse(
        "signatures",
        `A signature disclosed for ${where} is not its provider's over the disclosed record. ` +
          error.message,
      );
    }
  };
  const facts = factsOf();
  const found = facts.filter((one) => one !== null);
  const isNamed = ({ publicKey }: EvidenceFacts): boolean =>
    provider.algorithm === "ed25519" && provider.signingKey === toHex(publicKey);
  const named = found.filter((one) => isNamed(one));
  if (provider.algorithm === "ed25519" && named.some(({ judgedAt }) => !isWithin(provider, judgedAt))) {
    refuse(
      "signing-key-time",
      `A record of ${where} is signed with the key of ${provider.id} at a time at which, by the ` +
        "manifest, it was not valid.",
    );
  }
  return {
    named: named.length,
    otherKeys: found.filter((one) => !isNamed(one)).map(({ publicKey }) => providerKeyId(publicKey)),
    undisclosed: provider.algorithm === "none" ? 0 : facts.length - found.length,
    uncheckable: 0,
  };
}
