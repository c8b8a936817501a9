import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Remedy } from "../../base/errors/remedy.ts";
import { equalBytes, toHex } from "../../base/lib/bytes.ts";
import { isWithin, providerKeyFault } from "../../base/lib/providerKeyFault.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { ConfidentialLeaf } from "../../base/types/confidentialLeaf.ts";
import type { TenantId } from "../../base/types/ids.ts";
import type { ProviderKey } from "../../base/types/providerKey.ts";
import type { ManifestProvider } from "../../format/batch/manifest.ts";
import {
  evidenceByRecord,
  EvidenceChecker,
  recordJudgedAt,
  type EvidenceFacts,
} from "../../format/signing/recordEvidence.ts";
import { providerKeyId } from "../../format/signing/signedRecord.ts";

/** Records of a batch by what stands behind them. */
export interface SignatureCounts {
  /** With a key of the manifest or of the verifier's own book. */
  readonly signed: number;
  /** With a key that neither names, of providers that the manifest calls unsigned. */
  readonly unattributed: number;
  readonly unsigned: number;
}

/**
 * A verifier's look at providers' signatures. Where its own book has keys of a provider, they decide, and the
 * manifest can't bring in others; else the manifest's key does. Every record must be signed where the
 * manifest names a key, or where the book has a required one that was valid at the act's end, else its start.
 */
export class SignatureCheck {
  readonly #checker: EvidenceChecker;
  readonly #book: readonly ProviderKey[];
  #signed = 0;
  #unattributed = 0;
  #unsigned = 0;

  constructor(tenant: TenantId, book: readonly ProviderKey[]) {
    this.#checker = new EvidenceChecker(tenant);
    this.#book = book;
  }

  /**
   * @throws CheckFailedError `attest.signature-missing`, `attest.signature`, `attest.signing-key`,
   * `attest.signing-key-time`
   */
  check({ records, signatures = [] }: ConfidentialLeaf, provider: ManifestProvider, index: number): void {
    const book = this.#book.filter((key) => key.provider === provider.id);
    for (const { record, evidence } of this.#pairs(records, signatures, index)) {
      if (evidence === null) this.#mayBeUnsigned(record, provider, book, index);
      else this.#isGood(this.#facts(record, evidence, index), provider, book, index);
    }
  }

  counts(): SignatureCounts {
    return { signed: this.#signed, unattributed: this.#unattributed, unsigned: this.#unsigned };
  }

  #pairs(records: readonly ActivityRecord[], signatures: readonly Uint8Array[], index: number) {
    try {
      return evidenceByRecord(records, signatures);
    } catch (cause) {
      throw refusal("signature", index, "it has not one signature for each of its records", { cause });
    }
  }

  #facts(record: ActivityRecord, evidence: Uint8Array, index: number): EvidenceFacts {
    try {
      return this.#checker.check(evidence, record);
    } catch (cause) {
      if (!(cause instanceof CheckFailedError)) throw cause;
      throw refusal(
        "signature",
        index,
        "the signature of its provider is not over its record, or not for this operator",
        { cause },
      );
    }
  }

  #mayBeUnsigned(
    record: ActivityRecord,
    provider: ManifestProvider,
    book: readonly ProviderKey[],
    index: number,
  ): void {
    const at = recordJudgedAt(record);
    if (provider.algorithm !== "none" || book.some((key) => key.required && at >= key.validFrom)) {
      throw refusal(
        "signature-missing",
        index,
        `${provider.id} signs its records, and there is no signature`,
      );
    }
    this.#unsigned++;
  }

  #isGood(
    { publicKey, judgedAt }: EvidenceFacts,
    provider: ManifestProvider,
    book: readonly ProviderKey[],
    index: number,
  ): void {
    const named = provider.algorithm === "ed25519" && provider.signingKey === toHex(publicKey);
    const known = book.find((key) => equalBytes(key.publicKey, publicKey));
    if (!known && (book.length > 0 || (!named && provider.algorithm === "ed25519"))) {
      const key = providerKeyId(publicKey);
      const lack =
        book.length > 0 ? "our key book does not have" : "neither the manifest names nor our key book has";
      throw refusal("signing-key", index, `it is signed with key ${key} of ${provider.id}, which ${lack}`, {
        remedy: { act: "add-provider-key" },
      });
    }
    const expired = named && !isWithin(provider, judgedAt);
    if (expired || (known && providerKeyFault(known, judgedAt, null) !== null)) {
      throw refusal(
        "signing-key-time",
        index,
        `the key of ${provider.id} that signed it was not valid then, or is revoked`,
      );
    }
    if (named || known) this.#signed++;
    else this.#unattributed++;
  }
}

function refusal(
  code: string,
  leafIndex: number,
  what: string,
  options: { readonly cause?: unknown; readonly remedy?: Remedy } = {},
): CheckFailedError {
  return new CheckFailedError(`attest.${code}`, `Leaf ${String(leafIndex)} is refused: ${what}.`, options);
}
