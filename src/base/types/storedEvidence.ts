import type { UnixSeconds } from "./quantities.ts";

/**
 * What is stored of a provider's signature over one record; what travels is made of it
 * (`format/recordEvidence.ts`).
 */
export type StoredEvidence = {
  /** The form of the record that is signed (`signedFormOf`); the first if left out. */
  readonly form?: 1 | 2;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly subjectDigest: Uint8Array;
  /** When the ingest that brought the record began; or when it says that it was signed, if that is later. */
  readonly arrivedAt: UnixSeconds;
} & (
  | { readonly kind: "record"; readonly signature: Uint8Array }
  /** `file`: id of the signed file (`signedFileId`); `index`: the record's place in its tree. */
  | { readonly kind: "file"; readonly file: Uint8Array; readonly index: number }
);
