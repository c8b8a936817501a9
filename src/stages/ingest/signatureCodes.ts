/**
 * Every reason for which a row is refused by its signature, with its sentence. Closed, like the reason codes
 * of ingest.
 */
export const SIGNATURE_SENTENCES = {
  "signature.missing": "The row is not signed, and its provider signs what it sends.",
  "signature.malformed":
    "The signature, its key's id or its nonce has not the right length in hex or base64url, or the row " +
    "names somebody and has no nonce.",
  "signature.invalid": "The signature is not one of the provider's key over this record and this subject.",
  "signature.key-unknown": "The provider has no such key here.",
  "signature.key-expired":
    "The key was not valid at the end of the act, or at its start where it has no end.",
  "signature.key-revoked": "The key is revoked.",
} as const;

export type SignatureCode = keyof typeof SIGNATURE_SENTENCES;
