import type { z } from "zod";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { Address, BatchId, Hex } from "../../base/types/ids.ts";
import type { Retirement } from "../../base/types/retirement.ts";
import { canonicalJson, parseCanonicalJson } from "../canonicalJson.ts";
import type { InclusionProof } from "./inclusionProof.ts";
import { keccak } from "../keccak.ts";
import { batchIdOf, encodeManifest, type Manifest } from "../batch/manifest.ts";
import { checkManifest } from "../batch/checkManifest.ts";
import { proofContentSchema } from "./proofFileSchema.ts";
import type { RangeProof } from "./rangeProof.ts";
import type { Beneficiary } from "../onchain/retirementRecord.ts";
import { decodeWith, encodeWith } from "../schema.ts";
import type { Strike } from "../batch/strikes.ts";

/** One act in a batch, with what its holder chose to disclose. */
export interface ActProof extends InclusionProof {
  readonly disclosed?: {
    readonly salt: Uint8Array;
    readonly records: readonly ActivityRecord[];
    readonly signatures: readonly Hex[];
  };
}

/**
 * What the file shows about one batch: `acts` in a proof of acts, `ranges` in one of a retirement (none where
 * no gram stands behind it).
 */
export interface ProofPart {
  readonly batchId: BatchId;
  readonly manifest: Manifest;
  readonly ranges?: readonly RangeProof[];
  readonly acts?: readonly ActProof[];
  /** The whole list behind the batch's strikesHash, in order. */
  readonly strikes: readonly Strike[];
  /**
   * The verifiers whose addresses, with the manifest's methodologies, are behind the batch's provenanceHash;
   * ascending. Left out where the batch was not committed when the file was made.
   */
  readonly attesters?: readonly Address[];
}

/** Words of a contract's storage at one block, with Merkle Patricia proofs as `eth_getProof` gives them. */
export interface AccountProof {
  readonly address: Address;
  /** RLP of the trie nodes from the state root down. */
  readonly accountProof: readonly Hex[];
  readonly storage: readonly { readonly slot: Hex; readonly value: Hex; readonly proof: readonly Hex[] }[];
}

/** The block that a proof stands on. Which block is to be trusted is the verifier's to know. */
export interface BlockEvidence {
  /** RLP of the header; its keccak-256 is the block hash. */
  readonly header: Hex;
  readonly headerScheme: "rlp";
  readonly accounts: readonly AccountProof[];
}

/**
 * Content of a `*.proof.json`. It proves nothing by itself: trust inputs come from the verifier's own side.
 */
export interface ProofFile {
  readonly format: "microtonne-proof/1";
  readonly kind: "act" | "retirement";
  /** Decimal string. */
  readonly chainId: string;
  /** Ascending by batch id. */
  readonly parts: readonly ProofPart[];
  readonly retirement?: {
    readonly record: Retirement;
    /** Behind `beneficiaryHash` and `documentHash`, both under one 32-byte salt. */
    readonly disclosed?: { readonly beneficiary: Beneficiary; readonly salt: Hex; readonly use: string };
  };
  readonly block?: BlockEvidence;
}

/**
 * Canonical bytes of the file, `fileHash` added. @throws InputError `proof-file.malformed`, or as
 * `encodeManifest` and `canonicalJson`
 */
export function encodeProofFile(file: ProofFile): Uint8Array {
  // The encoder wants mutable arrays; it does not change them.
  const content = encodeWith(
    proofContentSchema,
    file as z.output<typeof proofContentSchema>,
    "proof-file.malformed",
    "proof file",
  );
  checkParts(file);
  return utf8(canonicalJson({ ...content, fileHash: hashOf(content) }));
}

/**
 * The file behind its bytes. Only its shape and its own hashes are checked: proofs are not.
 * @throws CheckFailedError `proof-file.hash` where a byte was changed, `proof-file.batch-id`; InputError
 * `proof-file.malformed`, or as `parseCanonicalJson` and `parseManifest`
 */
export function decodeProofFile(bytes: Uint8Array): ProofFile {
  const value = parseCanonicalJson(bytes);
  const { fileHash, ...content } =
    typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  if (fileHash !== hashOf(content)) {
    throw new CheckFailedError(
      "proof-file.hash",
      "The file's own hash does not match: it was changed or damaged. Ask for it again.",
    );
  }
  const file: ProofFile = decodeWith(proofContentSchema, content, "proof-file.malformed", "proof file");
  checkParts(file);
  return file;
}

function hashOf(content: unknown): Hex {
  return toHex(keccak(utf8(canonicalJson(content))));
}

function checkParts(file: ProofFile): void {
  for (const { batchId, manifest } of file.parts) {
    checkManifest(manifest);
    if (batchIdOf(encodeManifest(manifest)) !== batchId) {
      throw new CheckFailedError(
        "proof-file.batch-id",
        `The manifest in the file does not hash to batch ${batchId}.`,
      );
    }
  }
}

/** What opens the hashes of a retirement; kept here and shown in proof files, never on chain. */
export type RetirementDisclosure = NonNullable<NonNullable<ProofFile["retirement"]>["disclosed"]>;
