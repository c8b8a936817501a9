import { concatBytes, fromHex, toHex, utf8 } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import { formatDecimal, MICRO_PLACES } from "../../base/lib/decimal.ts";
import { DIGITS_OF_WORD32 } from "../../base/lib/textPatterns.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES, verifyEd25519 } from "../ed25519.ts";
import { keccak } from "../keccak.ts";

/**
 * Attestors are others than the provider who sign a record: a grid operator, a meter's owner. A methodology
 * names them by their Ed25519 public keys (64 lower-case hex digits in `signatures.of`), and what they signed
 * stands among the record's attributes, so whoever has records and methodology repeats the check.
 *
 * | attribute | holds, as 64 lower-case hex digits |
 * |---|---|
 * | `attestor-N` | the public key |
 * | `attestor-N-r` | the first 32 bytes of the signature |
 * | `attestor-N-s` | the last 32 bytes of it |
 *
 * N is 1 to 5, without gaps.
 */
export interface AttestorSignature {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** As many as fit among 16 attributes. */
export const MAX_ATTESTATIONS = 5;
/** What a row carries for one of them: the public key, then the signature. */
export const ATTESTATION_BYTES: number = PUBLIC_KEY_BYTES + SIGNATURE_BYTES;
export const ATTESTATION_ATTRIBUTES = 3;

const MESSAGE_TAG = utf8("microtonne-attested-record/1\n");
const ATTRIBUTE = /^attestor-[1-5](?:-[rs])?$/;

/** Whether an attribute is a piece of what attestors signed. */
export function isAttestationAttribute(name: string): boolean {
  return ATTRIBUTE.test(name);
}

/** By which name methodologies have an attestor. */
export function attestorId(publicKey: Uint8Array): ProviderId {
  return toHex(publicKey).slice(2) as ProviderId;
}

/**
 * What an attestor signs: "microtonne-attested-record/1\n" and keccak-256 of the canonical JSON of the
 * record's `attributes` (without those of attestors), `endedAt`, `provider`, `quantity`, `recordId`,
 * `revision`, `scenario`, `startedAt`, `unit`. Nothing of who acted, of the asset's key or of consent, which
 * attestors don't know.
 */
export function attestationMessage(record: ActivityRecord): Uint8Array {
  const { provider, recordId, scenario, startedAt, endedAt, quantity, unit, revision = 0 } = record;
  const attributes = Object.fromEntries(
    Object.entries(record.attributes ?? {}).filter(([name]) => !isAttestationAttribute(name)),
  );
  const json = canonicalJson({
    attributes,
    endedAt,
    provider,
    quantity: formatDecimal(quantity, MICRO_PLACES),
    recordId,
    revision,
    scenario,
    startedAt,
    unit,
  });
  return concatBytes(MESSAGE_TAG, keccak(utf8(json)));
}

/** The attributes that carry these, in their order. @throws InputError `attestation.malformed` */
export function attestationAttributes(attestations: readonly AttestorSignature[]): Record<string, string> {
  if (attestations.length > MAX_ATTESTATIONS)
    throw malformed(`A record carries at most ${String(MAX_ATTESTATIONS)} attestors' signatures.`);
  return Object.fromEntries(
    attestations.flatMap(({ publicKey, signature }, index) => {
      if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES)
        throw malformed("An attestor's key has 32 bytes and its signature 64.");
      const name = `attestor-${String(index + 1)}`;
      const digits = toHex(signature).slice(2);
      return [
        [name, attestorId(publicKey)],
        [`${name}-r`, digits.slice(0, 64)],
        [`${name}-s`, digits.slice(64)],
      ];
    }),
  );
}

/** What a record carries of attestors. @throws InputError `attestation.malformed` */
export function attestationsOf({ attributes = {} }: ActivityRecord): AttestorSignature[] {
  const names = Object.keys(attributes).filter((name) => isAttestationAttribute(name));
  if (names.length === 0) return [];
  if (names.length % ATTESTATION_ATTRIBUTES !== 0) throw malformed("An attestor's key or signature is cut.");
  return Array.from({ length: names.length / ATTESTATION_ATTRIBUTES }, (_, index): AttestorSignature => {
    const name = `attestor-${String(index + 1)}`;
    const [key, r, s] = [name, `${name}-r`, `${name}-s`].map((one) => attributes[one] ?? "");
    if (
      key === undefined ||
      r === undefined ||
      s === undefined ||
      ![key, r, s].every((half) => DIGITS_OF_WORD32.test(half))
    )
      throw malformed(
        "An attestor's key or signature is not in three attributes of 64 lower-case hex digits.",
      );
    return { publicKey: fromHex(`0x${key}`), signature: fromHex(`0x${r}${s}`) };
  });
}

/** Whether what an attestor signed is this record, as it stands. */
export function attestationHolds(
  record: ActivityRecord,
  { publicKey, signature }: AttestorSignature,
): boolean {
  return verifyEd25519(signature, attestationMessage(record), publicKey);
}

function malformed(sentence: string): InputError {
  return new InputError("attestation.malformed", sentence);
}
